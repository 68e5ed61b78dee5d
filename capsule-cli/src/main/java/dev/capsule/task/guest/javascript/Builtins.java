package dev.capsule.task.guest.javascript;

import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The modules that are there without being files of the program. */
final class Builtins {
  /** By what programs import, those of the SDK. */
  private static final Map<String, String> SDK =
      Map.of("@capsule-run/sdk", "sdk", "@capsule-run/sdk/script", "script");

  /** Of Node's own modules, those that a sandbox has. */
  private static final Set<String> AVAILABLE =
      Set.of(
          "assert",
          "assert/strict",
          "buffer",
          "console",
          "crypto",
          "events",
          "fs",
          "fs/promises",
          "module",
          "os",
          "path",
          "path/posix",
          "perf_hooks",
          "process",
          "querystring",
          "string_decoder",
          "timers",
          "timers/promises",
          "url",
          "util",
          "util/types");

  /** And those that it has not, but that packages import all the same. */
  private static final Set<String> MISSING =
      Set.of(
          "async_hooks",
          "child_process",
          "cluster",
          "constants",
          "dgram",
          "diagnostics_channel",
          "dns",
          "dns/promises",
          "domain",
          "http",
          "http2",
          "https",
          "inspector",
          "net",
          "path/win32",
          "punycode",
          "readline",
          "readline/promises",
          "repl",
          "sqlite",
          "stream",
          "stream/consumers",
          "stream/promises",
          "stream/web",
          "test",
          "tls",
          "trace_events",
          "tty",
          "v8",
          "vm",
          "wasi",
          "worker_threads",
          "zlib");

  private Builtins() {}

  /** The built-in module that a specifier names. */
  static Optional<ModuleId> find(String specifier) {
    if (SDK.containsKey(specifier)) {
      return Optional.of(new ModuleId(ModuleKind.BUILTIN, SDK.get(specifier)));
    }
    String name = specifier.startsWith("node:") ? specifier.substring(5) : specifier;
    return AVAILABLE.contains(name)
        ? Optional.of(new ModuleId(ModuleKind.BUILTIN, name))
        : Optional.empty();
  }

  /** The module that stands for one of Node's that is not here: only its use fails. */
  static Optional<ModuleId> absent(String specifier) {
    String name = specifier.startsWith("node:") ? specifier.substring(5) : specifier;
    return MISSING.contains(name)
        ? Optional.of(new ModuleId(ModuleKind.BUILTIN, "absent:" + name))
        : Optional.empty();
  }

  /** Whether the specifier can only mean a module of Node's, which nobody knows here. */
  static boolean isUnknown(String specifier) {
    return specifier.startsWith("node:");
  }
}

package dev.capsule.cli;

import dev.capsule.engine.module.Module;
import dev.capsule.engine.module.WasmFormatException;
import dev.capsule.engine.runtime.Engine;
import dev.capsule.engine.runtime.Store;
import dev.capsule.engine.runtime.StoreLimits;
import dev.capsule.engine.runtime.Tier;
import dev.capsule.task.policy.InvalidConfigException;
import dev.capsule.task.policy.Quantities;
import dev.capsule.wasi.WasiContext;
import dev.capsule.wasi.cli.Stdio;
import dev.capsule.wasi.filesystem.Access;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** {@code capsule exec}: runs a module with exactly what its options grant. */
final class ExecCommand implements Subcommand {
  private static final String DIR = "--dir";
  private static final String ENV = "--env";
  private static final String FUEL = "--fuel";
  private static final String RAM = "--ram";
  private static final String TIMEOUT = "--timeout";
  private static final String ENGINE = "--engine";
  private static final String STDIN = "--stdin";
  private static final String INVOKE = "--invoke";
  private static final byte[] MAGIC = {0, 'a', 's', 'm'};
  private static final int COMPONENT_LAYER = 6;

  @Override
  public void describe(CommandSpec spec) {
    spec.usageMessage()
        .description(
            "Runs a WebAssembly module: a command or reactor for WASI preview 1, or any export.",
            "It may use only what the options grant. Its exit code is the command's; a trap or a"
                + " limit that ends it gives 134.");
    spec.addOption(Options.texts(DIR, "HOST::GUEST[:ro]", "Grant a directory."))
        .addOption(Options.texts(ENV, "NAME=VALUE", "Set an environment variable."))
        .addOption(Options.text(FUEL, "N", "How many instructions may be executed."))
        .addOption(Options.text(RAM, "SIZE", "How much memory it may have, such as 64MB."))
        .addOption(Options.text(TIMEOUT, "TIME", "How long it may run, such as 5s."))
        .addOption(
            Options.text(
                ENGINE, "TIER", "How code runs: interpreter, jit or tiered (the default)."))
        .addOption(Options.text(STDIN, "FILE", "Read the standard input from a file."))
        .addOption(
            Options.deterministic(
                "Virtual time, random numbers from a seed (0 if none is given), and"
                    + " canonical NaNs: every run is the same."))
        .addOption(
            Options.text(INVOKE, "NAME", "Call this export with ARGS and print what it returns."))
        .addOption(Options.flag(Options.VERBOSE, "Say on stderr how long everything took."));
    CodeCacheOption.describe(spec);
    spec.addPositional(
            PositionalParamSpec.builder()
                .index("0")
                .paramLabel("FILE")
                .type(Path.class)
                .required(true)
                .description("The module, binary (.wasm) or text (.wat).")
                .build())
        .addPositional(
            PositionalParamSpec.builder()
                .index("1..*")
                .paramLabel("ARGS")
                .type(List.class)
                .auxiliaryTypes(String.class)
                .arity("0..*")
                .description("Arguments for the program; put -- before the first.")
                .build());
  }

  @Override
  public int run(ParseResult arguments) {
    CommandSpec spec = arguments.commandSpec();
    PrintWriter err = spec.commandLine().getErr();
    PrintWriter out = spec.commandLine().getOut();
    Path file = arguments.matchedPositionalValue(0, Path.of(""));
    List<String> rest = arguments.matchedPositionalValue(1, List.<String>of());
    String invoked = arguments.matchedOptionValue(INVOKE, "");
    try {
      Engine engine = engine(arguments);
      long start = System.nanoTime();
      Module module = read(file);
      Store store = engine.newStore(limits(arguments));
      ModuleRun run =
          new ModuleRun(
              module, store, out, err, arguments.hasMatchedOption(Options.VERBOSE), start);
      try (WasiContext context = context(arguments, file, invoked.isEmpty() ? rest : List.of())) {
        grantBudgets(arguments, store);
        return invoked.isEmpty() ? run.program(context) : run.export(context, invoked, rest);
      }
    } catch (InvalidConfigException | ModuleRun.WrongArgumentsException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    } catch (ModuleRun.CannotRunException e) {
      err.println("capsule: " + Visible.text(e.getMessage()));
      return Main.CANNOT_RUN;
    } catch (UncheckedIOException e) {
      err.println("capsule: " + e.getMessage() + ": " + reason(e.getCause()));
      return Main.CANNOT_RUN;
    }
  }

  private static Engine engine(ParseResult arguments) {
    List<Path> granted = new ArrayList<>();
    for (String text : arguments.matchedOptionValue(DIR, List.<String>of())) {
      Directory directory = Directory.parse(text);
      if (!directory.readOnly) {
        granted.add(directory.host);
      }
    }
    Engine.Builder engine =
        Engine.builder()
            .tier(tier(arguments))
            .deterministic(arguments.hasMatchedOption(Options.DETERMINISTIC));
    CodeCacheOption.directory(arguments, granted).ifPresent(engine::codeCache);
    try {
      return engine.build();
    } catch (IllegalArgumentException e) {
      throw new ParameterException(arguments.commandSpec().commandLine(), e.getMessage(), e);
    }
  }

  private static String reason(IOException e) {
    return switch (e) {
      case NoSuchFileException missing -> "it does not exist";
      case AccessDeniedException denied -> "permission denied";
      case NotDirectoryException other -> "it is not a directory";
      case FileSystemException other when other.getReason() != null -> other.getReason();
      default -> String.valueOf(e.getMessage());
    };
  }

  private static Module read(Path file) {
    byte[] bytes;
    try {
      bytes = Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
    if (isBinary(bytes) && bytes.length > COMPONENT_LAYER && bytes[COMPONENT_LAYER] == 1) {
      throw new ModuleRun.CannotRunException(
          file + " is a component, and exec runs core modules only");
    }
    try {
      return isBinary(bytes)
          ? Module.decode(bytes)
          : Module.parse(new String(bytes, StandardCharsets.UTF_8));
    } catch (WasmFormatException e) {
      throw new ModuleRun.CannotRunException(file + ": " + e.getMessage());
    }
  }

  private static boolean isBinary(byte[] bytes) {
    for (int i = 0; i < MAGIC.length; i++) {
      if (i >= bytes.length || bytes[i] != MAGIC[i]) {
        return false;
      }
    }
    return true;
  }

  private static Tier tier(ParseResult arguments) {
    String tier = arguments.matchedOptionValue(ENGINE, "tiered");
    try {
      return Tier.valueOf(tier.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw new ParameterException(
          arguments.commandSpec().commandLine(),
          ENGINE + " is \"" + tier + "\"; it can be interpreter, jit or tiered",
          e);
    }
  }

  private static StoreLimits limits(ParseResult arguments) {
    return arguments.hasMatchedOption(RAM)
        ? StoreLimits.DEFAULT.withMemoryBytes(
            Quantities.bytes(RAM, arguments.matchedOptionValue(RAM, "")))
        : StoreLimits.DEFAULT;
  }

  private static void grantBudgets(ParseResult arguments, Store store) {
    if (arguments.hasMatchedOption(FUEL)) {
      store.setFuel(Quantities.fuel(FUEL, arguments.matchedOptionValue(FUEL, "")));
    }
    if (arguments.hasMatchedOption(TIMEOUT)) {
      store.setDeadline(Quantities.duration(TIMEOUT, arguments.matchedOptionValue(TIMEOUT, "")));
    }
  }

  private static WasiContext context(ParseResult arguments, Path file, List<String> program) {
    try {
      return grants(arguments, file, program).build();
    } catch (IllegalArgumentException e) {
      throw new ParameterException(arguments.commandSpec().commandLine(), e.getMessage(), e);
    }
  }

  private static WasiContext.Builder grants(
      ParseResult arguments, Path file, List<String> program) {
    WasiContext.Builder granted =
        WasiContext.builder()
            .inheritStdio()
            .arguments(String.valueOf(file.getFileName()))
            .arguments(program);
    for (String variable : arguments.matchedOptionValue(ENV, List.<String>of())) {
      int equals = variable.indexOf('=');
      if (equals <= 0) {
        throw new ParameterException(
            arguments.commandSpec().commandLine(),
            ENV + " is \"" + variable + "\"; it has to be NAME=VALUE");
      }
      granted.environment(variable.substring(0, equals), variable.substring(equals + 1));
    }
    for (String text : arguments.matchedOptionValue(DIR, List.<String>of())) {
      grantDirectory(granted, text);
    }
    if (arguments.hasMatchedOption(STDIN)) {
      granted.stdin(Stdio.file(Path.of(arguments.matchedOptionValue(STDIN, ""))));
    }
    Options.seed(arguments).ifPresent(granted::deterministic);
    return granted;
  }

  private static void grantDirectory(WasiContext.Builder granted, String text) {
    Directory directory = Directory.parse(text);
    granted.preopen(
        directory.host,
        directory.guest,
        directory.readOnly ? Access.readOnly() : Access.readWrite());
  }

  /** Unlike a task's, this directory may be anywhere: whoever types it means it. */
  private record Directory(Path host, String guest, boolean readOnly) {
    static Directory parse(String text) {
      boolean readOnly = text.endsWith(":ro");
      String paths = readOnly || text.endsWith(":rw") ? text.substring(0, text.length() - 3) : text;
      int colons = paths.indexOf("::");
      String host = colons < 0 ? paths : paths.substring(0, colons);
      String guest = colons < 0 ? paths : paths.substring(colons + 2);
      if (host.isEmpty() || guest.isEmpty()) {
        throw new InvalidConfigException(
            DIR,
            DIR + " is \"" + text + "\"; it has to be HOST::GUEST, with :ro behind it if need be");
      }
      while (guest.startsWith("./")) {
        guest = guest.substring(2);
      }
      String absolute = guest.startsWith("/") ? guest : "/" + (guest.equals(".") ? "" : guest);
      return new Directory(Path.of(host), absolute, readOnly);
    }
  }
}

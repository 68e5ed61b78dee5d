package dev.capsule.engine.compiler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.capsule.engine.compiler.FunctionCompiler.Generated;
import dev.capsule.engine.exec.EngineConfig;
import dev.capsule.engine.exec.ModuleCode;
import dev.capsule.engine.module.Module;
import dev.capsule.engine.runtime.Engine;
import dev.capsule.engine.runtime.EngineStatistics;
import dev.capsule.engine.runtime.FuelMode;
import dev.capsule.engine.runtime.Instance;
import dev.capsule.engine.runtime.Linker;
import dev.capsule.engine.runtime.Tier;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Compiled code that outlives the process; a new engine stands for a new process. */
class CodeCacheTest {
  @TempDir Path directory;

  /** With calls in all directions, a function that is split, tail calls and long signatures. */
  private static final String TEXT =
      """
      (module
        (type $long (func (param %1$s) (result i64)))
        (table funcref (elem $long $add))
        (func $add (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))
        (func $long (type $long) (i64.add (local.get 0) (local.get 39)))
        (func $odd (param i32) (result i32)
          (if (result i32) (i32.eqz (local.get 0))
            (then (i32.const 0))
            (else (return_call $even (i32.sub (local.get 0) (i32.const 1))))))
        (func $even (param i32) (result i32)
          (if (result i32) (i32.eqz (local.get 0))
            (then (i32.const 1))
            (else (return_call $odd (i32.sub (local.get 0) (i32.const 1))))))
        (func $large (param i32) (result i32) %2$s (local.get 0))
        (func (export "f") (param i32) (result i32)
          (call $add
            (call $add (call $even (local.get 0)) (call $large (local.get 0)))
            (i32.wrap_i64 (call_indirect (type $long) %3$s (i32.const 0))))))
      """
          .formatted(
              "i64 ".repeat(40),
              "(local.set 0 (i32.add (i32.mul (local.get 0) (i32.const 31)) (i32.const 7)))"
                  .repeat(900),
              "(i64.const 5)".repeat(40));

  private static final Module MODULE = Module.parse(TEXT);

  private Engine engine() {
    return Engine.builder().tier(Tier.JIT).codeCache(directory).build();
  }

  private static int run(Engine engine, Module module) {
    Instance instance = new Linker().instantiate(engine.newStore(), module);
    return (int) instance.func("f").call(1001);
  }

  private static int expected() {
    return run(Engine.builder().tier(Tier.INTERPRETER).build(), MODULE);
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> all = Files.list(directory)) {
      return all.toList();
    }
  }

  @Test
  void whatOneEngineHasStoredOthersUse() {
    Engine first = engine();
    first.precompile(MODULE);
    assertEquals(0, first.statistics().cached());
    assertEquals(6, first.statistics().compiled());
    Engine second = engine();
    assertEquals(expected(), run(second, Module.parse(TEXT)));
    EngineStatistics statistics = second.statistics();
    assertEquals(6, statistics.cached());
    assertEquals(6, statistics.compiled());
    assertEquals(0, statistics.failed(), () -> statistics.failures().toString());
  }

  @Test
  void storedCodeLoadsTheFunctionsItNamesWhenItCallsThem() {
    engine().precompile(MODULE);
    Engine engine = engine();
    Instance instance = new Linker().instantiate(engine.newStore(), MODULE);
    assertEquals(0, engine.statistics().compiled());
    assertEquals(expected(), instance.func("f").call(1001));
    assertEquals(engine.statistics().cached(), engine.statistics().compiled());
  }

  @Test
  void tieredEnginesTakeWhatWasWarm() {
    Engine first = Engine.builder().background(false).codeCache(directory).build();
    Instance instance = new Linker().instantiate(first.newStore(), MODULE);
    while (first.statistics().compiled() == 0) {
      instance.func("f").call(3);
    }
    int compiled = first.statistics().compiled();
    first.precompile(MODULE);
    Engine second = Engine.builder().codeCache(directory).build();
    Instance again = new Linker().instantiate(second.newStore(), MODULE);
    while (second.statistics().compiled() < compiled) {
      again.func("f").call(3);
    }
    // Code that was stored may ask for more than was warm.
    EngineStatistics statistics = second.statistics();
    assertEquals(statistics.compiled(), statistics.cached());
    assertEquals(expected(), run(second, MODULE));
  }

  @Test
  void optionsThatChangeCodeHaveFilesOfTheirOwn() throws IOException {
    engine().precompile(MODULE);
    for (FuelMode mode : FuelMode.values()) {
      for (boolean deterministic : new boolean[] {false, true}) {
        Engine.builder()
            .tier(Tier.JIT)
            .fuelMode(mode)
            .deterministic(deterministic)
            .codeCache(directory)
            .build()
            .precompile(MODULE);
      }
    }
    assertEquals(6, files().size());
  }

  @Test
  void damageIsFound() throws IOException {
    engine().precompile(MODULE);
    Path file = files().getFirst();
    byte[] good = Files.readAllBytes(file);
    Random random = new Random(5);
    for (int i = 0; i < 60; i++) {
      byte[] bad = good.clone();
      int at = i < 20 ? i * 4 : random.nextInt(bad.length);
      bad[at] ^= (byte) (1 << random.nextInt(8));
      check(file, i % 5 == 4 ? Arrays.copyOf(good, at) : bad);
    }
    check(file, new byte[0]);
  }

  private void check(Path file, byte[] content) throws IOException {
    Files.write(file, content);
    Engine engine = engine();
    assertEquals(expected(), run(engine, MODULE));
    EngineStatistics statistics = engine.statistics();
    assertEquals(0, statistics.failed(), () -> statistics.failures().toString());
    assertTrue(statistics.cached() < statistics.compiled(), "damage was not seen");
  }

  @Test
  void entriesAreNotTakenFromOtherFiles() throws IOException {
    engine().precompile(MODULE);
    Path file = files().getFirst();
    Module other = Module.parse(TEXT.replace("(i32.const 31)", "(i32.const 33)"));
    Engine engine = engine();
    engine.precompile(other);
    Path theirs = files().stream().filter(path -> !path.equals(file)).findFirst().orElseThrow();
    Files.copy(theirs, file, StandardCopyOption.REPLACE_EXISTING);
    Engine misled = engine();
    assertEquals(expected(), run(misled, MODULE));
    assertEquals(0, misled.statistics().cached());
  }

  @Test
  void processesThatWriteAtTheSameTimeDoNoHarm() throws InterruptedException, IOException {
    AtomicReference<Throwable> failed = new AtomicReference<>();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      Thread thread =
          new Thread(
              () -> {
                Engine engine = engine();
                engine.precompile(Module.parse(TEXT));
                run(engine, Module.parse(TEXT));
              });
      thread.setUncaughtExceptionHandler((t, e) -> failed.set(e));
      thread.start();
      threads.add(thread);
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertEquals(null, failed.get());
    assertEquals(1, files().size());
    Engine engine = engine();
    assertEquals(expected(), run(engine, MODULE));
    assertEquals(6, engine.statistics().cached());
  }

  private void assumePosix() {
    Assumptions.assumeTrue(
        directory.getFileSystem().supportedFileAttributeViews().contains("posix"),
        "no POSIX permissions here");
  }

  @Test
  void directoriesThatOthersCanWriteAreRefused() throws IOException {
    assumePosix();
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwxrwx"));
    IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, this::engine);
    assertTrue(refused.getMessage().contains("can be written by others"), refused::getMessage);
  }

  private static final EngineConfig CONFIG =
      new EngineConfig(Tier.JIT, FuelMode.EXACT, Set.of(), false, Optional.empty(), false, false);

  @Test
  void deliveredCodeGoesBeforeStoredCodeAndStaysAsItIs(@TempDir Path deliveries)
      throws IOException {
    ModuleCode code = new ModuleCode(MODULE, (store, f, sp) -> {}, CONFIG);
    StoredCode delivered = new CodeCache(deliveries, CONFIG).open(code);
    delivered.add(
        StoredCode.number(2, false), List.of(new Generated("wasm/F2", new byte[1])), true);
    delivered.save();
    CodeCache cache = new CodeCache(directory, CONFIG);
    for (int index = 1; index < 3; index++) {
      StoredCode stored = cache.open(code);
      Generated generated = new Generated("wasm/F" + index, new byte[9]);
      stored.add(StoredCode.number(index, false), List.of(generated), true);
      stored.save();
    }
    StoredCode both = cache.open(code, Optional.of(deliveries));
    assertEquals(List.of(2, 1), List.copyOf(both.warm()));
    assertEquals(1, length(both, 2));
    assertEquals(9, length(both, 1));
    both.add(StoredCode.number(3, false), List.of(new Generated("wasm/F3", new byte[9])), true);
    both.save();
    assertEquals(Set.of(1, 2, 3), cache.open(code).warm());
    assertEquals(9, length(cache.open(code), 2));
    assertEquals(Set.of(2), new CodeCache(deliveries, CONFIG).open(code).warm());
  }

  /** What is run in a JVM of its own: compiles ahead with a cache in the directory it is given. */
  static final class Program {
    private Program() {}

    public static void main(String[] arguments) {
      Engine engine = Engine.builder().tier(Tier.JIT).codeCache(Path.of(arguments[0])).build();
      engine.precompile(MODULE);
      System.out.print(engine.statistics().cached());
    }
  }

  /** Runs the program with a umask that lets the group write. */
  private static String run(Path cache, String... flags) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("sh", "-c", "umask 002; exec \"$@\"", "sh"));
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(flags));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(Program.class.getName(), cache.toString()));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor());
    return answer;
  }

  @Test
  void aPropertyNamesWhatWasDelivered(@TempDir Path deliveries)
      throws IOException, InterruptedException {
    assumePosix();
    assertEquals("0", run(deliveries));
    String all = run(directory, "-Ddev.capsule.engine.code=" + deliveries);
    assertEquals("6", all);
    assertEquals(List.of(), files());
  }

  @Test
  void nobodyElseCanWriteToItsFiles() throws IOException, InterruptedException {
    assumePosix();
    run(directory);
    assertEquals(
        "rw-r--r--",
        PosixFilePermissions.toString(Files.getPosixFilePermissions(files().getFirst())));
  }

  /** A search for each function's name among all exports would take minutes. */
  @Test
  @Timeout(60)
  void manyExportedFunctionsHaveNoNames() {
    int count = 100_000;
    StringBuilder text = new StringBuilder("(module");
    for (int i = 0; i < count; i++) {
      text.append("(func (export \"f").append(i).append("\"))");
    }
    Module module = Module.parse(text.append(')').toString());
    new CodeCache(directory, CONFIG).open(new ModuleCode(module, (store, f, sp) -> {}, CONFIG));
    assertEquals("f" + (count - 1), module.funcName(count - 1));
  }

  private static int length(StoredCode stored, int index) {
    return stored.find(StoredCode.number(index, false)).orElseThrow().getFirst().bytes().length;
  }

  @Test
  void customSectionsMatterIfTheyMoveTheCode() {
    byte[] module = MODULE.encode();
    byte[] custom = {0, 3, 1, 'x', 7};
    byte[] after = Arrays.copyOf(module, module.length + custom.length);
    System.arraycopy(custom, 0, after, module.length, custom.length);
    byte[] before = new byte[after.length];
    System.arraycopy(module, 0, before, 0, 8);
    System.arraycopy(custom, 0, before, 8, custom.length);
    System.arraycopy(module, 8, before, 8 + custom.length, module.length - 8);
    engine().precompile(Module.decode(module));
    assertEquals(6, cachedFor(Module.decode(after)));
    assertEquals(0, cachedFor(Module.decode(before)));
  }

  private int cachedFor(Module module) {
    Engine engine = engine();
    assertEquals(expected(), run(engine, module));
    return engine.statistics().cached();
  }

  @Test
  void theOldestFilesMakeRoom() throws IOException {
    CodeCache cache = new CodeCache(directory, CONFIG, 300_000);
    List<Path> paths = new ArrayList<>();
    Path abandoned = Files.createFile(directory.resolve("x.code.1.2" + CodeCache.TEMPORARY));
    Files.setLastModifiedTime(abandoned, FileTime.from(Instant.now().minusSeconds(7200)));
    for (int i = 0; i < 4; i++) {
      Module module = Module.parse("(module (func (export \"f%d\")))".formatted(i));
      StoredCode stored = cache.open(new ModuleCode(module, (store, f, sp) -> {}, CONFIG));
      stored.add(0, List.of(new Generated("wasm/F0", new byte[90_000])), true);
      List<Path> before = files();
      stored.save();
      Path made = files().stream().filter(p -> !before.contains(p)).findFirst().orElseThrow();
      Files.setLastModifiedTime(made, FileTime.from(Instant.now().minusSeconds(1000 - 100 * i)));
      paths.add(made);
      if (i == 2) {
        assertTrue(cache.read(paths.getFirst()).isPresent(), "use makes a file young");
      }
    }
    assertFalse(Files.exists(abandoned));
    assertTrue(Files.exists(paths.get(0)));
    assertFalse(Files.exists(paths.get(1)));
    assertTrue(Files.exists(paths.get(2)));
    assertTrue(Files.exists(paths.get(3)));
  }

  @Test
  void precompilationCanBeInterrupted() {
    Engine engine = engine();
    Thread.currentThread().interrupt();
    assertThrows(CancellationException.class, () -> engine.precompile(MODULE));
    assertTrue(Thread.interrupted(), "the interruption is kept");
    assertEquals(expected(), run(engine, MODULE));
  }
}

package dev.capsule.wasi.p1;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.capsule.engine.module.Module;
import dev.capsule.engine.runtime.Engine;
import dev.capsule.engine.runtime.Func;
import dev.capsule.engine.runtime.LinkException;
import dev.capsule.engine.runtime.Memory;
import dev.capsule.engine.runtime.Store;
import dev.capsule.engine.runtime.Tier;
import dev.capsule.engine.runtime.Trap;
import dev.capsule.engine.runtime.TrapKind;
import dev.capsule.wasi.WasiContext;
import dev.capsule.wasi.cli.ProgramExit;
import dev.capsule.wasi.cli.Stdio;
import dev.capsule.wasi.filesystem.Access;
import dev.capsule.wasi.filesystem.MemoryDirectory;
import dev.capsule.wasi.io.CapturedOutput;
import dev.capsule.wasi.io.WaitGuard;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The scenarios as modules run by the engine, and what only an engine can show, on every tier. */
class EngineScenariosTest {
  /** Those that work here: compiled code needs a library. */
  static List<Tier> tiers() {
    List<Tier> tiers = new ArrayList<>(List.of(Tier.INTERPRETER, Tier.TIERED));
    try {
      tiers.add(Engine.builder().tier(Tier.JIT).build().tier());
    } catch (IllegalStateException e) {
      assertTrue(e.getMessage().contains("asm"), e::getMessage);
    }
    return tiers;
  }

  @TestFactory
  List<DynamicTest> scenariosHold(@TempDir Path directory) {
    List<DynamicTest> tests = new ArrayList<>();
    for (Tier tier : tiers()) {
      Engine engine = Engine.builder().tier(tier).build();
      for (Version version : Version.values()) {
        boolean older = version == Version.UNSTABLE;
        (older ? OlderScenarios.all() : Preview1Test.scenarios())
            .forEach(
                (name, scenario) ->
                    tests.add(
                        DynamicTest.dynamicTest(
                            version.module() + " " + name + " (" + tier + ")",
                            () ->
                                play(engine, version, scenario, Preview1Test.onHost(directory)))));
      }
    }
    return tests;
  }

  private static void play(
      Engine engine, Version version, Consumer<Script> scenario, WasiContext context) {
    Script script = new Script();
    scenario.accept(script);
    Store store = engine.newStore();
    try (context) {
      String wat;
      try (Preview1 types = new Preview1(version, WasiContext.builder().build(), WaitGuard.NONE)) {
        wat = script.toWat(version, types);
      }
      try (Preview1Program program =
          Preview1Program.instantiate(store, Module.parse(wat), context)) {
        Func run = program.instance().func("run");
        for (int i = 0; i < script.steps.size(); i++) {
          assertEquals(script.steps.get(i).errno(), errno(run, i), script.steps.get(i).source());
        }
        Memory memory = program.instance().memory("memory");
        script.check(memory.read(0, Script.MEMORY));
      }
    }
  }

  private static int errno(Func run, int step) {
    try {
      return (int) run.call(step);
    } catch (Trap e) {
      assertEquals(TrapKind.OUT_OF_BOUNDS_MEMORY, e.kind());
      return Script.TRAPS;
    }
  }

  private static final String HELLO =
      """
      (module
        (import "wasi_snapshot_preview1" "fd_write"
          (func $write (param i32 i32 i32 i32) (result i32)))
        (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
        (memory (export "memory") 1)
        (data (i32.const 8) "\\10\\00\\00\\00\\06\\00\\00\\00hello\\0a")
        (func $deep (param i32)
          (if (i32.eqz (local.get 0)) (then (call $exit (i32.const 7))))
          (call $deep (i32.sub (local.get 0) (i32.const 1))))
        (func (export "_start")
          (drop (call $write (i32.const 1) (i32.const 8) (i32.const 1) (i32.const 0)))
          (call $deep (i32.const 1000))
          (unreachable)))
      """;

  @ParameterizedTest
  @MethodSource("tiers")
  void aCommandWritesAndExitsFromAnyDepth(Tier tier) {
    CapturedOutput out = Stdio.capture(100);
    try (WasiContext context = WasiContext.builder().stdout(out).build();
        Preview1Program program = program(tier, HELLO, context)) {
      assertTrue(program.isCommand());
      assertEquals(7, program.run());
      assertEquals("hello\n", out.text());
    }
  }

  private static Preview1Program program(Tier tier, String wat, WasiContext context) {
    return Preview1Program.instantiate(
        Engine.builder().tier(tier).build().newStore(), Module.parse(wat), context);
  }

  private static final String REACTOR =
      """
      (module
        (import "wasi_unstable" "proc_exit" (func $exit (param i32)))
        (global $n (mut i32) (i32.const 0))
        (func (export "_initialize") (global.set $n (i32.add (global.get $n) (i32.const 10))))
        (func (export "next") (result i32)
          (global.set $n (i32.add (global.get $n) (i32.const 1)))
          (global.get $n))
        (func (export "quit") (call $exit (i32.const 3))))
      """;

  @ParameterizedTest
  @MethodSource("tiers")
  void aReactorIsInitialisedOnce(Tier tier) {
    try (WasiContext context = WasiContext.builder().build();
        Preview1Program program = program(tier, REACTOR, context)) {
      assertEquals(11, program.invoke("next").orElseThrow());
      assertEquals(12, program.invoke("next").orElseThrow());
      ProgramExit exit = assertThrows(ProgramExit.class, () -> program.invoke("quit"));
      assertEquals(3, exit.code());
    }
  }

  private static final String WAITS =
      """
      (module
        (import "wasi_snapshot_preview1" "fd_read"
          (func $read (param i32 i32 i32 i32) (result i32)))
        (import "wasi_snapshot_preview1" "poll_oneoff"
          (func $poll (param i32 i32 i32 i32) (result i32)))
        (import "wasi_snapshot_preview1" "fd_write"
          (func $write (param i32 i32 i32 i32) (result i32)))
        (memory (export "memory") 1)
        (data (i32.const 8) "\\00\\01\\00\\00\\08\\00\\00\\00")
        ;; A subscription to the monotonic clock, an hour from now.
        (data (i32.const 64) "\\00\\00\\00\\00\\00\\00\\00\\00\\00\\00\\00\\00\\00\\00\\00\\00")
        (data (i32.const 80) "\\01\\00\\00\\00\\00\\00\\00\\00\\00\\a0\\b8\\30\\46\\03\\00\\00")
        (func (export "read") (result i32)
          (call $read (i32.const 0) (i32.const 8) (i32.const 1) (i32.const 0)))
        (func (export "write") (result i32)
          (call $write (i32.const 1) (i32.const 8) (i32.const 1) (i32.const 0)))
        (func (export "sleep") (result i32)
          (call $poll (i32.const 64) (i32.const 256) (i32.const 1) (i32.const 0))))
      """;

  /** A pipe that nobody reads. */
  private static final class Full extends OutputStream {
    private final CountDownLatch closed = new CountDownLatch(1);

    @Override
    public void write(int b) throws IOException {
      try {
        closed.await();
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
    }

    @Override
    public void close() {
      closed.countDown();
    }
  }

  @ParameterizedTest
  @MethodSource("tiers")
  void waitsEndAtTheDeadline(Tier tier) throws IOException {
    try (PipedOutputStream silent = new PipedOutputStream();
        PipedInputStream in = new PipedInputStream(silent);
        Full full = new Full();
        WasiContext context =
            WasiContext.builder().stdin(Stdio.from(in)).stdout(Stdio.to(full)).build();
        Preview1Program program = program(tier, WAITS, context)) {
      for (String wait : List.of("read", "sleep", "write")) {
        program.instance().store().setDeadline(Duration.ofMillis(20));
        Trap trap = assertThrows(Trap.class, () -> program.invoke(wait));
        assertEquals(TrapKind.DEADLINE, trap.kind());
      }
    }
  }

  @ParameterizedTest
  @MethodSource("tiers")
  void waitsEndWhenTheStoreIsInterrupted(Tier tier) throws IOException {
    try (PipedOutputStream silent = new PipedOutputStream();
        PipedInputStream in = new PipedInputStream(silent);
        Full full = new Full();
        WasiContext context =
            WasiContext.builder().stdin(Stdio.from(in)).stdout(Stdio.to(full)).build();
        Preview1Program program = program(tier, WAITS, context)) {
      for (String wait : List.of("read", "sleep", "write")) {
        Store store = program.instance().store();
        Thread interrupter = new Thread(store::interrupt);
        interrupter.start();
        Trap trap = assertThrows(Trap.class, () -> program.invoke(wait));
        assertEquals(TrapKind.INTERRUPTED, trap.kind());
      }
    }
  }

  @ParameterizedTest
  @MethodSource("tiers")
  void whatIsNotPreview1IsNotLinked(Tier tier) {
    String wat = "(module (import \"wasi_snapshot_preview1\" \"fork\" (func)))";
    try (WasiContext context = WasiContext.builder().build()) {
      LinkException e = assertThrows(LinkException.class, () -> program(tier, wat, context));
      assertTrue(e.getMessage().contains("fork"), e::getMessage);
    }
  }

  @ParameterizedTest
  @MethodSource("tiers")
  void aModuleWithoutMemoryHasNoValidAddress(Tier tier) {
    String wat =
        """
        (module
          (import "wasi_snapshot_preview1" "random_get"
            (func $random (param i32 i32) (result i32)))
          (func (export "run") (result i32) (call $random (i32.const 0) (i32.const 1))))
        """;
    try (WasiContext context = WasiContext.builder().build();
        Preview1Program program = program(tier, wat, context)) {
      Trap trap = assertThrows(Trap.class, () -> program.invoke("run"));
      assertEquals(TrapKind.OUT_OF_BOUNDS_MEMORY, trap.kind());
    }
  }

  /** Prints what depends on the clock, on randomness and on the order of a directory. */
  private static final String DEPENDS =
      """
      (module
        (import "wasi_snapshot_preview1" "fd_write"
          (func $write (param i32 i32 i32 i32) (result i32)))
        (import "wasi_snapshot_preview1" "clock_time_get"
          (func $time (param i32 i64 i32) (result i32)))
        (import "wasi_snapshot_preview1" "random_get"
          (func $random (param i32 i32) (result i32)))
        (import "wasi_snapshot_preview1" "fd_readdir"
          (func $readdir (param i32 i32 i32 i64 i32) (result i32)))
        (memory (export "memory") 1)
        (data (i32.const 8) "\\00\\04\\00\\00\\00\\04\\00\\00")
        (func (export "_start") (local $i i32)
          (drop (call $readdir (i32.const 3) (i32.const 1024) (i32.const 900)
            (i64.const 0) (i32.const 0)))
          (drop (call $time (i32.const 0) (i64.const 0) (i32.const 1924)))
          (drop (call $random (i32.const 1932) (i32.const 32)))
          (loop $spin
            (drop (call $time (i32.const 1) (i64.const 0) (i32.const 1964)))
            (br_if $spin (i64.lt_u (i64.load (i32.const 1964)) (i64.const 5000000))))
          (drop (call $write (i32.const 1) (i32.const 8) (i32.const 1) (i32.const 0)))))
      """;

  private record Run(String output, long fuel) {}

  @ParameterizedTest
  @MethodSource("tiers")
  void deterministicRunsAreTheSame(Tier tier) {
    Run first = deterministic(Tier.INTERPRETER, 5);
    assertEquals(first, deterministic(tier, 5));
    assertTrue(first.fuel() > 5000, "it spun");
    assertNotEquals(first.output(), deterministic(tier, 6).output());
  }

  private static Run deterministic(Tier tier, long seed) {
    CapturedOutput out = Stdio.capture(2000);
    MemoryDirectory directory = MemoryDirectory.create().put("b", "").put("a", "").put("c/d", "");
    Engine engine = Engine.builder().tier(tier).deterministic(true).build();
    Store store = engine.newStore();
    try (WasiContext context =
            WasiContext.builder()
                .deterministic(seed)
                .stdout(out)
                .preopen(directory, "/", Access.readWrite())
                .build();
        Preview1Program program =
            Preview1Program.instantiate(store, Module.parse(DEPENDS), context)) {
      assertEquals(0, program.run());
    }
    return new Run(new String(out.bytes(), StandardCharsets.ISO_8859_1), store.fuelConsumed());
  }
}

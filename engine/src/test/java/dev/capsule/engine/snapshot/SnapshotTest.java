package dev.capsule.engine.snapshot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.capsule.engine.module.Module;
import dev.capsule.engine.runtime.Engine;
import dev.capsule.engine.runtime.Instance;
import dev.capsule.engine.runtime.LimitException;
import dev.capsule.engine.runtime.Linker;
import dev.capsule.engine.runtime.Store;
import dev.capsule.engine.runtime.StoreLimits;
import dev.capsule.engine.runtime.Tier;
import dev.capsule.engine.runtime.Trap;
import dev.capsule.engine.runtime.TrapKind;
import dev.capsule.engine.types.FuncType;
import dev.capsule.engine.types.NumType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** A run that is interrupted by a snapshot ends as one that is not: results, state and fuel. */
final class SnapshotTest {
  private static final Engine INTERPRETER = Engine.builder().tier(Tier.INTERPRETER).build();
  private static final Engine TIERED = Engine.builder().tier(Tier.TIERED).build();

  private static final Map<String, String> PROGRAMS =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry(
                  "one call",
                  """
                  (module (import "env" "pause" (func $pause (param i32) (result i32)))
                    (func (export "run") (param i32) (result i32)
                      (i32.add (local.get 0) (call $pause (local.get 0)))))
                  """),
              Map.entry(
                  "deep recursion with operands on the stack",
                  """
                  (module (import "env" "pause" (func $pause (param i32) (result i32)))
                    (func $down (param $n i32) (param $x i64) (result i64)
                      (local $f f64) (local $v v128)
                      (local.set $f (f64.convert_i32_s (local.get $n)))
                      (local.set $v (i32x4.splat (local.get $n)))
                      (if (result i64) (i32.eqz (local.get $n))
                        (then (i64.extend_i32_s (call $pause (i32.wrap_i64 (local.get $x)))))
                        (else
                          (i64.add
                            (i64.mul (local.get $x) (i64.const 31))
                            (i64.add
                              (call $down (i32.sub (local.get $n) (i32.const 1))
                                (i64.add (local.get $x) (i64.const 7)))
                              (i64.add
                                (i64.trunc_f64_s (local.get $f))
                                (i64x2.extract_lane 1 (local.get $v))))))))
                    (func (export "run") (param i32) (result i64)
                      (call $down (i32.const 500) (i64.extend_i32_s (local.get 0)))))
                  """),
              Map.entry(
                  "loop with memory, grown, of two",
                  """
                  (module (import "env" "pause" (func $pause (param i32) (result i32)))
                    (memory $a (export "a") 1 10) (memory $b (export "b") 2)
                    (data (memory $a) (i32.const 60) "hello")
                    (data (memory $b) (i32.const 100000) "there")
                    (data $passive "abcdefghij")
                    (func (export "run") (param $n i32) (result i32) (local $i i32)
                      (drop (memory.grow $a (i32.const 3)))
                      (i32.store8 $a (i32.const 200000) (i32.const 9))
                      (memory.fill $b (i32.const 99990) (i32.const 0) (i32.const 30))
                      (memory.init $a $passive (i32.const 70000) (i32.const 2) (i32.const 5))
                      (loop $more
                        (local.set $i (i32.add (local.get $i) (i32.const 1)))
                        (i32.store $b (i32.mul (local.get $i) (i32.const 5000))
                          (call $pause (local.get $i)))
                        (br_if $more (i32.lt_u (local.get $i) (local.get $n))))
                      (memory.init $a $passive (i32.const 70100) (i32.const 0) (i32.const 10))
                      (data.drop $passive)
                      (i32.load $b (i32.const 5000))))
                  """),
              Map.entry(
                  "memory of 64-bit addresses and small pages",
                  """
                  (module (import "env" "pause" (func $pause (param i32) (result i32)))
                    (memory (export "m") i64 1000 5000 (pagesize 1))
                    (data (i64.const 990) "0123456789")
                    (func (export "run") (param i32) (result i64)
                      (drop (memory.grow (i64.const 77)))
                      (i64.store32 (i64.const 1070)
                        (i64.extend_i32_u (call $pause (local.get 0))))
                      (i64.load8_u (i64.const 993))))
                  """),
              Map.entry(
                  "globals, tables, references and indirect calls",
                  """
                  (module (import "env" "pause" (func $pause (param i32) (result i32)))
                    (type $t (func (param i32) (result i32)))
                    (table $t (export "t") 4 20 funcref) (table $u (export "u") 1 externref)
                    (elem (table $t) (i32.const 0) func $twice $pause)
                    (elem $later func $pause $twice)
                    (global $g (export "g") (mut i64) (i64.const 3))
                    (global $v (export "v") (mut v128) (v128.const i64x2 1 2))
                    (global $r (mut funcref) (ref.null func))
                    (func $twice (param i32) (result i32)
                      (i32.mul (i32.const 2) (local.get 0)))
                    (func (export "run") (param $n i32) (result i32 i32) (local $f funcref)
                      (global.set $g (i64.const 77))
                      (global.set $v (v128.const i64x2 8 9))
                      (global.set $r (ref.func $twice))
                      (local.set $f (ref.func $pause))
                      (drop (table.grow $t (ref.func $twice) (i32.const 3)))
                      (table.set $t (i32.const 3) (global.get $r))
                      (call_indirect $t (type $t) (local.get $n) (i32.const 1))
                      (table.init $t $later (i32.const 1) (i32.const 0) (i32.const 2))
                      (elem.drop $later)
                      (table.set $t (i32.const 0) (local.get $f))
                      (call_indirect $t (type $t) (local.get $n) (i32.const 0))
                      (call_indirect $t (type $t) (local.get $n) (i32.const 3))
                      (i32.add)
                      (call_indirect $t (type $t) (local.get $n) (i32.const 6))
                      (i32.add)))
                  """),
              Map.entry(
                  "inside try, and thrown afterwards",
                  """
                  (module (import "env" "pause" (func $pause (param i32) (result i32)))
                    (tag $e (param i32))
                    (global $g (export "g") (mut i32) (i32.const 0))
                    (func $inner (param i32) (result i32)
                      (block $h (result i32)
                        (try_table (result i32) (catch $e $h)
                          (throw $e (i32.add (i32.const 1) (call $pause (local.get 0)))))))
                    (func (export "run") (param i32) (result i32)
                      (block $h (result i32)
                        (try_table (catch $e $h)
                          (global.set $g (call $inner (local.get 0)))
                          (throw $e (call $pause (global.get $g))))
                        (unreachable))))
                  """),
              Map.entry(
                  "legacy try",
                  """
                  (module (import "env" "pause" (func $pause (param i32) (result i32)))
                    (tag $e (param i32))
                    (func (export "run") (param i32) (result i32)
                      (try (result i32)
                        (do (throw $e (call $pause (local.get 0))))
                        (catch $e (i32.add (i32.const 5))))))
                  """),
              Map.entry(
                  "a trap afterwards",
                  """
                  (module (import "env" "pause" (func $pause (param i32) (result i32)))
                    (memory 1)
                    (func $f (param i32) (result i32)
                      (i32.load (i32.mul (i32.const 65000) (call $pause (local.get 0)))))
                    (func (export "run") (param i32) (result i32)
                      (i32.add (i32.const 1) (call $f (local.get 0)))))
                  """),
              Map.entry(
                  "tail calls on the way",
                  """
                  (module (import "env" "pause" (func $pause (param i32) (result i32)))
                    (func $a (param i32 i64) (result i64) (local i64)
                      (return_call $b (i64.mul (local.get 1) (i64.const 3))
                        (call $pause (local.get 0))))
                    (func $b (param i64 i32) (result i64)
                      (if (i32.gt_s (local.get 1) (i32.const 100))
                        (then (return (i64.add (local.get 0) (i64.extend_i32_s (local.get 1))))))
                      (return_call $a (local.get 1) (local.get 0)))
                    (func (export "run") (param i32) (result i64)
                      (call $a (local.get 0) (i64.const 11))))
                  """),
              Map.entry(
                  "much to do afterwards",
                  """
                  (module (import "env" "pause" (func $pause (param i32) (result i32)))
                    (func $work (param $n i32) (param $x i32) (result i32)
                      (loop $more
                        (local.set $x (i32.add (i32.mul (local.get $x) (i32.const 17))
                          (local.get $n)))
                        (br_if $more
                          (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
                      (local.get $x))
                    (func (export "run") (param i32) (result i32)
                      (local $i i32)
                      (local.set $i (i32.const 400000))
                      (local.set 0 (call $pause (local.get 0)))
                      (loop $more
                        (local.set 0 (call $work (i32.const 3) (local.get 0)))
                        (br_if $more (local.tee $i (i32.sub (local.get $i) (i32.const 1)))))
                      (call $work (i32.const 3000000) (local.get 0))))
                  """)));

  @TestFactory
  Stream<DynamicTest> goesOnAsIfNothingHadHappened() {
    return PROGRAMS.entrySet().stream()
        .map(entry -> DynamicTest.dynamicTest(entry.getKey(), () -> check(entry.getValue())));
  }

  private static void check(String text) {
    Program program = new Program(text);
    List<Program.Taken> snapshots = new ArrayList<>();
    Program.End straight = program.run(INTERPRETER, snapshots);
    assertFalse(snapshots.isEmpty());
    for (Program.Taken taken : snapshots) {
      assertTrue(taken.snapshot().isRunning());
      for (Engine engine : List.of(INTERPRETER, TIERED)) {
        assertEquals(straight, program.resume(engine, taken, false), "with results");
        assertEquals(straight, program.resume(engine, taken, true), "by another call");
      }
    }
  }

  private static final String SMALL =
      """
      (module (import "env" "pause" (func $pause (param i32) (result i32)))
        (memory (export "m") 2)
        (func (export "run") (param i32) (result i32)
          (i32.add (i32.const 10) (call $pause (local.get 0))))
        (func (export "size") (result i32) (memory.size))
        (func (export "poke") (param i32) (i32.store (i32.const 66000) (local.get 0)))
        (func (export "peek") (result i32) (i32.load (i32.const 66000))))
      """;

  private static Program.Taken small() {
    List<Program.Taken> snapshots = new ArrayList<>();
    new Program(SMALL).run(INTERPRETER, snapshots);
    return snapshots.get(0);
  }

  @Test
  void takesAnInstanceInWhichNothingRuns() {
    Module module = new Program(SMALL).module();
    Linker linker = Program.linker(caller -> {});
    Instance instance = linker.instantiate(INTERPRETER.newStore(), module);
    instance.func("poke").call(123);
    Snapshot snapshot = Snapshot.of(instance);
    instance.func("poke").call(5);
    Snapshot.Resumable first = snapshot.restore(TIERED.newStore(), linker);
    Snapshot.Resumable second = snapshot.restore(TIERED.newStore(), linker);
    assertFalse(snapshot.isRunning());
    first.instance().func("poke").call(6);
    assertEquals(6, first.instance().func("peek").call());
    assertEquals(123, second.instance().func("peek").call());
    assertThrows(IllegalStateException.class, second::repeat);
  }

  @Test
  void anInstanceGoesOnOnce() {
    Snapshot.Resumable resumable =
        small().snapshot().restore(INTERPRETER.newStore(), Program.linker(caller -> {}));
    assertEquals(52, resumable.resume(42));
    assertThrows(IllegalStateException.class, () -> resumable.resume(42));
    assertEquals(2, resumable.instance().func("size").call());
  }

  @Test
  void refusesResultsOfOtherTypes() {
    Snapshot snapshot = small().snapshot();
    Linker linker = Program.linker(caller -> {});
    assertThrows(
        IllegalArgumentException.class,
        () -> snapshot.restore(INTERPRETER.newStore(), linker).resume(42L));
    assertThrows(
        IllegalArgumentException.class,
        () -> snapshot.restore(INTERPRETER.newStore(), linker).resume());
  }

  @Test
  void countsRestoredMemoryAgainstTheLimit() {
    Snapshot snapshot = small().snapshot();
    Linker linker = Program.linker(caller -> {});
    Store small = Program.store(INTERPRETER, 2 * 65536 - 1);
    assertThrows(LimitException.class, () -> snapshot.restore(small, linker));
    Store enough = Program.store(INTERPRETER, 2 * 65536);
    snapshot.restore(enough, linker);
    assertEquals(2 * 65536, enough.memoryBytes());
    assertEquals(2 * 65536, enough.peakMemoryBytes());
  }

  @Test
  void keepsToTheNewStoresFuelAndDepth() {
    Program deep = new Program(PROGRAMS.get("deep recursion with operands on the stack"));
    List<Program.Taken> snapshots = new ArrayList<>();
    deep.run(INTERPRETER, snapshots);
    Snapshot snapshot = snapshots.get(0).snapshot();
    Linker linker = Program.linker(caller -> {});
    Store store = INTERPRETER.newStore();
    Snapshot.Resumable resumable = snapshot.restore(store, linker);
    store.setFuel(100);
    // The returns alone use up any amount; fuel is compared when they have all been made.
    Trap used = assertThrows(Trap.class, () -> resumable.resume(1));
    assertEquals(TrapKind.OUT_OF_FUEL, used.kind());
    assertEquals(0, store.fuel().orElseThrow());
    Store shallow = INTERPRETER.newStore(StoreLimits.DEFAULT.withCallDepth(100));
    Snapshot.Resumable tooDeep = snapshot.restore(shallow, linker);
    Trap trap = assertThrows(Trap.class, () -> tooDeep.resume(1));
    assertEquals(TrapKind.CALL_STACK_EXHAUSTED, trap.kind());
    assertEquals(
        1, linker.instantiate(shallow, new Program(SMALL).module()).exportNames().indexOf("run"));
  }

  @Test
  void aResumedComputationCanBeTakenAgain() {
    List<Program.Taken> first = new ArrayList<>();
    Program program = new Program(PROGRAMS.get("loop with memory, grown, of two"));
    Program.End straight = program.run(INTERPRETER, first);
    List<Program.Taken> second = new ArrayList<>();
    Store store = INTERPRETER.newStore();
    first
        .get(1)
        .snapshot()
        .restore(
            store,
            Program.linker(
                caller ->
                    second.add(new Program.Taken(Snapshot.of(caller.instance()), caller.i32(0)))))
        .repeat();
    assertEquals(first.size() - 1, second.size());
    Program.End resumed = program.resume(TIERED, second.get(1), true);
    assertEquals(straight.outcome(), resumed.outcome());
    assertEquals(straight.state(), resumed.state());
    assertEquals(straight.fuel(), first.get(1).snapshot().fuelConsumed() + resumed.fuel());
  }

  private static String refusal(String text, Linker linker) {
    Instance instance = linker.instantiate(INTERPRETER.newStore(), new Program(text).module());
    return assertThrows(SnapshotException.class, () -> instance.func("run").call(1)).getMessage();
  }

  @TestFactory
  Stream<DynamicTest> refusesWhatIsNotData() {
    String head = "(module (import \"env\" \"pause\" (func $pause (param i32) (result i32)))";
    return Map.of(
            "struct",
            head
                + "(type $s (struct)) (func (export \"run\") (param i32) (result i32)"
                + " (local (ref null $s)) (local.set 1 (struct.new $s))"
                + " (drop (call $pause (local.get 0))) (ref.is_null (local.get 1))))",
            "i31",
            head
                + "(global (mut i31ref) (ref.i31 (i32.const 1)))"
                + "(func (export \"run\") (param i32) (result i32) (call $pause (local.get 0))))",
            "tail call",
            head
                + "(func (export \"run\") (param i32) (result i32)"
                + " (return_call $pause (local.get 0))))",
            "exception",
            head
                + "(tag $e) (func (export \"run\") (param i32) (result i32) (local exnref)"
                + " (local.set 1 (block $h (result exnref)"
                + " (try_table (catch_all_ref $h) (throw $e)) (unreachable)))"
                + " (drop (call $pause (local.get 0))) (ref.is_null (local.get 1))))",
            "shared",
            head
                + "(memory 1 1 shared)"
                + "(func (export \"run\") (param i32) (result i32) (call $pause (local.get 0))))")
        .entrySet()
        .stream()
        .map(
            entry ->
                DynamicTest.dynamicTest(
                    entry.getKey(),
                    () -> {
                      String message =
                          refusal(
                              entry.getValue(),
                              Program.linker(caller -> Snapshot.of(caller.instance())));
                      assertTrue(message.contains(entry.getKey()), message);
                    }));
  }

  @Test
  void refusesAHostFunctionThatHasCalledBack() {
    String text =
        """
        (module (import "env" "pause" (func $pause (param i32) (result i32)))
          (func (export "run") (param i32) (result i32) (call $pause (local.get 0))))
        """;
    Linker linker =
        Program.linker(
            caller -> {
              if (caller.i32(0) == 1) {
                caller.instance().func("run").call(2);
              } else {
                Snapshot.of(caller.instance());
              }
            });
    assertTrue(refusal(text, linker).contains("called back"));
  }

  @Test
  void takesAHostFunctionThatHadCalledBackBefore() {
    List<Snapshot> taken = new ArrayList<>();
    Linker linker =
        Program.linker(
            caller -> {
              if (caller.i32(0) == 1) {
                caller.instance().func("run").call(2);
                taken.add(Snapshot.of(caller.instance()));
              }
            });
    Instance instance = linker.instantiate(INTERPRETER.newStore(), new Program(SMALL).module());
    assertEquals(14, instance.func("run").call(1));
    Snapshot.Resumable resumable =
        taken.get(0).restore(INTERPRETER.newStore(), Program.linker(caller -> {}));
    assertEquals(14, resumable.repeat());
  }

  @Test
  void refusesCompiledFrames() {
    Engine compiling = Engine.builder().tier(Tier.JIT).build();
    Instance instance =
        Program.linker(caller -> Snapshot.of(caller.instance()))
            .instantiate(compiling.newStore(), new Program(SMALL).module());
    SnapshotException refused =
        assertThrows(SnapshotException.class, () -> instance.func("run").call(1));
    assertTrue(refused.getMessage().contains("code"), refused.getMessage());
  }

  @Test
  void refusesFramesOfOtherInstances() {
    Store store = INTERPRETER.newStore();
    Linker linker = Program.linker(caller -> Snapshot.of(caller.instance()));
    linker.define("inner", linker.instantiate(store, new Program(SMALL).module()));
    Instance outer =
        linker.instantiate(
            store,
            Module.parse(
                """
                (module (import "inner" "run" (func $run (param i32) (result i32)))
                  (func (export "run") (param i32) (result i32)
                    (i32.mul (i32.const 2) (call $run (local.get 0)))))
                """));
    SnapshotException refused =
        assertThrows(SnapshotException.class, () -> outer.func("run").call(1));
    assertTrue(refused.getMessage().contains("several instances"), refused.getMessage());
  }

  @Test
  void refusesReferencesOfTheHost() {
    Store store = INTERPRETER.newStore();
    Instance instance =
        new Linker()
            .func("env", "get", new FuncType(List.of(), List.of(NumType.I32)), c -> c.setI32(0, 1))
            .instantiate(
                store,
                Module.parse(
                    """
                    (module (import "env" "get" (func (result i32)))
                      (table (export "t") 1 externref))
                    """));
    Snapshot.of(instance);
    instance.table("t").set(0, "an object");
    assertThrows(SnapshotException.class, () -> Snapshot.of(instance));
  }

  @Test
  void anEngineWithOtherOptionsRefuses() {
    Snapshot snapshot = small().snapshot();
    Engine other = Engine.builder().deterministic(true).build();
    assertThrows(
        SnapshotException.class,
        () -> snapshot.restore(other.newStore(), Program.linker(caller -> {})));
  }
}

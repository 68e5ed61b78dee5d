package dev.capsule.engine.differential;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.capsule.engine.exec.ExecStore;
import dev.capsule.engine.exec.FunctionCode;
import dev.capsule.engine.exec.ModuleInstance;
import dev.capsule.engine.exec.WasmFunction;
import dev.capsule.engine.module.Module;
import dev.capsule.engine.runtime.Engine;
import dev.capsule.engine.runtime.Func;
import dev.capsule.engine.runtime.Instance;
import dev.capsule.engine.runtime.LinkException;
import dev.capsule.engine.runtime.Linker;
import dev.capsule.engine.runtime.Store;
import dev.capsule.engine.runtime.StoreLimits;
import dev.capsule.engine.runtime.Tag;
import dev.capsule.engine.runtime.Tier;
import dev.capsule.engine.runtime.Trap;
import dev.capsule.engine.runtime.TrapKind;
import dev.capsule.engine.runtime.WasmException;
import dev.capsule.engine.types.FuncType;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What random modules have found, made small. */
class FoundTest {
  private static Store store(Tier tier, StoreLimits limits) {
    return Engine.builder().tier(tier).background(false).build().newStore(limits);
  }

  private static Instance instance(Tier tier, String text) {
    Tag tag = Tag.of();
    Linker linker =
        new Linker()
            .define("host", "tag", tag)
            .func(
                "host",
                "throw",
                FuncType.EMPTY,
                caller -> {
                  throw WasmException.of(tag);
                })
            .func(
                "host",
                "trap",
                FuncType.EMPTY,
                caller -> {
                  throw new Trap(TrapKind.UNREACHABLE);
                });
    return linker.instantiate(store(tier, StoreLimits.DEFAULT), Module.parse(text));
  }

  @ParameterizedTest
  @EnumSource
  void whatATailCalledHostFunctionThrowsIsForTheCaller(Tier tier) {
    Instance instance =
        instance(
            tier,
            """
            (module
              (import "host" "tag" (tag $e))
              (import "host" "throw" (func $throw))
              (import "host" "trap" (func $trap))
              (func $tail
                (block (try_table (catch_all 0) (return_call $throw))))
              (func (export "caught") (result i32)
                (block (try_table (catch $e 0) (call $tail)) (return (i32.const 1)))
                (i32.const 2))
              (func $through (param externref) (return_call $trap))
              (func (export "trap") (call $through (ref.null extern))))
            """);
    assertEquals(2, instance.func("caught").call());
    Trap trap = assertThrows(Trap.class, () -> instance.func("trap").call());
    assertEquals(TrapKind.UNREACHABLE, trap.kind());
  }

  @ParameterizedTest
  @EnumSource
  void tooLargeAddressesTrapBeforeUnalignedOnes(Tier tier) {
    Instance instance =
        instance(
            tier,
            """
            (module (memory i64 1)
              (func (export "f") (drop (i32.atomic.load (i64.const -3)))))
            """);
    Trap trap = assertThrows(Trap.class, () -> instance.func("f").call());
    assertEquals(TrapKind.OUT_OF_BOUNDS_MEMORY, trap.kind());
  }

  @ParameterizedTest
  @EnumSource
  void depthCountsTheSlotsOfOperands(Tier tier) {
    String deep = "(i32.const 1) ".repeat(200) + "i32.add ".repeat(199);
    Module module = Module.parse("(module (func $f (export \"f\") (call $f) " + deep + " drop))");
    Store store = store(tier, StoreLimits.DEFAULT.withCallDepth(50));
    store.setFuel(1_000_000);
    Instance instance = new Linker().instantiate(store, module);
    assertThrows(Trap.class, () -> instance.func("f").call());
    assertEquals(50, store.fuelConsumed());
  }

  /** Validation takes the code behind a block for reachable, but not a block in dead code. */
  @ParameterizedTest
  @CsvSource({
    "INTERPRETER, 50, ''", "INTERPRETER, 50, unreachable (loop",
        "INTERPRETER, 25, (block br 1) (loop",
    "JIT, 50, ''", "JIT, 50, unreachable (loop", "JIT, 25, (block br 1) (loop",
    "TIERED, 50, ''", "TIERED, 50, unreachable (loop", "TIERED, 25, (block br 1) (loop"
  })
  void depthCountsOperandsThatValidationTakesForReachable(Tier tier, int calls, String dead) {
    String deep = "(i32.const 1) ".repeat(300) + "drop ".repeat(300);
    String text =
        dead.isEmpty()
            ? "(module (func $f (export \"f\") (call $f)))"
            : "(module (func $f (export \"f\") (call $f) " + dead + deep + ")))";
    Store store = store(tier, StoreLimits.DEFAULT.withCallDepth(50));
    store.setFuel(1_000_000);
    Instance instance = new Linker().instantiate(store, Module.parse(text));
    assertThrows(Trap.class, () -> instance.func("f").call());
    assertEquals(calls, store.fuelConsumed());
  }

  @ParameterizedTest
  @EnumSource
  void typesThatContainThemselvesHaveNames(Tier tier) {
    String text = "(module (type $a (array (ref null $a))) (import \"host\" \"throw\" %s))";
    assertThrows(
        LinkException.class, () -> instance(tier, text.formatted("(func (param (ref $a)))")));
  }

  @ParameterizedTest
  @EnumSource
  void conversionsThatDoNothingTakeFuelBeforeATrap(Tier tier) {
    String text =
        """
        (module (func (export "f")
          (drop (ref.as_non_null (any.convert_extern (extern.convert_any (ref.null any)))))))
        """;
    Store store = store(tier, StoreLimits.DEFAULT);
    Instance instance = new Linker().instantiate(store, Module.parse(text));
    assertThrows(Trap.class, () -> instance.func("f").call());
    assertEquals(4, store.fuelConsumed());
  }

  @ParameterizedTest
  @EnumSource
  void aTrapThatPassesAHostFunctionHasTheStackOnBothSides(Tier tier) {
    Store store = store(tier, StoreLimits.DEFAULT);
    AtomicReference<Func> inner = new AtomicReference<>();
    Linker linker = new Linker().func("host", "back", FuncType.EMPTY, caller -> inner.get().call());
    Instance instance =
        linker.instantiate(
            store,
            Module.parse(
                """
                (module (import "host" "back" (func $back))
                  (func (export "inner") unreachable)
                  (func (export "outer") (call $back)))
                """));
    inner.set(instance.func("inner"));
    Trap trap = assertThrows(Trap.class, () -> instance.func("outer").call());
    assertEquals(List.of("inner", "outer"), trap.frames().stream().map(Trap.Frame::name).toList());
  }

  @Test
  void aTrapInALoopThatWasTakenOverHasTheStackInOrder() {
    Store store = store(Tier.TIERED, StoreLimits.DEFAULT);
    ((ExecStore) store).slice = 40;
    AtomicReference<Func> inner = new AtomicReference<>();
    Linker linker = new Linker().func("host", "back", FuncType.EMPTY, caller -> inner.get().call());
    String text =
        """
        (module (import "host" "back" (func $back))
          (func $loop (local i32)
            (local.set 0 (i32.const 200))
            (loop $l
              (local.set 0 (i32.sub (local.get 0) (i32.const 1)))
              (br_if $l (local.get 0)))
            unreachable)
          (func (export "interpreted") (call $loop))
          (func $compiled (param i32) (if (local.get 0) (then (call $back))))
          (func (export "outer") (param i32) (call $compiled (local.get 0))))
        """;
    Instance instance = linker.instantiate(store, Module.parse(text));
    inner.set(instance.func("interpreted"));
    FunctionCode[] functions = ((ModuleInstance) instance).code.functions;
    functions[1].heat = 1_000_000;
    store.setFuel(1_000_000);
    functions[3].heat = 0xFFFF;
    instance.func("outer").call(0);
    Trap trap = assertThrows(Trap.class, () -> instance.func("outer").call(1));
    assertNotNull(functions[1].loops, "nothing was taken over");
    assertNotNull(functions[3].compiled, "nothing was compiled");
    assertEquals(
        List.of("loop", "interpreted", "compiled", "outer"),
        trap.frames().stream().map(Trap.Frame::name).toList());
  }

  @Test
  void anExceptionOutOfALoopThatWasTakenOverGivesBackItsDepth() {
    Store store = store(Tier.TIERED, StoreLimits.DEFAULT.withCallDepth(20));
    ((ExecStore) store).slice = 40;
    String text =
        """
        (module (tag $t)
          (func $throw (local i32)
            (local.set 0 (i32.const 200))
            (loop $l
              (local.set 0 (i32.sub (local.get 0) (i32.const 1)))
              (br_if $l (local.get 0)))
            (throw $t))
          (func (export "f") (param i32)
            (loop $l
              (block $c (try_table (catch $t $c) (call $throw)))
              (local.set 0 (i32.sub (local.get 0) (i32.const 1)))
              (br_if $l (local.get 0)))))
        """;
    Instance instance = new Linker().instantiate(store, Module.parse(text));
    FunctionCode thrower = ((ModuleInstance) instance).code.functions[0];
    instance.func("f").call(300);
    assertNotNull(thrower.loops, "nothing was taken over");
  }

  @ParameterizedTest
  @EnumSource
  void fuelOfATrapIsExactInFunctionsOfManyBytes(Tier tier) {
    String filler = "i32.const 1 local.set 0 ".repeat(20_000);
    String body = "local.get 0 i32.eqz drop local.get 0 i32.load drop ".repeat(3);
    String text =
        "(module (memory 0) (func (export \"f\") (local i32) %s %s))".formatted(filler, body);
    Store store = store(tier, StoreLimits.DEFAULT);
    Instance instance = new Linker().instantiate(store, Module.parse(text));
    Trap trap = assertThrows(Trap.class, () -> instance.func("f").call());
    assertEquals(TrapKind.OUT_OF_BOUNDS_MEMORY, trap.kind());
    assertEquals(40_004, store.fuelConsumed());
  }

  @ParameterizedTest
  @EnumSource
  void aMemoryTrapHasTheStackOfAllCallers(Tier tier) {
    Instance instance =
        instance(
            tier,
            """
            (module (memory 0)
              (type $t (func))
              (elem declare func $inner)
              (func $inner (export "inner") (drop (i32.load (i32.const 0))))
              (func $middle (export "middle") (call_ref $t (ref.func $inner)))
              (func (export "outer") (call $middle)))
            """);
    Trap trap = assertThrows(Trap.class, () -> instance.func("outer").call());
    assertEquals(
        List.of("inner", "middle", "outer"), trap.frames().stream().map(Trap.Frame::name).toList());
  }

  /** Also where the caller goes on in the interpreter because Java's stack must not grow. */
  @ParameterizedTest
  @CsvSource({
    "INTERPRETER, 10",
    "INTERPRETER, 1000",
    "JIT, 10",
    "JIT, 1000",
    "TIERED, 10",
    "TIERED, 1000"
  })
  void functionsThatCallNothingCountForTheDepth(Tier tier, int depth) {
    String text =
        """
        (module
          (func $leaf (result i32) (i32.const 7))
          (func $f (export "f") (param i32) (result i32)
            (if (result i32) (local.get 0)
              (then (call $f (i32.sub (local.get 0) (i32.const 1))))
              (else (call $leaf)))))
        """;
    Store store = store(tier, StoreLimits.DEFAULT.withCallDepth(depth));
    Instance instance = new Linker().instantiate(store, Module.parse(text));
    for (int i = 0; i < 3; i++) {
      assertEquals(7, instance.func("f").call(depth - 2));
      Trap trap = assertThrows(Trap.class, () -> instance.func("f").call(depth - 1));
      assertEquals(TrapKind.CALL_STACK_EXHAUSTED, trap.kind());
    }
  }

  @Test
  void whatCompiledCodeCallsLastSeesTheMemoryThatItHasGrown() {
    Instance instance =
        instance(
            Tier.TIERED,
            """
            (module
              (memory (export "memory") 1)
              (func $interpreted (param i32) (i32.store (i32.const 0) (local.get 0)))
              (func $compiled (export "compiled") (param i32)
                (drop (memory.grow (i32.const 1)))
                (return_call $interpreted (local.get 0)))
              (func (export "main") (call $compiled (i32.const 1))))
            """);
    FunctionCode compiled = ((WasmFunction) instance.func("compiled")).code;
    compiled.heat = 0xFFFF;
    instance.func("compiled").call(0);
    assertNotNull(compiled.compiled);
    instance.func("main").call();
    assertEquals(1, instance.memory("memory").getInt(0));
  }
}

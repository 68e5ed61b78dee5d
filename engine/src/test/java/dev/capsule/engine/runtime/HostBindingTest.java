package dev.capsule.engine.runtime;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.capsule.engine.module.Module;
import dev.capsule.engine.types.FuncType;
import dev.capsule.engine.types.NumType;
import dev.capsule.engine.types.RefType;
import dev.capsule.engine.types.ValType;
import dev.capsule.engine.types.VecType;
import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.function.IntBinaryOperator;
import java.util.function.IntPredicate;
import java.util.function.LongSupplier;
import java.util.function.ObjIntConsumer;
import org.junit.jupiter.api.Test;

/** Calls between Java and functions, in every shape. */
class HostBindingTest {
  private final Engine engine = Engine.builder().tier(Tier.INTERPRETER).build();
  private final Store store = engine.newStore();

  private static FuncType type(List<ValType> params, List<ValType> results) {
    return new FuncType(params, results);
  }

  private static final List<ValType> ALL_KINDS =
      List.of(NumType.I32, NumType.I64, NumType.F32, NumType.F64, VecType.V128, RefType.EXTERNREF);

  /** Gives its arguments back in reverse order, through the accessors. */
  private static void reverse(Caller call) {
    int i = call.i32(0);
    long l = call.i64(1);
    float f = call.f32(2);
    double d = call.f64(3);
    V128 v = call.v128(4);
    Object ref = call.ref(5);
    call.setRef(0, ref);
    call.setV128(1, v);
    call.setF64(2, d);
    call.setF32(3, f);
    call.setI64(4, l);
    call.setI32(5, i);
  }

  private Func reversing() {
    return Func.create(store, type(ALL_KINDS, ALL_KINDS.reversed()), HostBindingTest::reverse);
  }

  private static final V128 VECTOR = new V128(0x0123456789ABCDEFL, -2);

  @Test
  void boxedCallsCarryAllKinds() {
    Object[] results = (Object[]) reversing().call(-7, 1L << 40, 1.5f, -2.25, VECTOR, "ref");
    assertArrayEquals(new Object[] {"ref", VECTOR, -2.25, 1.5f, 1L << 40, -7}, results);
  }

  @Test
  void handlesHaveExactTypes() throws Throwable {
    MethodHandle handle = reversing().handle();
    assertEquals(
        MethodType.methodType(
            Object[].class,
            int.class,
            long.class,
            float.class,
            double.class,
            V128.class,
            Object.class),
        handle.type());
    Object ref = new Object();
    Object[] results = (Object[]) handle.invokeExact(1, 2L, 3f, 4.0, VECTOR, ref);
    assertSame(ref, results[0]);
    assertEquals(1, results[5]);
  }

  /** What several results come back as. */
  public record Reversed(String ref, V128 v, double d, float f, long l, short i) {}

  /** Calls for {@link Reversed}. */
  public interface Reverser {
    Reversed reverse(int i, long l, float f, double d, V128 v, String ref);
  }

  @Test
  void severalResultsMakeARecord() {
    Reverser reverser = reversing().as(Reverser.class);
    assertEquals(
        new Reversed("x", VECTOR, 4.5, 3.5f, 2, (short) 0x1234),
        reverser.reverse(0x71234, 2, 3.5f, 4.5, VECTOR, "x"));
  }

  static int add(int a, int b) {
    return a + b;
  }

  static long sum(Caller caller, long a, int b) {
    return a + b + caller.i32(1);
  }

  private static MethodHandle find(String name, Class<?> result, Class<?>... params) {
    try {
      return MethodHandles.lookup()
          .findStatic(HostBindingTest.class, name, MethodType.methodType(result, params));
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void functionsFromHandles() {
    Func add = Func.create(store, find("add", int.class, int.class, int.class));
    assertEquals("[i32 i32] -> [i32]", add.type().toString());
    assertEquals(5, add.call(2, 3));
    assertEquals(-4, add.as(IntBinaryOperator.class).applyAsInt(-8, 4));
  }

  @Test
  void aHandleMayWantItsCaller() {
    Func sum = Func.create(store, find("sum", long.class, Caller.class, long.class, int.class));
    assertEquals("[i64 i32] -> [i64]", sum.type().toString());
    assertEquals(16L, sum.call(10L, 3));
  }

  static boolean even(byte value, char letter, short number, boolean flag) {
    return flag && (value + letter + number) % 2 == 0;
  }

  /** Small integers on both sides. */
  public interface Even {
    boolean even(byte value, char letter, short number, boolean flag);
  }

  @Test
  void smallIntegersAreI32() {
    Func even =
        Func.create(
            store, find("even", boolean.class, byte.class, char.class, short.class, boolean.class));
    assertEquals("[i32 i32 i32 i32] -> [i32]", even.type().toString());
    assertEquals(1, even.call(0x102, 4, -6, 2));
    assertEquals(0, even.call(0x102, 4, -6, 0));
    Even java = even.as(Even.class);
    assertTrue(java.even((byte) -1, 'a', (short) -2, true));
    assertFalse(java.even((byte) -1, 'a', (short) -2, false));
    assertTrue(
        Func.create(store, find("add", int.class, int.class, int.class))
            .as(IntBoolean.class)
            .test(1, 1));
  }

  /** An i32 result as a truth value. */
  public interface IntBoolean {
    boolean test(int a, int b);
  }

  @Test
  void lambdasThroughALinker() {
    Module module =
        Module.parse(
            """
            (module
              (import "env" "twice" (func $twice (param f64) (result f64)))
              (import "env" "now" (func $now (result i64)))
              (import "env" "log" (func $log (param externref i32)))
              (export "twice" (func $twice))
              (export "now" (func $now))
              (export "log-it" (func $log)))
            """);
    StringBuilder seen = new StringBuilder();
    @SuppressWarnings({"unchecked", "rawtypes"})
    Class<ObjIntConsumer<Object>> logger = (Class) ObjIntConsumer.class;
    Instance instance =
        new Linker()
            .func("env", "twice", DoubleUnaryOperator.class, x -> 2 * x)
            .func("env", "now", LongSupplier.class, () -> 42)
            .func("env", "log", logger, (what, n) -> seen.append(what).append(n))
            .instantiate(store, module);
    Api api = instance.as(Api.class);
    assertEquals(5.0, api.twice(2.5));
    assertEquals(42, api.now());
    api.logIt("n=", 7);
    assertEquals("n=7", seen.toString());
    assertEquals("default", api.hello());
  }

  /** An instance's exports. */
  public interface Api {
    double twice(double x);

    long now();

    void logIt(Object what, int n);

    default String hello() {
      return "default";
    }
  }

  @Test
  void withoutDefiningClasses() {
    Engine engine = Engine.builder().tier(Tier.INTERPRETER).forbidClassDefinition(true).build();
    Func add = Func.create(engine.newStore(), find("add", int.class, int.class, int.class));
    assertEquals(7, add.as(IntBinaryOperator.class).applyAsInt(3, 4));
  }

  interface Hidden {
    int add(int a, int b);
  }

  @Test
  void interfacesOfOnesOwnNeedALookup() {
    Func add = Func.create(store, find("add", int.class, int.class, int.class));
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> add.as(Hidden.class));
    assertTrue(refused.getMessage().contains("MethodHandles.lookup()"), refused.getMessage());
    assertEquals(9, add.as(Hidden.class, MethodHandles.lookup()).add(4, 5));
  }

  interface Left {
    int add(int a, int b);
  }

  interface Right {
    int add(int a, int b);
  }

  /** One method, declared twice. */
  public interface Both extends Left, Right {}

  @Test
  void methodsInheritedTwice() {
    Func add = Func.create(store, find("add", int.class, int.class, int.class));
    assertEquals(9, add.as(Both.class, MethodHandles.lookup()).add(4, 5));
    assertSame(
        add.as(IntBinaryOperator.class).getClass(), add.as(IntBinaryOperator.class).getClass());
  }

  @Test
  void whatDoesNotFitIsRefusedWithReasons() {
    Func add = Func.create(store, find("add", int.class, int.class, int.class));
    assertRefused("1 arguments", () -> add.call(1));
    assertRefused("argument 1: i32 expected, got java.lang.Long", () -> add.call(1, 2L));
    assertRefused("does not fit the function type", () -> add.as(LongSupplier.class));
    assertRefused("does not fit the function type", () -> add.as(IntPredicate.class));
    assertRefused("is not a functional interface", () -> add.as(CharSequence.class));
    assertRefused(
        "does not fit the function type",
        () ->
            new Linker()
                .func(
                    "m",
                    "f",
                    type(List.of(NumType.I64), List.of()),
                    find("add", int.class, int.class, int.class)));
    Store other = engine.newStore();
    Func takes = Func.create(store, type(List.of(RefType.FUNCREF), List.of()), caller -> {});
    assertRefused(
        "another store",
        () -> takes.call(Func.create(other, find("add", int.class, int.class, int.class))));
  }

  private static void assertRefused(String reason, Runnable action) {
    IllegalArgumentException thrown = assertThrows(IllegalArgumentException.class, action::run);
    assertTrue(thrown.getMessage().contains(reason), thrown.getMessage());
  }

  @Test
  void exceptionsOfTheHostPassUnharmed() {
    IOException mine = new IOException("mine");
    Func failing =
        Func.create(
            store,
            FuncType.EMPTY,
            caller -> {
              throw mine;
            });
    assertSame(mine, assertThrows(IOException.class, failing::call));
    Error error = new AssertionError("host");
    Func outer =
        Func.create(
            store,
            FuncType.EMPTY,
            caller -> {
              assertSame(mine, assertThrows(IOException.class, failing::call));
              throw error;
            });
    assertSame(error, assertThrows(AssertionError.class, outer::call));
  }

  @Test
  void nestedCallsKeepTheirArguments() {
    Func[] countdown = new Func[1];
    countdown[0] =
        Func.create(
            store,
            type(List.of(NumType.I32), List.of(NumType.I32)),
            caller -> {
              int n = caller.i32(0);
              int below = n == 0 ? 0 : (Integer) countdown[0].call(n - 1);
              assertEquals(n, caller.i32(0));
              caller.setI32(0, below + n);
            });
    assertEquals(5050, countdown[0].call(100));
    Trap trap = assertThrows(Trap.class, () -> countdown[0].call(1000));
    assertEquals(TrapKind.CALL_STACK_EXHAUSTED, trap.kind());
    assertEquals(10, countdown[0].call(4));
  }

  @Test
  void aResultThatWasNotSetIsNoForeignReference() {
    Func forgets =
        Func.create(
            store, type(List.of(RefType.EXTERNREF), List.of(RefType.FUNCREF)), caller -> {});
    assertThrows(IllegalArgumentException.class, () -> forgets.call("text"));
    assertNull(forgets.call(new Object[] {null}));
  }

  @Test
  void wasmExceptionsCarryTheirArguments() {
    Tag tag = Tag.of(NumType.I32, VecType.V128, RefType.EXTERNREF);
    WasmException thrown = WasmException.of(tag, 3, VECTOR, "x");
    Func throwing =
        Func.create(
            store,
            FuncType.EMPTY,
            caller -> {
              throw thrown;
            });
    WasmException caught = assertThrows(WasmException.class, throwing::call);
    assertSame(thrown, caught);
    assertSame(tag, caught.tag());
    assertEquals(List.of(3, VECTOR, "x"), caught.arguments());
    assertRefused("argument 0", () -> WasmException.of(tag, 3L, VECTOR, "x"));
  }

  @Test
  void theCallerKnowsWhoImportedTheFunction() {
    Linker linker =
        new Linker()
            .func(
                "env",
                "peek",
                type(List.of(NumType.I32), List.of(NumType.I32)),
                caller -> caller.setI32(0, caller.memory().getInt(caller.i32(0))));
    String text =
        """
        (module
          (import "env" "peek" (func $peek (param i32) (result i32)))
          (memory 1)
          (data (i32.const 8) "%s\\00\\00\\00")
          (export "peek" (func $peek)))
        """;
    Instance one = linker.instantiate(store, Module.parse(text.formatted("1")));
    Instance two = linker.instantiate(store, Module.parse(text.formatted("2")));
    assertEquals((int) '1', one.func("peek").call(8));
    assertEquals((int) '2', two.func("peek").call(8));
    Func lonely = Func.create(store, FuncType.EMPTY, Caller::memory);
    assertThrows(IllegalStateException.class, lonely::call);
  }

  @Test
  void namedExportsAreFoundOrExplained() {
    Instance instance =
        new Linker()
            .instantiate(
                store,
                Module.parse(
                    """
                    (module (memory (export "memory") 1) (global (export "g") i32 (i32.const 5)))
                    """));
    assertEquals(List.of("memory", "g"), instance.exportNames());
    assertEquals(5, instance.global("g").get());
    assertRefused(
        "no export \"nope\"; exports of kind memory: \"memory\"", () -> instance.memory("nope"));
    assertRefused("is a global, not a func", () -> instance.func("g"));
    assertSame(instance.memory("memory"), instance.as(Named.class).memory());
  }

  /** Exports that are not functions. */
  public interface Named {
    Memory memory();

    Global g();
  }
}

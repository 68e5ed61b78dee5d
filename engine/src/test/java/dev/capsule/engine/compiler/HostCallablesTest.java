package dev.capsule.engine.compiler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.capsule.engine.exec.FuncInstance;
import dev.capsule.engine.exec.ModuleInstance;
import dev.capsule.engine.module.Module;
import dev.capsule.engine.runtime.Caller;
import dev.capsule.engine.runtime.Engine;
import dev.capsule.engine.runtime.Instance;
import dev.capsule.engine.runtime.Linker;
import dev.capsule.engine.runtime.Store;
import dev.capsule.engine.runtime.Tier;
import dev.capsule.engine.runtime.Trap;
import dev.capsule.engine.runtime.TrapKind;
import dev.capsule.engine.runtime.V128;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.ref.WeakReference;
import java.util.function.IntUnaryOperator;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Host functions that are called often are called without slots, and nobody notices. */
class HostCallablesTest {
  private final Store store = Engine.builder().tier(Tier.JIT).build().newStore();
  private Instance instance;

  /** A module that passes its arguments on to an import; direct calls are made now. */
  private Instance passing(Linker linker, String type) {
    instance =
        linker.instantiate(
            store,
            Module.parse(
                """
                (module
                  (type $t (func %s))
                  (import "host" "f" (func $f (type $t)))
                  (func $again (export "again") (result i32) (i32.const 5))
                  (func $call (export "call") (type $t) %s (call $f)))
                """
                    .formatted(type, arguments(type))));
    return instance;
  }

  private static String arguments(String type) {
    StringBuilder gets = new StringBuilder();
    for (int i = 0; i < type.split("param").length - 1; i++) {
      gets.append("(local.get ").append(i).append(')');
    }
    return gets.toString();
  }

  private static FuncInstance imported(Instance of) {
    return ((ModuleInstance) of).func(0);
  }

  private static boolean isDirect(Instance of) {
    return imported(of).callable.getClass().isHidden();
  }

  private Object make() {
    HostCallables.make(imported(instance));
    return imported(instance).callable;
  }

  @Test
  void allKindsOfArgumentsPass() throws Throwable {
    var handle =
        MethodHandles.lookup()
            .findStatic(
                HostCallablesTest.class,
                "mix",
                MethodType.methodType(
                    double.class,
                    int.class,
                    long.class,
                    float.class,
                    double.class,
                    String.class,
                    boolean.class));
    Instance mixing =
        passing(
            new Linker().func("host", "f", handle),
            "(param i32) (param i64) (param f32) (param f64) (param externref) (param i32)"
                + " (result f64)");
    Object[] arguments = {1, 1L << 40, 0.5f, 0.25, "four", 1};
    Object slow = mixing.func("call").call(arguments);
    make();
    assertTrue(isDirect(mixing));
    assertEquals(slow, mixing.func("call").call(arguments));
    assertEquals((1L << 40) + 6.75, slow);
  }

  static double mix(int i, long l, float f, double d, String text, boolean flag) {
    return (double) i + l + f + d + text.length() + (flag ? 1 : 0);
  }

  @Test
  void manyCallsMakeAClass() {
    Instance counting =
        new Linker()
            .func("host", "next", IntUnaryOperator.class, i -> i + 1)
            .instantiate(
                store,
                Module.parse(
                    """
                    (module
                      (import "host" "next" (func $next (param i32) (result i32)))
                      (func (export "count") (param $n i32) (result i32)
                        (local $i i32)
                        (loop $calls
                          (local.set $i (call $next (local.get $i)))
                          (br_if $calls (i32.lt_u (local.get $i) (local.get $n))))
                        (local.get $i)))
                    """));
    int most = HostCallables.MANY - 1;
    assertEquals(most, counting.func("count").call(most));
    assertFalse(isDirect(counting));
    assertEquals(2, counting.func("count").call(2));
    assertTrue(isDirect(counting));
    assertEquals(3, counting.func("count").call(3));
  }

  /** Arrays of callables that tables have found keep the first one, which passes calls on. */
  @Test
  void tablesThatHaveFoundItEarlierGetThereAsWell() {
    StackWalker walker = StackWalker.getInstance(StackWalker.Option.SHOW_HIDDEN_FRAMES);
    Instance calling =
        new Linker()
            .func(
                "host",
                "f",
                IntUnaryOperator.class,
                i ->
                    walker.walk(
                            frames ->
                                frames.anyMatch(
                                    frame ->
                                        frame.getMethodName().equals("call")
                                            && frame.getClassName().endsWith("HostException")))
                        ? 1
                        : 2)
            .instantiate(
                Engine.builder().tier(Tier.JIT).build().newStore(),
                Module.parse(
                    """
                    (module
                      (type $t (func (param i32) (result i32)))
                      (import "host" "f" (func $f (type $t)))
                      (table funcref (elem $f))
                      (func (export "once") (result i32)
                        (call_indirect (type $t) (i32.const 0) (i32.const 0)))
                      (func (export "many") (param $n i32)
                        (loop $again
                          (drop (call_indirect (type $t) (i32.const 0) (i32.const 0)))
                          (br_if $again (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))))
                    """));
    assertEquals(1, calling.func("once").call());
    calling.func("many").call(HostCallables.MANY);
    assertEquals(2, calling.func("once").call());
  }

  @Test
  void exceptionsOfTheHostArriveAsTheyAre() {
    IOException thrown = new IOException("no disk");
    var thrower =
        MethodHandles.insertArguments(
            MethodHandles.throwException(int.class, IOException.class), 0, thrown);
    Instance throwing = passing(new Linker().func("host", "f", thrower), "(result i32)");
    for (int round = 0; round < 2; round++) {
      IOException caught = assertThrows(IOException.class, () -> throwing.func("call").call());
      assertSame(thrown, caught);
      make();
    }
    assertTrue(isDirect(throwing));
    assertEquals(5, throwing.func("again").call());
  }

  /** What looks like a memory access out of bounds is not taken for the guest's. */
  @ParameterizedTest
  @ValueSource(
      classes = {
        IndexOutOfBoundsException.class,
        NullPointerException.class,
        StackOverflowError.class
      })
  void exceptionsOfTheHostAreNoTraps(Class<? extends Throwable> type) {
    Instance throwing =
        passing(
            new Linker().func("host", "f", LongSupplier.class, () -> fail(type)), "(result i64)");
    for (int round = 0; round < 2; round++) {
      assertThrows(type, () -> throwing.func("call").call());
      make();
    }
    assertTrue(isDirect(throwing));
  }

  private static long fail(Class<? extends Throwable> type) {
    try {
      throw type.getConstructor().newInstance();
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void trapsOfTheHostKeepTheirFrames() {
    Instance trapping =
        passing(
            new Linker()
                .func(
                    "host",
                    "f",
                    LongSupplier.class,
                    () -> {
                      throw new Trap(TrapKind.UNREACHABLE);
                    }),
            "(result i64)");
    Trap slow = assertThrows(Trap.class, () -> trapping.func("call").call());
    make();
    Trap fast = assertThrows(Trap.class, () -> trapping.func("call").call());
    assertEquals("call", fast.frames().get(0).name());
    assertEquals(slow.frames(), fast.frames());
  }

  @Test
  void theHostMayCallBack() {
    Instance nesting =
        passing(
            new Linker()
                .func(
                    "host",
                    "f",
                    IntUnaryOperator.class,
                    i ->
                        i == 0
                            ? (Integer) instance.func("again").call()
                            : 1 + (Integer) instance.func("call").call(i - 1)),
            "(param i32) (result i32)");
    assertEquals(15, nesting.func("call").call(10));
    make();
    assertTrue(isDirect(nesting));
    assertEquals(15, nesting.func("call").call(10));
    assertThrows(Trap.class, () -> nesting.func("call").call(1000));
    assertEquals(15, nesting.func("call").call(10));
  }

  /** A caller, a vector or a reference as result is what slots are for. */
  @Test
  void othersGoOnThroughSlots() throws Throwable {
    var lookup = MethodHandles.lookup();
    var callers =
        lookup.findStatic(
            HostCallablesTest.class, "caller", MethodType.methodType(int.class, Caller.class));
    Instance withCaller = passing(new Linker().func("host", "f", callers), "(result i32)");
    assertEquals(5, withCaller.func("call").call());
    assertFalse(make().getClass().isHidden());
    var vectors = MethodHandles.identity(V128.class);
    Instance withVector =
        passing(new Linker().func("host", "f", vectors), "(param v128) (result v128)");
    V128 vector = new V128(1, 2);
    assertEquals(vector, withVector.func("call").call(vector));
    assertFalse(make().getClass().isHidden());
    Instance withReference =
        passing(
            new Linker().func("host", "f", MethodHandles.identity(String.class)),
            "(param externref) (result externref)");
    assertEquals("a", withReference.func("call").call("a"));
    assertFalse(make().getClass().isHidden());
  }

  static int caller(Caller caller) {
    return (Integer) caller.instance().func("again").call();
  }

  @Test
  void eachFunctionHasItsOwnClass() {
    Instance one =
        passing(new Linker().func("host", "f", LongSupplier.class, () -> 1), "(result i64)");
    one.func("call").call();
    Object first = make();
    Instance two =
        passing(new Linker().func("host", "f", LongSupplier.class, () -> 2), "(result i64)");
    two.func("call").call();
    Object second = make();
    assertNotSame(first.getClass(), second.getClass());
    assertEquals(1L, one.func("call").call());
    assertEquals(2L, two.func("call").call());
  }

  @Test
  @Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void theClassGoesWithTheFunction() throws InterruptedException {
    WeakReference<Class<?>> made = make(store.engine());
    while (made.get() != null) {
      System.gc();
      Thread.sleep(5);
    }
  }

  private WeakReference<Class<?>> make(Engine engine) {
    Instance brief =
        new Linker()
            .func("host", "f", LongSupplier.class, () -> 1)
            .instantiate(
                engine.newStore(),
                Module.parse(
                    """
                    (module (import "host" "f" (func $f (result i64)))
                      (func (export "call") (result i64) (call $f)))
                    """));
    brief.func("call").call();
    HostCallables.make(imported(brief));
    assertEquals(1L, brief.func("call").call());
    return new WeakReference<>(imported(brief).callable.getClass());
  }
}

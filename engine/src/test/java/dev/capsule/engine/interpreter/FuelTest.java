package dev.capsule.engine.interpreter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.capsule.engine.exec.ExecStore;
import dev.capsule.engine.exec.ExecutionTier;
import dev.capsule.engine.exec.WasmFunction;
import dev.capsule.engine.module.Module;
import dev.capsule.engine.runtime.Engine;
import dev.capsule.engine.runtime.Linker;
import dev.capsule.engine.runtime.Store;
import dev.capsule.engine.runtime.Tier;
import dev.capsule.engine.script.ScriptRunner;
import dev.capsule.engine.script.Suite;
import dev.capsule.engine.text.Script;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Each invocation of the official suite takes the same fuel in the interpreter as in one that
 * counts instruction by instruction, however it ends.
 */
class FuelTest {
  /** What an invocation took: the function, the fuel, and how it ended. */
  record Use(int function, long fuel, String end) {}

  /** Passes everything on, and notes the fuel of invocations. */
  private static final class Meter implements ExecutionTier {
    private final ExecutionTier tier;
    private final List<Use> uses = new ArrayList<>();

    Meter(ExecutionTier tier) {
      this.tier = tier;
    }

    @Override
    public void invoke(ExecStore store, WasmFunction function, int sp) {
      long before = store.fuelConsumed();
      String end = "returned";
      try {
        tier.invoke(store, function, sp);
      } catch (RuntimeException e) {
        end = e.getClass().getSimpleName() + " " + e.getMessage();
        throw e;
      } finally {
        synchronized (uses) {
          uses.add(new Use(function.code.index, store.fuelConsumed() - before, end));
        }
      }
    }
  }

  private static List<Use> uses(Path script, boolean reference) throws Exception {
    Engine engine = Engine.builder().tier(Tier.INTERPRETER).build();
    Field state = Engine.class.getDeclaredField("state");
    state.setAccessible(true);
    Object inside = state.get(engine);
    Field tier = inside.getClass().getDeclaredField("tier");
    tier.setAccessible(true);
    ExecutionTier real = (ExecutionTier) tier.get(inside);
    Meter meter = new Meter(reference ? new ReferenceTier(false) : real);
    tier.set(inside, meter);
    new ScriptRunner(engine).run(Script.parse(Files.readAllBytes(script)));
    return meter.uses;
  }

  static List<Path> scripts() {
    String named = System.getProperty("capsule.suite", "");
    String root = System.getProperty("capsule.root", ".");
    Path suite = named.isEmpty() ? Path.of(root, "..", "shared", "testsuite") : Path.of(named);
    if (!Files.isDirectory(suite.resolve("core"))) {
      return List.of();
    }
    return Suite.select(List.of(suite.resolve("core"))).scripts();
  }

  @Test
  void equalsAReferenceCountForTheWholeSuite() throws Exception {
    List<Path> scripts = scripts();
    assumeTrue(
        !scripts.isEmpty(),
        "the official suite is missing; fetch it with"
            + " git clone https://github.com/WebAssembly/testsuite ../shared/testsuite/core");
    AtomicReference<Throwable> failure = new AtomicReference<>();
    // The reference nests Java calls as deep as Wasm's.
    Thread thread =
        new Thread(
            null,
            () -> {
              try {
                compare(scripts);
              } catch (Throwable e) {
                failure.set(e);
              }
            },
            "reference",
            1L << 30);
    thread.start();
    thread.join();
    if (failure.get() != null) {
      throw new AssertionError(failure.get());
    }
  }

  @ParameterizedTest
  @EnumSource(Tier.class)
  void isTheSameOverAHundredRuns(Tier tier) {
    Module module =
        Module.parse(
            """
            (module (func $fib (export "fib") (param i32) (result i32)
              (if (result i32) (i32.lt_u (local.get 0) (i32.const 2))
                (then (local.get 0))
                (else
                  (i32.add
                    (call $fib (i32.sub (local.get 0) (i32.const 1)))
                    (call $fib (i32.sub (local.get 0) (i32.const 2))))))))
            """);
    Set<Long> totals = new HashSet<>();
    for (int i = 0; i < 100; i++) {
      Store store = Engine.builder().tier(tier).background(false).build().newStore();
      new Linker().instantiate(store, module).func("fib").call(15);
      totals.add(store.fuelConsumed());
    }
    // Each of 1973 calls: 4 units to the condition; 1 more at the ends, 9 more inside.
    assertEquals(Set.of(987 * 5L + 986 * 13L), totals);
  }

  private static void compare(List<Path> scripts) throws Exception {
    long invocations = 0;
    for (Path script : scripts) {
      List<Use> expected = uses(script, true);
      List<Use> actual = uses(script, false);
      for (int i = 0; i < Math.min(expected.size(), actual.size()); i++) {
        int number = i;
        assertEquals(expected.get(i), actual.get(i), () -> script + ", invocation " + number);
      }
      assertEquals(expected.size(), actual.size(), script::toString);
      invocations += expected.size();
    }
    assertTrue(invocations > 10_000, "only " + invocations + " invocations");
  }
}

package dev.capsule.engine.compiler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.capsule.engine.module.Module;
import dev.capsule.engine.runtime.Engine;
import dev.capsule.engine.runtime.FuelMode;
import dev.capsule.engine.runtime.Func;
import dev.capsule.engine.runtime.Linker;
import dev.capsule.engine.runtime.Store;
import dev.capsule.engine.runtime.Tier;
import dev.capsule.engine.runtime.Trap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where HotSpot sees the same access fail often, it would throw without a stack trace. */
class RepeatedTrapsTest {
  private static final int CALLS = 120_000;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "(drop (i32.load8_u (local.get 0)))",
        "(drop (i32.load8_s offset=3 (local.get 0)))",
        "(i32.store8 (local.get 0) (i32.const 0))",
        "(drop (i32.load (local.get 0)))",
        "(i64.store offset=3 (local.get 0) (i64.const 0))"
      })
  void eachHasItsPlaceAndItsFuel(String access) {
    Module module =
        Module.parse(
            "(module (memory 1) (func (export \"f\") (param i32) (drop (i32.const 1)) %s))"
                .formatted(access));
    Store store =
        Engine.builder()
            .tier(Tier.JIT)
            .fuelMode(FuelMode.EXACT)
            .background(false)
            .build()
            .newStore();
    Func f = new Linker().instantiate(store, module).func("f");
    Trap first = assertThrows(Trap.class, () -> f.call(65536));
    assertEquals(1, first.frames().size());
    long before = store.fuelConsumed();
    assertThrows(Trap.class, () -> f.call(65536));
    long each = store.fuelConsumed() - before;
    for (int i = 0; i < CALLS; i++) {
      // Most calls pass, so that the access is compiled.
      if (i % 4 != 0) {
        f.call(i & 0xFFF);
        continue;
      }
      before = store.fuelConsumed();
      Trap trap = assertThrows(Trap.class, () -> f.call(65536));
      assertEquals(first.frames(), trap.frames());
      assertEquals(each, store.fuelConsumed() - before);
    }
  }
}

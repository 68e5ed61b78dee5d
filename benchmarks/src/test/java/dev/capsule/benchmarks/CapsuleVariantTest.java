package dev.capsule.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.capsule.engine.runtime.Engine;
import dev.capsule.engine.runtime.FuelMode;
import dev.capsule.engine.runtime.Store;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CapsuleVariantTest {
  @ParameterizedTest
  @CsvSource({
    "capsule-jit, EXACT",
    "capsule-jit+off, OFF",
    "capsule-interpreter+epoch+timeout, EPOCH"
  })
  void theWayToCountIsPartOfTheName(String name, FuelMode expected) {
    assertEquals(expected, CapsuleVariant.of(name).engine().fuelMode());
  }

  @Test
  void limitsAreSet() {
    CapsuleVariant variant = CapsuleVariant.of("capsule-interpreter+fuel+timeout+ram");
    Engine engine = variant.engine();
    Store store = variant.store(engine);
    assertTrue(store.fuel().isPresent());
    assertTrue(store.remainingNanos().isPresent());
    assertEquals(512L << 20, store.limits().memoryBytes());
  }

  @Test
  void theJvmIsToldWhatTheNameAsksFor() {
    assertEquals(List.of(), CapsuleVariant.of("capsule-jit+off").jvmOptions());
    assertEquals(
        List.of("--add-modules=jdk.incubator.vector", "-XX:-UseCompressedOops"),
        CapsuleVariant.of("capsule-jit+wide+vectors").jvmOptions());
  }

  @ParameterizedTest
  @ValueSource(strings = {"capsule-jit+magic", "jit", "wasmer"})
  void othersAreRefused(String name) {
    assertThrows(BenchmarkException.class, () -> CapsuleVariant.of(name));
  }
}

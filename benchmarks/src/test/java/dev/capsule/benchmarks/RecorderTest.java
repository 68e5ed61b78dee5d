package dev.capsule.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RecorderTest {
  private final Recorder recorder = new Recorder();

  private static Measurement measured(String name, String engine, String result) {
    return new Measurement("group", name, engine, "ms", List.of(1.23456789), 0, result);
  }

  @Test
  void aDifferentResultEndsTheRun() {
    recorder.add(measured("sum", "v8", "42"));
    recorder.add(measured("product", "capsule-jit", "43"));
    BenchmarkException failure =
        assertThrows(
            BenchmarkException.class, () -> recorder.add(measured("sum", "capsule-jit", "43")));
    assertTrue(failure.getMessage().contains("capsule-jit computed 43, but v8 computed 42"));
  }

  @Test
  void aFailureIsKeptAsAnOmissionThatSaysSo() {
    recorder.omit(new Omission("group", "sum", "chicory-compiler", "too slow"));
    assertFalse(recorder.hasFailed());
    recorder.fail(new Omission("group", "sum", "capsule-jit", "ended"));
    assertTrue(recorder.hasFailed());
    assertEquals(
        List.of("too slow", "FAILED: ended"),
        recorder.file(Map.of()).omissions().stream().map(Omission::reason).toList());
  }

  @Test
  void samplesKeepFiveDigits() {
    recorder.add(measured("sum", "v8", "42"));
    assertEquals(List.of(1.2346), recorder.file(Map.of()).measurements().getFirst().samples());
  }
}

package dev.capsule.benchmarks.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.capsule.benchmarks.Measurement;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LossesTest {
  @ParameterizedTest(name = "{0}: {1} in {2} ms, {3} in {4} ms")
  @CsvSource({
    "kernels, capsule-tiered, 20, v8, 10, true",
    "kernels, capsule-tiered, 20, chicory-compiler, 10, true",
    "kernels, capsule-tiered, 10, v8, 10, false",
    "kernels, capsule-tiered, 5, v8, 10, false",
    // No sandbox.
    "kernels, capsule-tiered, 20, java, 10, false",
    "javascript, capsule-tiered, 20, node, 10, false",
    "commands, capsule-warm, 20, node, 10, true",
    // Interpreters lose to interpreters.
    "python, capsule-interpreter, 20, v8, 10, false",
    "python, capsule-interpreter, 20, endive-interpreter, 10, true",
    // Not what a reader would use.
    "commands, capsule-cold, 20, v8, 10, false",
    "python, capsule-tiered, 20, capsule-jit, 10, false",
    "python, capsule-jit+off, 20, v8, 10, false",
    // Where there is no tiered engine.
    "engine, capsule-jit, 20, v8, 10, true",
  })
  void weLoseWhereAnotherIsFaster(
      String group, String ours, double ourTime, String other, double itsTime, boolean expected) {
    Measurement one = new Measurement(group, "a", ours, "ms", List.of(ourTime), 0, "");
    Measurement another = new Measurement(group, "a", other, "ms", List.of(itsTime), 0, "");
    Losses losses = Losses.of(Map.of(group, List.of(one, another)));
    assertEquals(expected, losses.isLost(one));
    assertEquals(expected, losses.isBetter(group, "a", other));
    assertEquals(expected ? 1 : 0, losses.byPair().size());
  }

  @Test
  void theCompilerAloneCountsOnlyWithoutTheTieredEngine() {
    List<Measurement> group =
        List.of(
            new Measurement("python", "a", "capsule-jit", "ms", List.of(20.0), 0, ""),
            new Measurement("python", "a", "capsule-tiered", "ms", List.of(5.0), 0, ""),
            new Measurement("python", "a", "v8", "ms", List.of(10.0), 0, ""));
    assertEquals(Map.of(), Losses.of(Map.of("python", group)).byPair());
  }
}

package dev.capsule.benchmarks.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.capsule.benchmarks.Measurement;
import dev.capsule.benchmarks.MeasurementFile;
import dev.capsule.benchmarks.Omission;
import dev.capsule.benchmarks.Recorder;
import dev.capsule.benchmarks.Settings;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real processes take turns; what one of them cannot do is left out with its reason. */
class KernelSuiteTest {
  @TempDir Path scratch;

  private MeasurementFile run(List<String> works, String... engines) {
    Path nowhere = scratch.resolve("nowhere");
    Settings settings =
        new Settings(
            true,
            Set.of(Work.KERNELS, Work.ENGINE),
            Set.of(engines),
            Set.copyOf(works),
            OptionalInt.of(3),
            OptionalInt.empty(),
            nowhere,
            nowhere,
            nowhere,
            scratch);
    Recorder recorder = new Recorder();
    new KernelSuite().run(settings, recorder);
    return recorder.file(Map.of());
  }

  @Test
  void enginesTakeTurnsAndAgree() {
    MeasurementFile file = run(List.of("copy"), "java", "capsule-interpreter");
    assertEquals(
        List.of("capsule-interpreter", "java"),
        file.measurements().stream().map(Measurement::engine).sorted().toList());
    for (Measurement each : file.measurements()) {
      assertEquals("42", each.result());
      // Others are asked less often where they are slow.
      boolean own = each.engine().startsWith("capsule");
      assertTrue(each.warm().size() == 3 || !own && !each.warm().isEmpty(), each::toString);
      assertTrue(each.warmup() > 0 || !own, each::toString);
    }
    assertEquals(List.of(), file.omissions());
  }

  @Test
  void whatCannotBeDoneIsLeftOutWithTheReason() {
    MeasurementFile file =
        run(List.of("sum-simd", "instantiate", "compile-cpython"), "java", "chicory-interpreter");
    List<String> reasons =
        file.omissions().stream()
            .map(each -> each.name() + " " + each.engine() + ": " + each.reason())
            .toList();
    assertEquals(3, reasons.size(), reasons.toString());
    assertTrue(reasons.get(0).startsWith("sum-simd chicory-interpreter: "), reasons.get(0));
    assertTrue(reasons.get(0).contains("V128_LOAD"), reasons.get(0));
    assertEquals("instantiate java: no WebAssembly in plain Java", reasons.get(1));
    assertEquals("compile-cpython all: no file " + scratch.resolve("nowhere"), reasons.get(2));
    assertEquals(
        List.of("sum-simd java", "instantiate chicory-interpreter"),
        file.measurements().stream().map(each -> each.name() + " " + each.engine()).toList());
  }

  @Test
  void everyOmissionNamesItsGroup() {
    MeasurementFile file = run(List.of("validate-cpython"), "java");
    assertEquals(
        List.of(Work.ENGINE), file.omissions().stream().map(Omission::group).distinct().toList());
  }
}

package dev.capsule.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BenchTest {
  @TempDir private Path directory;
  private final StringWriter printed = new StringWriter();

  private int bench(Object... arguments) {
    String[] words = List.of(arguments).stream().map(Object::toString).toArray(String[]::new);
    return Bench.execute(new PrintWriter(printed, true), words);
  }

  private Path file(String name, double... times) {
    List<Double> samples = Arrays.stream(times).boxed().toList();
    Measurement measurement =
        new Measurement("python", "json", "capsule-jit", "ms", samples, 0, "1");
    Path file = directory.resolve(name);
    new MeasurementFile(
            Map.of("run", "quick"),
            Map.of("python", new GroupRun(1.5, "./capsule-bench --groups python --rounds 3")),
            List.of(measurement),
            List.of())
        .write(file);
    return file;
  }

  @Test
  void helpNamesTheGroups() {
    assertEquals(0, bench("--help"));
    for (String group : List.of("python, javascript", "warm-up", "commands", "limits")) {
      assertTrue(printed.toString().contains(group + ":"), printed::toString);
    }
  }

  @Test
  void compareEndsWithOneForARegression() {
    Path fast = file("fast.json", 10, 10, 11, 11);
    Path slow = file("slow.json", 20, 20, 21, 21);
    assertEquals(1, bench("compare", fast, slow));
    assertTrue(printed.toString().contains("REGRESSION"));
    assertEquals(0, bench("compare", slow, fast));
  }

  @Test
  void partsBecomeOneReport() throws Exception {
    Path readme = directory.resolve("README.md");
    Files.writeString(readme, "a\n<!-- capsule-bench: begin -->\n<!-- capsule-bench: end -->\nb\n");
    Path report = directory.resolve("report");
    int exit = bench("report", file("one.json", 10), "--report", report, "--readme", readme);
    assertEquals(0, exit);
    assertTrue(Files.readString(report.resolve("index.html")).startsWith("<!doctype html>"));
    assertTrue(Files.readString(readme).contains("Measured on"));
  }

  @Test
  void whatCannotBeMeasuredDoesNotKeepTheRestFromBeingMeasured() {
    Path out = directory.resolve("out.json");
    Path nowhere = directory.resolve("nowhere");
    int exit =
        bench(
            "--quick",
            "--groups",
            "python,kernels",
            "--programs",
            "copy",
            "--engines",
            "java",
            "--rounds",
            "2",
            "--python",
            nowhere,
            "--report",
            directory,
            "--out",
            out);
    assertEquals(0, exit);
    MeasurementFile file = MeasurementFile.read(out);
    assertEquals(List.of("python", "kernels"), List.copyOf(file.groups().keySet()));
    assertEquals(
        "./capsule-bench --quick --groups kernels --engines java --programs copy --rounds 2"
            + " --python "
            + nowhere,
        file.groups().get("kernels").command());
    assertTrue(file.groups().get("kernels").seconds() > 0);
    assertEquals(
        List.of("copy java"),
        file.measurements().stream().map(each -> each.name() + " " + each.engine()).toList());
    assertEquals(
        List.of("there is no " + nowhere),
        file.omissions().stream().map(Omission::reason).toList());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"--groups none", "--rounds 0", "--rounds many", "--fast", "compare one", "report"})
  void wrongUsageEndsWithTwo(String line) {
    assertEquals(2, bench((Object[]) line.split(" ")));
  }

  @Test
  void aFileThatIsNotThereEndsWithOne() {
    assertEquals(1, bench("report", directory.resolve("none.json")));
  }
}

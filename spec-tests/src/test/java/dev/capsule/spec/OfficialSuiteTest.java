package dev.capsule.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.capsule.engine.runtime.Tier;
import dev.capsule.engine.script.Suite;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;

/**
 * The official suite of WebAssembly 3.0 and its proposals. It is looked for in {@code
 * -Dcapsule.suite=DIR}, then beside the project; without it the tests are reported as skipped.
 */
class OfficialSuiteTest {
  /** What the suite held when it was pinned; fewer mean that the runner leaves something out. */
  private static final int LEAST = 63_000;

  private static final String FETCH =
      """
      the official suite is missing; fetch it with
        git clone https://github.com/WebAssembly/testsuite ../shared/testsuite/core
        git -C ../shared/testsuite/core checkout 193e551
      or name its folder with -Dcapsule.suite=DIR (DIR/core holds the scripts)\
      """;

  @TestFactory
  Stream<DynamicNode> core() {
    Path core = directory().resolve("core");
    if (!Files.isDirectory(core)) {
      return Stream.of(dynamicTest("core", () -> Assumptions.abort(FETCH)));
    }
    List<Path> scripts = Suite.select(List.of(core)).scripts();
    return Arrays.stream(Tier.values()).map(tier -> onTier(tier, core, scripts));
  }

  private static DynamicContainer onTier(Tier tier, Path core, List<Path> scripts) {
    Suite suite = new Suite(tier);
    AtomicInteger passed = new AtomicInteger();
    List<DynamicNode> tests = new ArrayList<>();
    for (Path script : scripts) {
      tests.add(
          ScriptTests.of(suite, tier, core, script, report -> passed.addAndGet(report.passed())));
    }
    tests.add(
        dynamicTest(
            "at least " + LEAST + " assertions",
            () -> {
              ScriptTests.assumeUsable(tier);
              assertTrue(passed.get() >= LEAST, passed + " passed");
            }));
    tests.add(
        dynamicTest(
            "every function could be compiled",
            () -> assertEquals(List.of(), suite.compilationFailures())));
    return dynamicContainer(ScriptTests.name(tier), tests);
  }

  private static Path directory() {
    String named = System.getProperty("capsule.suite", "");
    return named.isEmpty()
        ? Path.of(System.getProperty("capsule.root", ".."), "..", "shared", "testsuite").normalize()
        : Path.of(named);
  }
}

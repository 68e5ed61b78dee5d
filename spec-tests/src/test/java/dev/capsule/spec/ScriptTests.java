package dev.capsule.spec;

import static org.junit.jupiter.api.Assertions.fail;

import dev.capsule.engine.runtime.Engine;
import dev.capsule.engine.runtime.Tier;
import dev.capsule.engine.script.ScriptReport;
import dev.capsule.engine.script.Suite;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.Consumer;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;

/** A dynamic test for a script file on a tier. */
final class ScriptTests {
  private static final int SHOWN = 20;

  private ScriptTests() {}

  /** The name of a tier in test reports. */
  static String name(Tier tier) {
    return tier.name().toLowerCase(Locale.ROOT);
  }

  /** Reports a tier that cannot be used here as skipped. */
  static void assumeUsable(Tier tier) {
    try {
      Engine.builder().tier(tier).build();
    } catch (IllegalStateException e) {
      Assumptions.abort(e.getMessage());
    }
  }

  static DynamicTest of(Suite suite, Tier tier, Path root, Path script, Consumer<ScriptReport> to) {
    return DynamicTest.dynamicTest(
        root.relativize(script).toString(),
        script.toUri(),
        () -> {
          assumeUsable(tier);
          ScriptReport report = suite.run(script);
          to.accept(report);
          if (report.failed() > 0 || report.skipped() > 0) {
            fail(describe(script, report));
          }
        });
  }

  private static String describe(Path script, ScriptReport report) {
    StringBuilder text = new StringBuilder();
    text.append(report.failed()).append(" failed, ").append(report.skipped()).append(" skipped");
    report.failures().stream()
        .limit(SHOWN)
        .forEach(
            failure ->
                text.append('\n')
                    .append(script)
                    .append(':')
                    .append(failure.line())
                    .append(": ")
                    .append(failure.reason()));
    return text.toString();
  }
}

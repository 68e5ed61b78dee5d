package dev.capsule.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.capsule.engine.runtime.Tier;
import dev.capsule.engine.script.ScriptReport;
import dev.capsule.engine.script.Suite;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/**
 * {@code capsule wast PATH…}: runs test scripts, with a line for every command that fails; exit 1
 * if one does.
 */
final class WastCommand implements Subcommand {
  private final OptionSpec engine =
      OptionSpec.builder("--engine")
          .paramLabel("TIER")
          .type(String.class)
          .defaultValue("tiered")
          .description("How code runs: interpreter, jit or tiered (the default).")
          .build();

  private final OptionSpec json =
      OptionSpec.builder("--json")
          .type(boolean.class)
          .defaultValue("false")
          .description("Print one JSON object instead of lines.")
          .build();

  private final PositionalParamSpec paths =
      PositionalParamSpec.builder()
          .index("0..*")
          .arity("1..*")
          .paramLabel("PATH")
          .type(List.class)
          .auxiliaryTypes(Path.class)
          .description("Scripts, and folders that hold .wast files at any depth.")
          .build();

  @Override
  public void describe(CommandSpec spec) {
    spec.usageMessage().description("Runs test scripts of the official suite's kind.");
    spec.addOption(engine).addOption(json).addPositional(paths);
  }

  @Override
  public int run(ParseResult arguments) {
    var commandLine = arguments.commandSpec().commandLine();
    PrintWriter out = commandLine.getOut();
    Suite suite = new Suite(tier(arguments));
    Suite.Selection selection = Suite.select(paths.getValue());
    boolean lines = !json.<Boolean>getValue();
    if (lines) {
      for (Path folder : selection.excluded()) {
        out.println(folder + ": left out, the proposal is not supported");
      }
    }
    int passed = 0;
    int failed = 0;
    int skipped = 0;
    JsonArray files = new JsonArray();
    for (Path script : selection.scripts()) {
      ScriptReport[] done = new ScriptReport[1];
      if (!FileFailure.attempt(script, commandLine.getErr(), () -> done[0] = suite.run(script))) {
        failed++;
        continue;
      }
      ScriptReport report = done[0];
      passed += report.passed();
      failed += report.failed();
      skipped += report.skipped();
      if (lines) {
        for (ScriptReport.Failure failure : report.failures()) {
          out.println(script + ":" + failure.line() + ": " + failure.reason());
        }
        out.flush();
      } else {
        files.add(describe(script, report));
      }
    }
    if (lines) {
      out.println(passed + " passed, " + failed + " failed, " + skipped + " skipped");
    } else {
      JsonObject all = counts(passed, failed, skipped);
      JsonArray excluded = new JsonArray();
      selection.excluded().forEach(folder -> excluded.add(folder.toString()));
      all.add("leftOut", excluded);
      all.add("files", files);
      out.println(all);
    }
    out.flush();
    return failed == 0 ? 0 : 1;
  }

  private Tier tier(ParseResult arguments) {
    String name = engine.getValue();
    for (Tier tier : Tier.values()) {
      if (tier.name().toLowerCase(Locale.ROOT).equals(name)) {
        return tier;
      }
    }
    throw new ParameterException(
        arguments.commandSpec().commandLine(),
        "Unknown engine '" + name + "'; use interpreter, jit or tiered.");
  }

  private static JsonObject describe(Path script, ScriptReport report) {
    JsonObject file = new JsonObject();
    file.addProperty("file", script.toString());
    counts(report.passed(), report.failed(), report.skipped())
        .entrySet()
        .forEach(entry -> file.add(entry.getKey(), entry.getValue()));
    JsonArray failures = new JsonArray();
    for (ScriptReport.Failure failure : report.failures()) {
      JsonObject described = new JsonObject();
      described.addProperty("line", failure.line());
      described.addProperty("reason", failure.reason());
      failures.add(described);
    }
    file.add("failures", failures);
    return file;
  }

  private static JsonObject counts(int passed, int failed, int skipped) {
    JsonObject counts = new JsonObject();
    counts.addProperty("passed", passed);
    counts.addProperty("failed", failed);
    counts.addProperty("skipped", skipped);
    return counts;
  }
}

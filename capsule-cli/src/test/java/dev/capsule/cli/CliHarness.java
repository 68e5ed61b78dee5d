package dev.capsule.cli;

import dev.capsule.task.Capsule;
import dev.capsule.task.FakeRuntime;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import picocli.CommandLine;

/** Runs command lines in a directory, with a runtime of the test's. */
final class CliHarness {
  final ByteArrayOutputStream out = new ByteArrayOutputStream();
  final ByteArrayOutputStream err = new ByteArrayOutputStream();
  final Map<String, String> environment = new HashMap<>();
  boolean terminal;
  private InputStream in = InputStream.nullInputStream();
  private final Path directory;
  private final FakeRuntime[] runtimes;

  CliHarness(Path directory, FakeRuntime... runtimes) {
    this.directory = directory;
    this.runtimes = runtimes;
  }

  CliHarness input(String text) {
    in = new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    return this;
  }

  CliHarness input(InputStream stream) {
    in = stream;
    return this;
  }

  int run(String... words) {
    out.reset();
    err.reset();
    Streams streams =
        new Streams(
            in,
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            terminal,
            environment,
            directory);
    Supplier<Capsule.Builder> capsules =
        () -> {
          Capsule.Builder builder = Capsule.builder().parallel(3);
          for (FakeRuntime runtime : runtimes) {
            builder.runtime(runtime);
          }
          return builder;
        };
    CommandLine line =
        Main.commandLine(
            List.of(
                new Main.Entry("run", () -> new RunCommand(streams, capsules)),
                new Main.Entry("eval", () -> new EvalCommand(streams, capsules)),
                new Main.Entry("build", () -> new BuildCommand(streams, capsules)),
                new Main.Entry("explain", () -> new ExplainCommand(streams, capsules)),
                new Main.Entry("worker", () -> new WorkerCommand(streams, capsules)),
                new Main.Entry("trace", () -> new TraceCommand(streams)),
                new Main.Entry("cache", () -> new CacheCommand(streams))),
            words);
    line.setOut(new PrintWriter(streams.out(), true)).setErr(new PrintWriter(streams.err(), true));
    return line.execute(words);
  }

  String out() {
    return out.toString(StandardCharsets.UTF_8);
  }

  String err() {
    return err.toString(StandardCharsets.UTF_8);
  }
}

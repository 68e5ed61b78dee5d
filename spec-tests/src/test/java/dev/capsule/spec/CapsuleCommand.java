package dev.capsule.spec;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Assumptions;

/** The command as a user starts it: a process of its own, from the distribution that was built. */
final class CapsuleCommand {
  private static final Path ROOT =
      Path.of(System.getProperty("capsule.root", "..")).toAbsolutePath().normalize();
  private final Path directory;

  /**
   * What a finished process left.
   *
   * @param exitCode its exit code
   * @param out standard output
   * @param err standard error
   */
  record Outcome(int exitCode, String out, String err) {}

  /** The command, given in {@code directory}; without a distribution, the test is skipped. */
  CapsuleCommand(Path directory) {
    this.directory = directory;
    Assumptions.assumeTrue(
        Files.exists(ROOT.resolve("capsule-cli/target/capsule/built")),
        "there is no distribution; mvn package of capsule-cli makes it");
  }

  /** The file to start. */
  static Path file() {
    return ROOT.resolve("capsule");
  }

  /** A process of it that has not been started yet. */
  ProcessBuilder process(String... words) {
    List<String> command = new ArrayList<>(List.of(file().toString()));
    command.addAll(List.of(words));
    ProcessBuilder process = new ProcessBuilder(command).directory(directory.toFile());
    // Short lives: the optimising compiler would only take time from the tests.
    process.environment().put("CAPSULE_JAVA_OPTS", "-XX:TieredStopAtLevel=1");
    return process;
  }

  /** Runs it to its end. */
  Outcome run(String... words) throws IOException, InterruptedException {
    return outcome(process(words).start());
  }

  /** Waits for a process that has no input. */
  static Outcome outcome(Process process) throws IOException, InterruptedException {
    process.getOutputStream().close();
    CompletableFuture<String> err =
        CompletableFuture.supplyAsync(() -> text(process.getErrorStream()));
    String out = text(process.getInputStream());
    return new Outcome(process.waitFor(), out, err.join());
  }

  private static String text(InputStream in) {
    try {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      return "cannot be read: " + e;
    }
  }
}

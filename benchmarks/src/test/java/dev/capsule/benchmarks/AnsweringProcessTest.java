package dev.capsule.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Processes of a shell: what engines may answer, and what becomes of it. */
class AnsweringProcessTest {
  private static final Predicate<String> NUMBER = line -> line.matches("[0-9]+");

  @TempDir private Path directory;

  private AnsweringProcess shell(String script) {
    return new AnsweringProcess("sh", List.of("sh", "-c", script), directory.resolve("errors.log"));
  }

  @Test
  void otherLinesDoNotCount() {
    try (AnsweringProcess process =
        shell("echo hello; echo ready; read line; echo $line; echo 42")) {
      process.awaitReady(30);
      assertEquals("42", process.ask("run", NUMBER, 30));
      assertTrue(process.peakMemory().orElse(1) > 0);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "cannot do SIMD, do SIMD",
    "cannot, sh ended and did not get ready",
    "oops, sh ended and did not get ready",
  })
  void aRefusalAndAnEndAreNoAnswers(String line, String message) {
    try (AnsweringProcess process = shell("echo " + line)) {
      NoAnswerException failure =
          assertThrows(NoAnswerException.class, () -> process.awaitReady(30));
      assertEquals(message, failure.getMessage());
    }
  }

  /** Many times: its end may be seen before whoever ended it goes on. */
  @RepeatedTest(20)
  void whatIsTooSlowIsEnded() {
    try (AnsweringProcess process = shell("exec sleep 600")) {
      NoAnswerException failure =
          assertThrows(NoAnswerException.class, () -> process.awaitReady(0));
      assertEquals("sh did not get ready within 0 s", failure.getMessage());
    }
  }
}

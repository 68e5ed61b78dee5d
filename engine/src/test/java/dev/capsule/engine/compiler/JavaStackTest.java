package dev.capsule.engine.compiler;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Compiled code never uses a thread's stack up, however the JVM runs it: interpreted frames are
 * largest for functions with many locals, those of C1 for functions with many values.
 */
class JavaStackTest {
  @ParameterizedTest
  @CsvSource({
    "2, -Xint",
    "20, -XX:TieredStopAtLevel=1 -XX:CompileThresholdScaling=0.02 -Xbatch",
    "20, -XX:TieredStopAtLevel=3 -XX:CompileThresholdScaling=0.02 -Xbatch",
  })
  void recursionsEndAsInTheInterpreter(String rounds, String flags)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(System.getProperty("java.home") + File.separator + "bin" + File.separator + "java");
    command.addAll(List.of(flags.split(" ")));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(DeepRecursion.class.getName());
    command.add(rounds);
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    assertEquals("done", output.strip());
  }
}

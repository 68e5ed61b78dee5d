package dev.capsule.task.project;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.capsule.compatibility.Differs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class EnvironmentTest {
  @TempDir private Path temp;

  static Stream<Arguments> values() {
    return Stream.of(
        arguments("A=1", "1"),
        arguments("  A = 1  ", "1"),
        arguments("export A=1", "1"),
        arguments("A=", ""),
        arguments("# c\n\nA=1 # comment", "1"),
        arguments("A=a#b", "a#b"),
        arguments("A='x $B \\t'", "x $B \\t"),
        arguments("A=\"x\\ty\\q\"", "x\ty\\q"),
        arguments("A=\"two\nlines\"", "two\nlines"),
        arguments("A='two\nlines'\nB=2", "two\nlines"),
        arguments("B=b\nA=${B}$B-$", "bb-$"),
        arguments("A=$HOME/x", "/home/me/x"),
        arguments("A=$NONE", ""),
        arguments("A='1' # c", "1"),
        arguments("A=1\nA=2", "2"),
        arguments("A=x=y", "x=y"),
        arguments("\ufeffA=1\r\n", "1"));
  }

  @ParameterizedTest
  @MethodSource
  void values(String file, String value) throws IOException {
    assertEquals(value, load(file).select(List.of("A")).get("A"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "A| line 1: \"=\" is missing",
        "A=1\\nB C=2| line 2",
        "=1| line 1: a variable's name",
        "A='x| closing quote",
        "A=\"x| closing quote",
        "A='1' x| text after the value",
        "A=${B| } is missing",
        "1A=2| name is missing",
      })
  void damagedFilesAreFatal(String file, String message) {
    ProjectException e =
        assertThrows(ProjectException.class, () -> load(file.replace("\\n", "\n")));
    assertTrue(e.getMessage().contains(".env: line"), e.getMessage());
    assertTrue(e.getMessage().contains(message), e.getMessage());
  }

  @Test
  @Differs(
      section = "Configuration",
      topic = "`.env` files",
      original = "the earlier file wins; values enter the process's environment",
      here = "the more special file wins; a map")
  void theProcessWinsThenTheMoreSpecialFile() throws IOException {
    String all = "P=%1$s\nL=%1$s\nPR=%1$s\nD=%1$s\nE=%1$s\n";
    Files.writeString(temp.resolve(".env"), all.formatted("env"));
    Files.writeString(temp.resolve(".env.development"), "P=dev\nL=dev\nPR=dev\nD=dev\n");
    Files.writeString(temp.resolve(".env.production"), "P=prod\nL=prod\nPR=prod\n");
    Files.writeString(temp.resolve(".env.local"), "P=local\nL=local\n");
    Environment environment = Environment.load(temp, Map.of("P", "process"));
    assertEquals(
        Map.of("P", "process", "L", "local", "PR", "prod", "D", "dev", "E", "env"),
        environment.select(List.of("P", "L", "PR", "D", "E", "MISSING")));
    assertEquals(null, System.getenv("PR"));
  }

  private Environment load(String file) throws IOException {
    Files.writeString(temp.resolve(".env"), file);
    return Environment.load(temp, Map.of("HOME", "/home/me"));
  }
}

package dev.capsule.task.guest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Interpreters that have started before know nothing of any task, and no task can tell. */
@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class KeptInterpreterTest {
  private static final String PYTHON_STATE =
      """
      import json, os, random, sys, time, uuid, secrets
      def main():
          print("to stdout")
          return {
              "hashes": [hash("a"), hash("b"), list({"x", "y", "z"})],
              "random": [random.random(), uuid.uuid4().hex, secrets.token_hex(8)],
              "env": dict(os.environ), "argv": sys.argv, "time": time.time(),
              "modules": sorted(sys.modules)}
      """;

  private static final String JAVASCRIPT_STATE =
      """
      export function main() {
        console.log('to stdout');
        return { random: [Math.random(), crypto.randomUUID()], env: process.env,
          argv: process.argv, time: Date.now() };
      }
      """;

  private static GuestReply run(GuestRun run, boolean kept, long seed) {
    run.seed = OptionalLong.of(seed);
    run.argv = List.of("one", "two");
    run.environment = Map.of("KEY", "value");
    return kept ? run.main("[]") : run.mainFresh("[]");
  }

  @ParameterizedTest
  @ValueSource(strings = {PYTHON_STATE, JAVASCRIPT_STATE})
  void aKeptInterpreterDoesWhatANewOneDoes(String source) {
    boolean python = source.equals(PYTHON_STATE);
    GuestRun kept = python ? GuestRun.python(source) : GuestRun.javaScript(source);
    GuestRun fresh = python ? GuestRun.python(source) : GuestRun.javaScript(source);
    GuestReply expected = run(fresh, false, 7);
    GuestReply reply = run(kept, true, 7);
    assertEquals(GuestRun.result(expected), GuestRun.result(reply));
    assertEquals(expected.fuel(), reply.fuel());
    assertEquals(expected.peakRam(), reply.peakRam());
    assertEquals(fresh.out(), kept.out());
    assertTrue(GuestRun.result(reply).contains("\"KEY\":\"value\""), GuestRun.result(reply));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "import random, uuid, secrets, os\n"
            + "def main(): return [random.random(), uuid.uuid4().hex, secrets.token_hex(8),"
            + " os.urandom(8).hex()]",
        "import tempfile\ndef main(): return next(tempfile._get_candidate_names())",
        "export const main = () => [Math.random(), crypto.randomUUID(),"
            + " [...crypto.getRandomValues(new Uint8Array(8))]];"
      })
  void everyTaskHasRandomnessOfItsOwn(String source) {
    boolean python = source.startsWith("import");
    String first = (python ? GuestRun.python(source) : GuestRun.javaScript(source)).result();
    String second = (python ? GuestRun.python(source) : GuestRun.javaScript(source)).result();
    for (String part : first.replaceAll("[\\[\\]]", "").split(",\"|,(?=0\\.)")) {
      assertTrue(!second.contains(part) || part.length() < 6, part + " again in " + second);
    }
    assertNotEquals(first, second);
  }

  @Test
  void oneTaskLeavesNothingToTheNext() {
    String source =
        """
        import sys
        def main():
            found = hasattr(sys, "left_behind")
            sys.left_behind = True
            return found
        """;
    assertEquals("false", GuestRun.python(source).result());
    assertEquals("false", GuestRun.python(source).result());
  }

  @Test
  void itsFuelIsTheSameEveryTime() {
    GuestRun run = GuestRun.python("def main(): return sum(range(1000))");
    long fuel = run.main("[]").fuel();
    assertEquals(fuel, run.main("[]").fuel());
    assertEquals(fuel, run.mainFresh("[]").fuel());
  }

  @Test
  void directoriesThatAreGrantedLaterAreThere(@TempDir Path folder) throws Exception {
    Files.writeString(folder.resolve("text"), "content");
    Files.createDirectory(folder.resolve("inner"));
    Files.writeString(folder.resolve("inner/text"), "inner content");
    String source =
        """
        import os
        def read(path):
            try:
                with open(path) as file:
                    return file.read()
            except OSError as error:
                return error.errno
        def main():
            with open("/data/made", "w") as file:
                file.write("by the task")
            os.rename("/data/made", "/data/inner/moved")
            return [read(p) for p in ("/data/text", "data/text", "/data/inner/text", "/text",
                "/data/../data/text", "/read/text", "/data/missing", "/elsewhere")] + [
                sorted(os.listdir("/data")), os.path.isdir("/read"), os.path.exists("/"),
                read("/read/../data/text")]
        """;
    for (boolean kept : new boolean[] {false, true}) {
      GuestRun run = GuestRun.python(source);
      run.preopens =
          List.of(
              new Preopen(folder.toRealPath(), "/data", true, Set.of()),
              new Preopen(folder.toRealPath().resolve("inner"), "/read", false, Set.of()));
      GuestReply reply = kept ? run.main("[]") : run.mainFresh("[]");
      assertEquals(
          "[\"content\",\"content\",\"inner content\",44,63,\"inner content\",44,44,"
              + "[\"inner\",\"text\"],true,false,63]",
          GuestRun.result(reply),
          kept ? "kept" : "new");
      Files.delete(folder.resolve("inner/moved"));
    }
  }

  @Test
  void aDirectoryWhereTheLibraryIsStartsAnInterpreterOfItsOwn(@TempDir Path folder)
      throws Exception {
    Files.writeString(folder.resolve("text"), "content");
    GuestRun run = GuestRun.python("def main(): return open('/usr/data/text').read()");
    run.preopens = List.of(new Preopen(folder.toRealPath(), "/usr/data", false, Set.of()));
    assertEquals("\"content\"", run.result());
  }
}

package dev.capsule.task.guest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.capsule.compatibility.Differs;
import dev.capsule.task.guest.GuestReply.Completed;
import dev.capsule.task.guest.GuestReply.Failed;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PythonGuestTest {
  /** Programs that check the SDK from the inside and return "ok". */
  @ParameterizedTest
  @ValueSource(strings = {"calls.py", "web.py", "loop.py"})
  void checksFromInside(String name) throws IOException {
    String source = GuestTexts.read("python/" + name);
    GuestRun run = new GuestRun(name, Map.of(name, source));
    run.http = GuestTexts::webServer;
    assertEquals("\"ok\"", run.result());
  }

  @Test
  @Differs(
      section = "Configuration",
      topic = "how tasks are found",
      original = "scan of the source text",
      here = "loading the file without grants; any expression counts")
  void declarationsComeFromLoading() {
    Build build =
        GuestRun.python(
                """
                from capsule import task

                @task(name="sum", compute="LOW", allowed_files=("./a", {"path": "b", "mode": "ro"}))
                async def add(a, b=2, *rest):
                    return a + b

                @task
                def bare():
                    pass

                def main(name):
                    pass
                """)
            .build();
    assertEquals(
        List.of(
            new TaskDeclaration(
                "sum",
                "{\"name\":\"sum\",\"compute\":\"LOW\",\"allowed_files\":[\"./a\",\"b:ro\"]}",
                "add(a, b=2, *rest)",
                "main.py",
                3,
                false),
            new TaskDeclaration("bare", "{}", "bare()", "main.py", 7, false),
            new TaskDeclaration("main", "{}", "main(name)", "main.py", 11, true)),
        build.tasks());
  }

  @Test
  void aProgramThatDoesNotLoadSaysWhere() {
    LoadException e =
        assertThrows(
            LoadException.class, () -> GuestRun.python("x = 1\ndef f(:\n  pass\n").build());
    assertEquals("SyntaxError: invalid syntax (main.py, line 2)", e.getMessage());
    e =
        assertThrows(
            LoadException.class,
            () ->
                new GuestRun("main.py", Map.of("main.py", "import inner", "inner.py", "1/0"))
                    .build());
    assertTrue(e.traceback().contains("File \"inner.py\", line 1, in <module>\n    1/0"));
    assertFalse(e.traceback().contains("<capsule"), e.traceback());
  }

  @Test
  void argumentsEnvironmentAndOutputArrive() {
    GuestRun run =
        GuestRun.python(
            """
            import os, sys
            def main(*args, **kwargs):
                print("out", end="")
                print("err", file=sys.stderr)
                return [args, kwargs, sys.argv, dict(os.environ), sys.stdin.read()]
            """);
    run.environment = Map.of("NAME", "välue");
    run.argv = List.of("5", "--x");
    assertEquals(
        "[[1,\"zw\\u00f6lf\",null],{\"k\":[true]},[\"main.py\",\"5\",\"--x\"],"
            + "{\"NAME\":\"v\\u00e4lue\"},\"\"]",
        GuestRun.result(run.task("main", "[1, \"zwölf\", null]", "{\"k\": [true]}")));
    assertEquals("out", run.out());
    assertEquals("err\n", run.err());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{1, 2} | result: set has no JSON form (use sorted() or list())",
        "{'items': [1, 2, b'x']} | result.items[2]: bytes has no JSON form (use base64 or"
            + " .decode())",
        "[float('nan')] | result[0]: nan has no JSON form",
        "{'a b': {(1, 2): 3}} | result['a b']: a key is tuple, JSON keys are strings",
        "(x := []).append(x) or x | result[0]: refers back to a value that contains it",
        "(i for i in [1]) | result: generator has no JSON form (use list())",
      })
  void resultsThatJsonCannotCarry(String expression, String message) {
    Failed failed = GuestRun.python("def main():\n    return " + expression).failure();
    assertEquals(ErrorType.INVALID_RESULT, failed.type());
    assertEquals(message, failed.message());
  }

  @Test
  void tooLargeAResultIsInvalid() {
    GuestRun run = GuestRun.python("def main():\n    return 'x' * 3_000_000");
    Failed failed = run.failure();
    assertEquals(ErrorType.INVALID_RESULT, failed.type());
    assertEquals("the result is larger than 1048576 bytes", failed.message());
  }

  @Test
  void exceptionsComeWithTypeAndTraceback() {
    Failed failed =
        GuestRun.python(
                """
                import json
                class Mine(Exception):
                    pass
                def main():
                    try:
                        json.loads("{")
                    except ValueError as e:
                        raise Mine("no " + "way") from e
                """)
            .failure();
    assertEquals(ErrorType.TASK_ERROR, failed.type());
    assertEquals("no way", failed.message());
    assertEquals(Optional.of("main.Mine"), failed.exception());
    String traceback = failed.traceback().orElseThrow();
    assertTrue(traceback.contains("File \"json/decoder.py\""), traceback);
    assertTrue(
        traceback.endsWith(
            """
            Traceback (most recent call last):
              File "main.py", line 8, in main
                raise Mine("no " + "way") from e
            main.Mine: no way
            """),
        traceback);
    assertFalse(traceback.contains("capsule"), traceback);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "import sys; sys.exit(0) | null |",
        "import sys; sys.exit(3) | | exit: 3",
        "raise KeyboardInterrupt() | | `` ",
        "f = lambda: f(); f() | | maximum recursion depth exceeded",
        "import nothing | | No module named 'nothing'",
        "import socket; socket.socket().bind(('', 80)) | | servers are not available in a sandbox",
        "import threading; threading.Thread(target=print).start() | | can't start new thread",
      })
  void waysToEnd(String statement, String result, String message) {
    GuestRun run = GuestRun.python("def main():\n    " + statement);
    GuestReply.Outcome outcome = run.main("[]").outcome();
    if (result != null) {
      assertEquals(new Completed(result), outcome);
    } else {
      Failed failed = assertInstanceOf(Failed.class, outcome);
      assertEquals(ErrorType.TASK_ERROR, failed.type());
      assertEquals(message == null ? "" : message.strip(), failed.message());
    }
  }

  @Test
  void whichFunctionRuns() {
    String two =
        "from capsule import task\n@task\ndef a():\n    return 1\n@task\ndef b(): return 2\n";
    assertEquals("2", GuestRun.result(GuestRun.python(two).task("b", "[]", "{}")));
    assertEquals("1", GuestRun.result(GuestRun.python(two).main("[]")));
    Failed failed =
        assertInstanceOf(Failed.class, GuestRun.python(two).task("c", "[]", "{}").outcome());
    assertEquals("no task named 'c'; tasks: a, b", failed.message());
    assertEquals(
        "main.py has no tasks: decorate a function with @task, or define main()",
        GuestRun.python("x = 1").failure().message());
  }

  @Test
  void importsSeeTheProgramAndNothingElse() {
    GuestRun run =
        new GuestRun(
            "app/main.py",
            Map.of(
                "app/main.py",
                """
                import os, helper, pkg.sub, space.inner, random, top
                def main():
                    try:
                        open("/app/main.py")
                    except OSError as e:
                        seen = e.errno
                    return [helper.X, pkg.sub.Y, pkg.sub.up(), space.inner.Z, random.MINE, top.T, seen]
                """,
                "app/helper.py",
                "X = 1",
                "app/pkg/__init__.py",
                "W = 4",
                "app/pkg/sub.py",
                "from . import W\nY = 2\ndef up(): return W",
                "app/space/inner.py",
                "Z = 3",
                "app/random.py",
                "MINE = 'shadow'",
                "top.py",
                "T = 6"));
    assertEquals("[1,2,4,3,\"shadow\",6,44]", run.result());
  }

  @Test
  void filesAreThoseGranted(@TempDir Path folder) throws IOException {
    Files.writeString(folder.resolve("in.txt"), "one\ntwo\n");
    GuestRun run =
        GuestRun.python(
            """
            import os, pathlib
            def main(path, mode):
                if mode == "work":
                    lines = open("./data/in.txt").read().splitlines()
                    pathlib.Path("/data/out.txt").write_text("ü" * 3)
                    os.mkdir("/data/d")
                    return [lines, sorted(os.listdir("/data"))]
                open(path, mode)
            """);
    run.preopens =
        List.of(
            new Preopen(folder, "/data", true, Set.of(".capsule")),
            new Preopen(folder, "/ro", false, Set.of(".capsule")));
    assertEquals(
        "[[\"one\",\"two\"],[\"d\",\"in.txt\",\"out.txt\"]]",
        GuestRun.result(run.main("[\"\",\"work\"]")));
    assertEquals("üüü", Files.readString(folder.resolve("out.txt"), StandardCharsets.UTF_8));
    for (String refused :
        List.of("[\"/ro/x\",\"w\"]", "[\"/etc/passwd\",\"r\"]", "[\"/data/../../x\",\"r\"]")) {
      Failed failed = assertInstanceOf(Failed.class, run.main(refused).outcome());
      assertEquals(ErrorType.FILE_DENIED, failed.type(), refused);
    }
    Failed missing = assertInstanceOf(Failed.class, run.main("[\"/data/y\",\"r\"]").outcome());
    assertEquals(ErrorType.TASK_ERROR, missing.type());
  }

  @Test
  void deniedHostsAreNamedWhateverLibraryAsked() {
    for (String statement :
        List.of(
            "from capsule import http; http.get('http://x.example/')",
            "import urllib.request; urllib.request.urlopen('http://x.example/')")) {
      GuestRun run = GuestRun.python("def main():\n    " + statement);
      run.http =
          call -> new HttpReply.Failure(HttpReply.Reason.DENIED, "host 'x.example' is not allowed");
      Failed failed = run.failure();
      assertEquals(ErrorType.HOST_DENIED, failed.type(), statement);
      assertTrue(failed.message().contains("host 'x.example' is not allowed"), failed.message());
    }
  }

  @Test
  void fuelIsExactAndDoesNotCountTheStartUp() {
    String loop = "def main():\n    n = 0\n    for i in range(1000):\n        n += i\n    return n";
    GuestReply first = GuestRun.python(loop).main("[]");
    assertEquals(new Completed("499500"), first.outcome());
    assertEquals(first.fuel(), GuestRun.python(loop).main("[]").fuel());
    assertTrue(first.fuel() < 5_000_000, "charged " + first.fuel());
    GuestRun exact = GuestRun.python(loop);
    exact.fuel = first.fuel() / 2;
    GuestReply stopped = exact.main("[]");
    assertEquals(
        new Failed(ErrorType.OUT_OF_FUEL, "the task used up its fuel of " + exact.fuel),
        stopped.outcome());
    assertEquals(exact.fuel, stopped.fuel());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x = []\n    while True: x.append(bytearray(1 << 20))",
        "x = 'a' * (1 << 30)",
        "x = [0]\n    while True: x = x + x",
      })
  void memoryIsLimited(String bomb) {
    GuestRun run = GuestRun.python("def main():\n    " + bomb);
    run.ram = 32L << 20;
    GuestReply reply = run.main("[]");
    Failed failed = assertInstanceOf(Failed.class, reply.outcome());
    assertEquals(ErrorType.OUT_OF_MEMORY, failed.type());
    assertTrue(reply.peakRam() <= run.ram);
  }

  @Test
  void lessMemoryThanTheInterpreterNeedsIsToldSo() {
    GuestRun run = GuestRun.python("def main(): pass");
    run.ram = 5L << 20;
    assertEquals(ErrorType.OUT_OF_MEMORY, run.failure().type());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "while True: pass",
        "import time; time.sleep(1000)",
        "import asyncio; asyncio.run(asyncio.sleep(1000))",
        "import re; re.match('(a+)+$', 'a' * 64 + 'b')",
        "sum(i for i in iter(int, 1))",
      })
  void cancellationStopsEverything(String statement) {
    GuestRun run = GuestRun.python("import asyncio, re, time\ndef main():\n    " + statement);
    TestCancellation cancellation = new TestCancellation();
    run.cancellation = cancellation;
    run.whenStarted = () -> cancellation.requestAfterMillis(100);
    assertEquals(ErrorType.CANCELLED, run.failure().type());
  }
}

package dev.capsule.cli;

import dev.capsule.engine.runtime.Engine;
import dev.capsule.engine.runtime.Tier;
import dev.capsule.task.Capsule;
import dev.capsule.task.guest.javascript.JavaScriptGuest;
import dev.capsule.task.guest.python.PythonGuest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Runs, in one process, what most commands do first. The launcher lets the JVM record it once after
 * a build and starts every command from that record.
 */
final class Training {

  /** A command that uses a little of everything: files, clocks, randomness, output. */
  private static final String PROGRAM =
      """
      (module
        (import "wasi_snapshot_preview1" "fd_write"
          (func $write (param i32 i32 i32 i32) (result i32)))
        (import "wasi_snapshot_preview1" "path_filestat_get"
          (func $stat (param i32 i32 i32 i32 i32) (result i32)))
        (import "wasi_snapshot_preview1" "path_open"
          (func $open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
        (import "wasi_snapshot_preview1" "fd_read"
          (func $read (param i32 i32 i32 i32) (result i32)))
        (import "wasi_snapshot_preview1" "fd_readdir"
          (func $readdir (param i32 i32 i32 i64 i32) (result i32)))
        (import "wasi_snapshot_preview1" "random_get"
          (func $random (param i32 i32) (result i32)))
        (import "wasi_snapshot_preview1" "clock_time_get"
          (func $time (param i32 i64 i32) (result i32)))
        (memory (export "memory") 1)
        (table 1 funcref)
        (elem (i32.const 0) $start)
        (data (i32.const 8) "\\10\\00\\00\\00\\06\\00\\00\\00hello\\0aprogram.wat")
        (func $start (export "_start") (local $i i32)
          (loop $more
            (i32.store8 offset=2000 (local.get $i)
              (i32.xor (i32.load8_u (local.get $i)) (i32.const 7)))
            (local.set $i (i32.add (local.get $i) (i32.const 1)))
            (br_if $more (i32.lt_u (local.get $i) (i32.const 1000))))
          (drop (call $time (i32.const 0) (i64.const 0) (i32.const 100)))
          (drop (call $random (i32.const 100) (i32.const 16)))
          (drop (call $stat (i32.const 3) (i32.const 1) (i32.const 22) (i32.const 11)
            (i32.const 200)))
          (drop (call $open (i32.const 3) (i32.const 1) (i32.const 22) (i32.const 11)
            (i32.const 0) (i64.const 2) (i64.const 0) (i32.const 0) (i32.const 300)))
          (drop (call $read (i32.load (i32.const 300)) (i32.const 8) (i32.const 1)
            (i32.const 304)))
          (drop (call $readdir (i32.const 3) (i32.const 400) (i32.const 400) (i64.const 0)
            (i32.const 304)))
          (drop (call $write (i32.const 1) (i32.const 8) (i32.const 1) (i32.const 0)))))
      """;

  /** The biggest guest there is: what is hot in it is hot elsewhere. */
  private static final String PYTHON = "/dev/capsule/task/guest/python/python.wasm";

  /**
   * Long enough for the JVM to learn all it wants to know of the code that the engine makes of what
   * is warm in it. Not much longer: each start after a build waits for it once.
   */
  private static final String SCRIPT =
      """
      import json, re
      def fib(n):
          return n if n < 2 else fib(n - 1) + fib(n - 2)
      class Point:
          def __init__(self, x):
              self.x = x
          def moved(self, by):
              return Point(self.x + by)
      def work(r):
          total = fib(14)
          for i in range(20000):
              total = (total + i * 7) % 1000003
          table = {}
          for i in range(2000):
              table[i * 7919 % 200011] = i
          rows = sorted(table.items(), key=lambda row: (row[1] % 97, row[0]))
          for key, value in rows:
              total = (total * 31 + key + value) % 1000000007
          names = {'n%d' % i: i * 0.5 for i in range(1000)}
          half = sum(names[name] for name in sorted(names) if name.endswith('7'))
          point = Point(1)
          for i in range(1000):
              point = point.moved(i % 5)
          text = ''.join('%d,%s;' % (i, i * i) for i in range(1000))
          words = [word.split(',') for word in text.split(';') if word]
          found = len(re.findall('[0-9]+7,', text))
          data = json.loads(json.dumps([{'id': i, 'name': f'n{i}'} for i in range(200)]))
          return total + len(words) + found + len(data) + half + point.x + r
      print(sum(work(r) for r in range(30)))
      """;

  /** Programs for both interpreters, with a sub-task each. */
  private static final Map<String, String> TASKS =
      Map.of(
          "a.ts",
          """
          import { task } from "@capsule-run/sdk";
          const one = task({ name: "one" }, (n: number) => n + 1);
          export const main = task({ name: "main" }, async () => {
            console.log("hello");
            return { n: (await one(1)).result };
          });
          """,
          "b.py",
          """
          from capsule import task

          @task
          def one(n):
              return n + 1

          def main():
              print("hello")
              return one.value(1)
          """);

  private Training() {}

  /**
   * Runs every command line; what they say and return does not matter.
   *
   * @param args the directory for the code that the engine makes meanwhile
   */
  public static void main(String[] args) throws IOException {
    Path directory = Files.createTempDirectory("capsule-training").toRealPath();
    Path cache = Path.of(args[0]);
    try {
      Path program = Files.writeString(directory.resolve("program.wat"), PROGRAM);
      Path python = directory.resolve("python.wasm");
      try (InputStream guest = Training.class.getResourceAsStream(PYTHON)) {
        Files.copy(guest, python);
      }
      for (List<String> line : commandLines(directory, cache, program, python)) {
        String[] words = line.toArray(String[]::new);
        Main.commandLine(words).execute(words);
      }
      runTasks(directory);
    } finally {
      delete(directory);
    }
  }

  private static List<List<String>> commandLines(
      Path directory, Path cache, Path program, Path python) {
    // Only one module's code is made: another's would be classes of the same names.
    List<String> script =
        List.of("exec", "--code-cache", cache.toString(), python.toString(), "--", "-c", SCRIPT);
    return List.of(
        List.of("--version"),
        List.of("--help"),
        List.of(
            "exec",
            "--verbose",
            "--code-cache",
            cache.toString(),
            "--dir",
            directory + "::/",
            "--env",
            "A=B",
            program.toString()),
        List.of(
            "exec",
            "--verbose",
            "--engine",
            "interpreter",
            python.toString(),
            "--",
            "-c",
            "print(1)"),
        script);
  }

  private static void runTasks(Path directory) throws IOException {
    // These compile nothing, however long it takes them here. The JVM archives one class of a name,
    // and of two engines' classes it takes either's.
    Engine interpreting = Engine.builder().tier(Tier.INTERPRETER).build();
    Supplier<Capsule.Builder> capsule =
        () ->
            Capsule.builder()
                .runtime(new PythonGuest(interpreting))
                .runtime(new JavaScriptGuest(interpreting));
    Streams streams =
        new Streams(
            InputStream.nullInputStream(), System.out, System.err, false, Map.of(), directory);
    List<Main.Entry> commands =
        List.of(
            new Main.Entry("run", () -> new RunCommand(streams, capsule)),
            new Main.Entry("explain", () -> new ExplainCommand(streams, capsule)),
            new Main.Entry("trace", () -> new TraceCommand(streams)));
    for (Map.Entry<String, String> task : TASKS.entrySet()) {
      Files.writeString(directory.resolve(task.getKey()), task.getValue());
      for (String[] words :
          List.of(
              new String[] {"run", "--verbose", task.getKey()},
              new String[] {"run", task.getKey()},
              new String[] {"explain", task.getKey()},
              new String[] {"trace"})) {
        Main.commandLine(commands, words).execute(words);
      }
    }
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}

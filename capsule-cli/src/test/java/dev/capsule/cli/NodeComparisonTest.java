package dev.capsule.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * CPython run by {@code capsule exec} and by {@code node} with {@code node:wasi}, both as processes
 * of their own: the same output, errors and exit code. Skipped where there is no node, or where the
 * build has not fetched CPython.
 */
class NodeComparisonTest {
  private static final String PYTHON = "/dev/capsule/task/guest/python/python.wasm";

  @TempDir private static Path directory;

  private static Path python;
  private static Path runner;

  /** What a program did. */
  private record Ended(int code, String out, String err) {}

  /** A program, and what it is given on its standard input. */
  private record Case(String name, String input, List<String> arguments) {
    Case(String name, String... arguments) {
      this(name, "", List.of(arguments));
    }
  }

  private static final List<Case> CASES =
      List.of(
          new Case("prints one", "-c", "print(1)"),
          new Case("the standard library", "/data/script.py", "a", "b"),
          new Case("a traceback", "/data/trace.py"),
          new Case("an exit with a message", "-c", "import sys; sys.exit('no')"),
          new Case("a program on the standard input", "print('\u00e9')\n1/0\n", List.of("-")),
          new Case(
              "arguments and variables",
              "-c",
              "import os, sys; print(sys.argv, dict(os.environ))",
              "",
              "a b",
              "\u00e9\u65e5",
              "--",
              "-x"),
          new Case(
              "directories and the errors of files",
              "-c",
              """
              import os, stat
              os.makedirs('/data/tree/a/b', exist_ok=True)
              for name in ('x', 'y\u00e9', 'a/z'):
                  open('/data/tree/' + name, 'w').close()
              os.path.exists('/data/tree/l') or os.symlink('a', '/data/tree/l')
              for e in sorted(os.scandir('/data/tree'), key=lambda e: e.name):
                  print(e.name, e.is_dir(), e.is_file(), e.is_symlink(), e.path,
                        e.stat().st_size if e.is_file() else '', e.inode() == e.stat(
                            follow_symlinks=False).st_ino)
              for top, dirs, files in sorted(os.walk('/data/tree')):
                  print(top, sorted(dirs), sorted(files))
              def attempt(f):
                  try:
                      print(f())
                  except OSError as e:
                      print(type(e).__name__, e.errno, e)
              os.makedirs('/data/e/full/x', exist_ok=True)
              open('/data/e/file', 'w').close()
              attempt(lambda: open('/data/e/missing'))
              attempt(lambda: open('/data/e/full'))
              attempt(lambda: open('/data/e/full', 'w'))
              attempt(lambda: open('/data/e/file/x'))
              attempt(lambda: open('/data/e/file', 'x'))
              attempt(lambda: os.mkdir('/data/e/full'))
              attempt(lambda: os.mkdir('/data/e/no/x'))
              attempt(lambda: os.rmdir('/data/e/full'))
              attempt(lambda: os.rmdir('/data/e/file'))
              attempt(lambda: os.rename('/data/e/no', '/data/e/x'))
              attempt(lambda: os.rename('/data/e/full', '/data/e/file'))
              attempt(lambda: os.listdir('/data/e/file'))
              attempt(lambda: os.readlink('/data/e/file'))
              attempt(lambda: os.unlink('/data/e/missing'))
              attempt(lambda: os.read(99, 1))
              attempt(lambda: os.lseek(os.open('/data/e/file', 0), -1, 0))
              attempt(lambda: os.write(os.open('/data/e/file', 0), b'x'))
              attempt(lambda: open('/data/' + 'n' * 256))
              """));

  @BeforeAll
  static void prepare() throws Exception {
    try {
      assumeTrue(
          new ProcessBuilder("node", "--version").start().waitFor() == 0, "node does not start");
    } catch (IOException e) {
      assumeTrue(false, "there is no node on the PATH to compare with");
    }
    try (InputStream in = NodeComparisonTest.class.getResourceAsStream(PYTHON)) {
      assumeTrue(in != null, "CPython is not on the class path");
      python = directory.resolve("python.wasm");
      Files.copy(in, python);
    }
    runner = copy("wasi.mjs", directory);
  }

  private static Path copy(String name, Path to) throws IOException {
    try (InputStream in = NodeComparisonTest.class.getResourceAsStream("python/" + name)) {
      return Files.write(to.resolve(name), in.readAllBytes());
    }
  }

  @TestFactory
  Stream<DynamicTest> theSameAsUnderNode() {
    return CASES.stream()
        .map(c -> DynamicTest.dynamicTest(c.name(), () -> assertEquals(onNode(c), onCapsule(c))));
  }

  private static Path data() throws IOException {
    Path data = Files.createTempDirectory(directory, "data");
    copy("script.py", data);
    copy("trace.py", data);
    return data;
  }

  private static Ended onNode(Case c) throws Exception {
    List<String> words =
        List.of("node", "--no-warnings", runner + "", python + "", data() + "", "/data", "X=1");
    return run(words, c);
  }

  private static Ended onCapsule(Case c) throws Exception {
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    return run(
        List.of(
            java.toString(),
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            "dev.capsule.cli.Main",
            "exec",
            "--dir",
            data() + "::/data",
            "--env",
            "X=1",
            python.toString(),
            "--"),
        c);
  }

  private static Ended run(List<String> words, Case c) throws Exception {
    List<String> command = new ArrayList<>(words);
    command.addAll(c.arguments());
    Path input = Files.writeString(Files.createTempFile(directory, "in", ""), c.input());
    Path out = Files.createTempFile(directory, "out", "");
    Path err = Files.createTempFile(directory, "err", "");
    ProcessBuilder builder = new ProcessBuilder(command);
    // Words are passed on in the encoding of the locale.
    builder.environment().put("LC_ALL", "C.UTF-8");
    int code =
        builder
            .redirectInput(input.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start()
            .waitFor();
    Ended ended =
        new Ended(
            code,
            Files.readString(out, StandardCharsets.UTF_8),
            Files.readString(err, StandardCharsets.UTF_8));
    assertFalse(ended.out().isEmpty() && ended.err().isEmpty() && code == 0, "it did nothing");
    return ended;
  }
}

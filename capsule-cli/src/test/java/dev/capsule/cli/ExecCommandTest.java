package dev.capsule.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class ExecCommandTest {
  private static final String MODULE =
      """
      (module
        (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
        (memory (export "memory") 1)
        (func $inner (param i32) (result i32) (i32.div_s (i32.const 1) (local.get 0)))
        (func $outer (drop (call $inner (i32.const 0))))
        (func (export "_start") (call $outer))
        (func (export "loop") (loop (br 0)))
        (func (export "grow") (result i32) (memory.grow (i32.const 1000)))
        (func (export "two") (param i64 f64) (result i64 f64) (local.get 0) (local.get 1))
        (func (export "add") (param i32 i32) (result i32)
          (i32.add (local.get 0) (local.get 1)))
        (func (export "nothing"))
        (func (export "quit") (call $exit (i32.const 9))))
      """;

  /** Copies its input to its output, then lists a directory and prints an environment. */
  private static final String CAT =
      """
      (module
        (import "wasi_snapshot_preview1" "fd_read"
          (func $read (param i32 i32 i32 i32) (result i32)))
        (import "wasi_snapshot_preview1" "fd_write"
          (func $write (param i32 i32 i32 i32) (result i32)))
        (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
        (memory (export "memory") 2)
        (func (export "_start") (local $errno i32)
          (block $end
            (loop $more
              (i32.store (i32.const 8) (i32.const 1024))
              (i32.store (i32.const 12) (i32.const 65536))
              (br_if $end (call $read (i32.const 0) (i32.const 8) (i32.const 1) (i32.const 0)))
              (br_if $end (i32.eqz (i32.load (i32.const 0))))
              (i32.store (i32.const 12) (i32.load (i32.const 0)))
              (local.set $errno
                (call $write (i32.const 1) (i32.const 8) (i32.const 1) (i32.const 0)))
              (if (local.get $errno) (then (call $exit (local.get $errno))))
              (br $more)))))
      """;

  @TempDir Path directory;
  private Path module;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeEach
  void writeModule() throws IOException {
    module = Files.writeString(directory.resolve("module.wat"), MODULE);
  }

  /** Runs {@code exec} in this process; a word FILE stands for the module. */
  private int exec(String words) {
    String[] args =
        Stream.concat(Stream.of("exec"), Arrays.stream(words.split(" ")))
            .map(word -> word.equals("FILE") ? module.toString() : word)
            .toArray(String[]::new);
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    CommandLine line = Main.commandLine(args);
    line.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
    return line.execute(args);
  }

  private record Case(String words, int code, String out, String err) {}

  private static final List<Case> CASES =
      List.of(
          new Case("FILE --invoke add 1 2", 0, "3\n", ""),
          new Case("--invoke=add FILE 0xffffffff 4294967295", 0, "-2\n", ""),
          new Case("--invoke two FILE -- -1 2.5", 0, "-1\n2.5\n", ""),
          new Case("FILE --invoke nothing", 0, "", ""),
          new Case("FILE --invoke quit", 9, "", ""),
          new Case("FILE --invoke grow --ram 1MB", 0, "-1\n", ""),
          new Case("FILE --invoke grow --ram 100MB", 0, "1\n", ""),
          new Case("FILE", 134, "", "capsule: trap: integer divide by zero\n    at inner"),
          new Case("FILE --invoke loop --fuel 1000", 134, "", "limit --fuel is used up"),
          new Case("FILE --invoke loop --timeout 20ms", 134, "", "limit --timeout has passed"),
          new Case("FILE --ram 10KB", 134, "", "limit of 10240 memory bytes exceeded"),
          new Case("FILE --invoke nope", 3, "", "no export \"nope\""),
          new Case("FILE --invoke add 1", 3, "", "takes 2 arguments"),
          new Case("FILE --invoke add 1 x", 3, "", "argument \"x\" is not of type i32"),
          new Case("FILE --invoke add 1 4294967296", 3, "", "is not of type i32"),
          new Case("FILE --engine fast", 2, "", "it can be interpreter, jit or tiered"),
          new Case("FILE --fuel some", 2, "", "--fuel: \"some\" is not accepted"),
          new Case("FILE --ram 1XB", 2, "", "--ram: \"1XB\" is not accepted"),
          new Case("FILE --timeout soon", 2, "", "--timeout: \"soon\" is not accepted"),
          new Case("FILE --deterministic=x", 2, "", "the seed has to be a whole number"),
          new Case("FILE --env X", 2, "", "it has to be NAME=VALUE"),
          new Case("FILE --dir /missing::/x", 3, "", "cannot open directory /missing: it does"),
          new Case("FILE --dir .::/x --dir .::/x", 2, "", "two directories have the guest path"),
          new Case("FILE --stdin /missing", 3, "", "cannot open /missing: it does not exist"),
          new Case("/missing", 3, "", "cannot read /missing: it does not exist"),
          new Case("--deterministic FILE --invoke add 1 2", 0, "3\n", ""),
          new Case("--deterministic=7 FILE --invoke add 1 2", 0, "3\n", ""));

  @TestFactory
  List<DynamicTest> commandLines() {
    List<DynamicTest> tests = new ArrayList<>();
    for (Case c : CASES) {
      tests.add(
          DynamicTest.dynamicTest(
              c.words(),
              () -> {
                assertEquals(c.code(), exec(c.words()), () -> err.toString());
                assertEquals(c.out(), out.toString().replace(System.lineSeparator(), "\n"));
                String said = err.toString().replace(System.lineSeparator(), "\n");
                assertTrue(c.err().isEmpty() ? said.isEmpty() : said.contains(c.err()), said);
              }));
    }
    return tests;
  }

  @Test
  void aTrapShowsTheWholeStack() {
    exec("FILE");
    List<String> frames = err.toString().lines().filter(l -> l.startsWith("    at ")).toList();
    assertEquals(3, frames.size());
    assertTrue(frames.get(1).startsWith("    at outer (function 2"), frames::toString);
  }

  @Test
  void aModuleWithNothingToRunSaysWhatItExports() throws IOException {
    Path library = Files.writeString(directory.resolve("l.wat"), "(module (func (export \"f\")))");
    assertEquals(3, exec(library.toString()));
    assertTrue(err.toString().contains("exports no _start"), err::toString);
    assertTrue(err.toString().contains("--invoke: f"), err::toString);
  }

  @Test
  void argumentsArriveAsTheyAre() throws IOException {
    String count =
        """
        (module
          (import "wasi_snapshot_preview1" "args_sizes_get"
            (func $sizes (param i32 i32) (result i32)))
          (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
          (memory (export "memory") 1)
          (func (export "_start")
            (drop (call $sizes (i32.const 0) (i32.const 4)))
            (call $exit (i32.add (i32.mul (i32.const 100) (i32.load (i32.const 0)))
              (i32.load (i32.const 4))))))
        """;
    Path program = Files.writeString(directory.resolve("p"), count);
    Path words = Files.writeString(directory.resolve("words"), "one two three");
    String attached = "@" + words;
    int bytes = "p".length() + "--fuel".length() + attached.length() + 3;
    assertEquals(300 + bytes, exec(program + " -- --fuel " + attached));
  }

  @Test
  void verboseSaysWhatItTook() {
    assertEquals(0, exec("FILE --invoke add 1 2 --verbose --engine interpreter"));
    assertTrue(err.toString().contains("interpreter; loaded in"), err::toString);
    assertTrue(err.toString().contains("memory at most 65,536 bytes"), err::toString);
  }

  @Test
  void whatIsNoModuleIsRefused() throws IOException {
    Path broken = Files.write(directory.resolve("m"), new byte[] {0, 'a', 's', 'm', 1, 0, 0});
    assertEquals(3, exec(broken.toString()));
    assertTrue(err.toString().contains(broken.toString()), err::toString);
    byte[] layer = {0, 'a', 's', 'm', 13, 0, 1, 0};
    assertEquals(3, exec(Files.write(directory.resolve("c"), layer).toString()));
    assertTrue(err.toString().contains("is a component"), err::toString);
    assertEquals(3, exec(Files.writeString(directory.resolve("t"), "(modul)").toString()));
    assertTrue(err.toString().contains("1:"), err::toString);
  }

  /** Runs {@code exec} in a process of its own. */
  private static Process start(ProcessBuilder.Redirect input, String... words) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.capsule.cli.Main",
                "exec"));
    command.addAll(List.of(words));
    return new ProcessBuilder(command)
        .redirectInput(input)
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  @Test
  void standardStreamsAreThoseOfTheProcess() throws Exception {
    Path cat = Files.writeString(directory.resolve("cat.wat"), CAT);
    Path input = Files.writeString(directory.resolve("input"), "line one\nline two \u00e9\n");
    Process process = start(ProcessBuilder.Redirect.from(input.toFile()), cat.toString());
    try (InputStream stdout = process.getInputStream()) {
      assertEquals(
          Files.readString(input), new String(stdout.readAllBytes(), StandardCharsets.UTF_8));
    }
    assertEquals(0, process.waitFor());
    Process fromFile =
        start(ProcessBuilder.Redirect.PIPE, "--stdin", input.toString(), cat.toString());
    try (InputStream stdout = fromFile.getInputStream()) {
      assertEquals(Files.size(input), stdout.readAllBytes().length);
    }
    assertEquals(0, fromFile.waitFor());
  }

  @Test
  void aClosedPipeIsAnErrorToTheGuest() throws Exception {
    Path cat = Files.writeString(directory.resolve("cat.wat"), CAT);
    Path input = Files.write(directory.resolve("input"), new byte[10_000_000]);
    Process process = start(ProcessBuilder.Redirect.from(input.toFile()), cat.toString());
    process.getInputStream().close();
    // The guest exits with the errno it got: EPIPE.
    assertEquals(64, process.waitFor());
  }

  @Test
  void streamsMoreThanTheHeapHolds() throws Exception {
    Path cat = Files.writeString(directory.resolve("cat.wat"), CAT);
    Path input = directory.resolve("sparse");
    long size = 256L << 20;
    try (var file =
        Files.newByteChannel(input, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      file.position(size - 1);
      file.write(ByteBuffer.wrap(new byte[] {1}));
    }
    Process process = start(ProcessBuilder.Redirect.from(input.toFile()), cat.toString());
    long total = 0;
    byte[] part = new byte[1 << 16];
    try (InputStream stdout = process.getInputStream()) {
      for (int n = stdout.read(part); n >= 0; n = stdout.read(part)) {
        total += n;
      }
    }
    assertEquals(size, total);
    assertEquals(0, process.waitFor());
  }
}

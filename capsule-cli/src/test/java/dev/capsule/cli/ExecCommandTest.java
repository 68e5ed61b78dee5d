package dev.capsule.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
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
        (elem declare func $outer)
        (func $inner (param i32) (result i32) (i32.div_s (i32.const 1) (local.get 0)))
        (func $outer (drop (call $inner (i32.const 0))))
        (func (export "_start") (call $outer))
        (func (export "loop") (loop (br 0)))
        (func (export "grow") (result i32) (memory.grow (i32.const 1000)))
        (func (export "two") (param i64 f64) (result i64 f64) (local.get 0) (local.get 1))
        (func (export "add") (param i32 i32) (result i32)
          (i32.add (local.get 0) (local.get 1)))
        (func (export "nothing"))
        (func (export "f32") (param f32) (result f32) (local.get 0))
        (func (export "f64") (param f64) (result f64) (local.get 0))
        (func (export "i64") (param i64) (result i64) (local.get 0))
        (func (export "v128") (param v128) (result v128) (local.get 0))
        (func (export "extern") (param externref) (result externref) (local.get 0))
        (func (export "func") (param funcref) (result funcref i32)
          (local.get 0) (ref.is_null (local.get 0)))
        (func (export "any") (param anyref) (result anyref) (local.get 0))
        (func (export "made") (result anyref funcref (ref i31) externref)
          (ref.i31 (i32.const 5)) (ref.func $outer) (ref.i31 (i32.const 6)) (ref.null extern))
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
            .map(word -> word.replace("FILE", module.toString()))
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
          new Case("FILE --invoke i64 -- -9223372036854775808", 0, "-9223372036854775808\n", ""),
          new Case("FILE --invoke i64 0xffffffffffffffff", 0, "-1\n", ""),
          new Case("FILE --invoke i64 18446744073709551616", 2, "", "is not of type i64"),
          new Case("FILE --invoke f32 1.5", 0, "1.5\n", ""),
          new Case("FILE --invoke f32 -- -inf", 0, "-inf\n", ""),
          new Case("FILE --invoke f32 0x1.8p-1", 0, "0.75\n", ""),
          new Case("FILE --invoke f32 1e39", 0, "inf\n", ""),
          new Case("FILE --invoke f32 1f", 2, "", "is not of type f32"),
          new Case("FILE --invoke f64 nan", 0, "nan\n", ""),
          new Case("FILE --invoke f64 -- -0.0", 0, "-0.0\n", ""),
          new Case("FILE --invoke f64 NaN", 2, "", "is not of type f64"),
          new Case(
              "FILE --invoke v128 0x000102030405060708090A0B0C0D0E0F",
              0,
              "0x000102030405060708090a0b0c0d0e0f\n",
              ""),
          new Case("FILE --invoke v128 5", 2, "", "is not of type v128"),
          new Case("FILE --invoke extern text", 0, "text\n", ""),
          new Case("FILE --invoke extern null", 0, "null\n", ""),
          new Case("FILE --invoke func null", 0, "null\n1\n", ""),
          new Case("FILE --invoke func text", 2, "", "is not of type funcref"),
          new Case("FILE --invoke any null", 0, "null\n", ""),
          new Case("FILE --invoke made", 0, "anyref\nfuncref\n(ref i31)\nnull\n", ""),
          new Case("FILE --invoke add 1", 2, "", "takes 2 arguments"),
          new Case("FILE --invoke nothing 1", 2, "", "takes 0 arguments"),
          new Case("FILE --invoke add 1 x", 2, "", "argument \"x\" is not of type i32"),
          new Case("FILE --invoke add 1 4294967296", 2, "", "is not of type i32"),
          new Case("FILE --invoke add 1 -- -2147483649", 2, "", "is not of type i32"),
          new Case("FILE --invoke memory", 3, "", "memory"),
          new Case("FILE --engine fast", 2, "", "it can be interpreter, jit or tiered"),
          new Case("FILE --fuel some", 2, "", "--fuel: \"some\" is not accepted"),
          new Case("FILE --ram 1XB", 2, "", "--ram: \"1XB\" is not accepted"),
          new Case("FILE --timeout soon", 2, "", "--timeout: \"soon\" is not accepted"),
          new Case("FILE --deterministic=x", 2, "", "the seed has to be a whole number"),
          new Case("FILE --fuel -1", 2, "", "--fuel: \"-1\" is not accepted"),
          new Case("FILE --fuel 0 --invoke loop", 134, "", "limit --fuel is used up"),
          new Case("FILE --timeout 0 --invoke loop", 134, "", "limit --timeout has passed"),
          new Case("FILE --timeout 5", 2, "", "--timeout: \"5\" is not accepted"),
          new Case("FILE --ram -1", 2, "", "--ram: \"-1\" is not accepted"),
          new Case("FILE --ram 99999999999999999999GB --invoke nothing", 0, "", ""),
          new Case("FILE --deterministic=", 2, "", "the seed has to be a whole number"),
          new Case("FILE --engine", 2, "", "--engine"),
          new Case("FILE --stdin", 2, "", "--stdin"),
          new Case("FILE --unknown", 2, "", "--unknown"),
          new Case("--fuel 5", 2, "", "FILE"),
          new Case("FILE --env X", 2, "", "it has to be NAME=VALUE"),
          new Case("FILE --env =x", 2, "", "it has to be NAME=VALUE"),
          new Case("FILE --dir ::/x", 2, "", "it has to be HOST::GUEST"),
          new Case("FILE --dir .::", 2, "", "it has to be HOST::GUEST"),
          new Case("FILE --dir :ro", 2, "", "it has to be HOST::GUEST"),
          new Case("FILE --dir FILE::/x", 3, "", "it is not a directory"),
          new Case("FILE --stdin .", 3, "", "cannot open .: it is a directory"),
          new Case(".", 3, "", "cannot read .: "),
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

  /** Exits with what the options granted. */
  private static final String GRANTED =
      """
      (module
        (import "wasi_snapshot_preview1" "environ_sizes_get"
          (func $environ (param i32 i32) (result i32)))
        (import "wasi_snapshot_preview1" "path_create_directory"
          (func $mkdir (param i32 i32 i32) (result i32)))
        (import "wasi_snapshot_preview1" "clock_time_get"
          (func $time (param i32 i64 i32) (result i32)))
        (import "wasi_snapshot_preview1" "random_get"
          (func $random (param i32 i32) (result i32)))
        (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
        (memory (export "memory") 1)
        (data (i32.const 100) "new")
        (global $started (mut i32) (i32.const 0))
        (func (export "_initialize") (global.set $started (i32.const 1)))
        (func (export "started") (result i32) (global.get $started))
        (func (export "environment") (result i32 i32)
          (drop (call $environ (i32.const 0) (i32.const 4)))
          (i32.load (i32.const 0)) (i32.load (i32.const 4)))
        (func (export "mkdir") (param i32) (result i32)
          (call $mkdir (local.get 0) (i32.const 100) (i32.const 3)))
        (func (export "chance") (result i64 i64)
          (drop (call $time (i32.const 0) (i64.const 0) (i32.const 0)))
          (drop (call $random (i32.const 8) (i32.const 8)))
          (i64.load (i32.const 0)) (i64.load (i32.const 8)))
        (func (export "quit") (call $exit (i32.const 300)))
        (func (export "bad") (drop (call $random (i32.const -1) (i32.const 9)))))
      """;

  private String granted(String words) {
    assertEquals(0, exec(words), err::toString);
    return out.toString().replace(System.lineSeparator(), " ").strip();
  }

  @Test
  void whatIsGrantedIsThere() throws IOException {
    module = Files.writeString(directory.resolve("granted.wat"), GRANTED);
    Path shared = Files.createDirectory(directory.resolve("shared"));
    assertEquals(0, exec("FILE"));
    assertEquals("1", granted("FILE --invoke started"));
    assertEquals("0 0", granted("FILE --invoke environment"));
    assertEquals("2 10", granted("FILE --invoke environment --env A= --env BC=d=e"), "A=, BC=d=e");
    int badf = 8;
    assertEquals("" + badf, granted("FILE --invoke mkdir 3"));
    int perm = 63;
    assertEquals("" + perm, granted("FILE --invoke mkdir --dir " + shared + "::/s:ro 3"));
    assertFalse(Files.exists(shared.resolve("new")));
    assertEquals("0", granted("FILE --invoke mkdir --dir " + shared + "::/s 3"));
    assertTrue(Files.isDirectory(shared.resolve("new")));
    assertEquals(300, exec("FILE --invoke quit"));
    assertEquals(134, exec("FILE --invoke bad"));
    assertTrue(
        err.toString().startsWith("capsule: trap: out of bounds memory access"), err::toString);
  }

  @Test
  void theSeedDecidesAndOnlyTheSeed() throws IOException {
    module = Files.writeString(directory.resolve("granted.wat"), GRANTED);
    Set<String> seen = new HashSet<>();
    for (String tier : List.of("interpreter", "jit", "tiered")) {
      seen.add(granted("--deterministic=5 FILE --invoke chance --engine " + tier));
    }
    assertEquals(1, seen.size(), seen::toString);
    assertEquals(
        granted("--deterministic FILE --invoke chance"),
        granted("--deterministic=0 FILE --invoke chance"));
    seen.add(granted("--deterministic FILE --invoke chance"));
    seen.add(granted("FILE --invoke chance"));
    seen.add(granted("FILE --invoke chance"));
    assertEquals(4, seen.size(), seen::toString);
  }

  @Test
  void namesOfAModuleCannotForgeMessages() throws IOException {
    String forged =
        """
        (module
          (import "wasi_snapshot_preview1" "a\\0acapsule: all is well\\1b[2J" (func)))
        """;
    Path program = Files.writeString(directory.resolve("forged.wat"), forged.replace("\\\\", "\\"));
    assertEquals(3, exec(program.toString()));
    assertTrue(err.toString().contains("a\\u000acapsule: all is well\\u001b[2J"), err::toString);
    assertEquals(1, err.toString().lines().count());
    byte[] name =
        "(module (func $x (export \"_start\") unreachable))".getBytes(StandardCharsets.UTF_8);
    exec(Files.write(directory.resolve("n.wat"), name).toString());
    assertTrue(err.toString().contains("    at x (function 0"), err::toString);
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

  /** Files of compiled code in a directory, which need not exist. */
  private static List<Path> compiledCode(Path cache) throws IOException {
    if (!Files.isDirectory(cache)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(cache)) {
      return files.filter(file -> file.toString().endsWith(".code")).toList();
    }
  }

  /** Runs a module in a process of its own, because code is stored when the process ends. */
  private String verbose(Path home, String... words) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Duser.home=" + home);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
    command.addAll(List.of("exec", "--engine", "jit", "--verbose", "--invoke", "add"));
    command.addAll(List.of(words));
    command.addAll(List.of(module.toString(), "1", "2"));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().remove("XDG_CACHE_HOME");
    Process process = builder.start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), said);
    return said;
  }

  @Test
  void compiledCodeIsKeptWhereItIsWanted() throws Exception {
    Path home = Files.createDirectory(directory.resolve("home"));
    Path usual = home.resolve(".cache/capsule/code");
    assertTrue(verbose(home, "--code-cache", "off").contains("(0 from the code cache"));
    assertEquals(List.of(), compiledCode(usual));

    Path cache = directory.resolve("cache");
    String first = verbose(home, "--code-cache", cache.toString());
    assertTrue(first.contains("1 functions compiled (0 from the code cache"), first);
    assertEquals(1, compiledCode(cache).size());
    String second = verbose(home, "--code-cache", cache.toString());
    assertTrue(second.contains("1 functions compiled (1 from the code cache"), second);
    assertEquals(List.of(), compiledCode(usual));

    verbose(home);
    assertEquals(1, compiledCode(usual).size());
    String again = verbose(home);
    assertTrue(again.contains("1 functions compiled (1 from the code cache"), again);
  }

  @Test
  void compiledCodeIsNeverKeptWhereTheProgramWrites() throws Exception {
    Path home = Files.createDirectory(directory.resolve("home"));
    Path cache = directory.resolve("cache");
    assertEquals(
        2, exec("FILE --invoke nothing --code-cache " + cache + " --dir " + directory + "::/"));
    assertTrue(err.toString().contains("which the program is granted"), err::toString);
    assertEquals(0, exec("FILE --invoke nothing --dir " + directory + "::/:ro"));

    verbose(home, "--dir", home + "::/home");
    assertEquals(List.of(), compiledCode(home.resolve(".cache/capsule/code")));
    verbose(home, "--dir", home + "::/home:ro");
    assertEquals(1, compiledCode(home.resolve(".cache/capsule/code")).size());
  }

  @Test
  void compiledCodeIsOnlyTakenFromADirectoryOfTheUsersOwn() throws IOException {
    Path cache = Files.createDirectory(directory.resolve("cache"));
    assumeTrue(
        Files.getFileStore(cache).supportsFileAttributeView("posix"), "no POSIX permissions here");
    Files.setPosixFilePermissions(cache, PosixFilePermissions.fromString("rwxrwxrwx"));
    assertEquals(2, exec("FILE --invoke nothing --code-cache " + cache));
    assertTrue(err.toString().contains("can be written by others"), err::toString);
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

package dev.capsule.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.capsule.engine.module.Module;
import dev.capsule.engine.runtime.Engine;
import dev.capsule.engine.runtime.Store;
import dev.capsule.engine.runtime.Tier;
import dev.capsule.wasi.WasiContext;
import dev.capsule.wasi.cli.Stdio;
import dev.capsule.wasi.filesystem.Access;
import dev.capsule.wasi.filesystem.MemoryDirectory;
import dev.capsule.wasi.io.CapturedOutput;
import dev.capsule.wasi.p1.Preview1Program;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * CPython as a program for preview 1, without anything of the task layer. What it has to print was
 * recorded under node:wasi. Skipped where the build has not fetched CPython.
 */
class PythonProgramTest {
  private static final String PYTHON = "/dev/capsule/task/guest/python/python.wasm";

  private static Module python;

  @TempDir Path directory;

  private record Ended(int code, String out, String err, long fuel) {}

  @BeforeAll
  static void readPython() throws IOException {
    try (InputStream in = PythonProgramTest.class.getResourceAsStream(PYTHON)) {
      Assumptions.assumeTrue(in != null, "CPython is not on the class path");
      python = Module.decode(in.readAllBytes());
    }
  }

  private static Engine engine(Tier tier, boolean deterministic) {
    return Engine.builder().tier(tier).deterministic(deterministic).build();
  }

  private static Ended run(Engine engine, WasiContext.Builder granted) {
    CapturedOutput out = Stdio.capture(1 << 20);
    CapturedOutput err = Stdio.capture(1 << 20);
    Store store = engine.newStore();
    try (WasiContext context = granted.stdout(out).stderr(err).build();
        Preview1Program program = Preview1Program.instantiate(store, python, context)) {
      return new Ended(program.run(), out.text(), err.text(), store.fuelConsumed());
    }
  }

  private static String resource(String name) throws IOException {
    try (InputStream in = PythonProgramTest.class.getResourceAsStream("python/" + name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void printsOne() {
    Ended ended =
        run(
            engine(Tier.TIERED, false),
            WasiContext.builder().arguments("python.wasm", "-c", "print(1)"));
    assertEquals(new Ended(0, "1\n", "", ended.fuel()), ended);
  }

  @Test
  void aScriptOfTheStandardLibraryPrintsWhatItPrintsElsewhere() throws IOException {
    for (String name : List.of("script.py", "trace.py")) {
      Files.writeString(directory.resolve(name), resource(name));
    }
    Ended ended =
        run(
            engine(Tier.TIERED, false),
            WasiContext.builder()
                .arguments("python.wasm", "/data/script.py", "a", "b")
                .environment("X", "1")
                .preopen(directory, "/data", Access.readWrite()));
    assertEquals(new Ended(0, resource("script.out"), "", ended.fuel()), ended);
    Ended inMemory =
        run(
            engine(Tier.TIERED, false),
            WasiContext.builder()
                .arguments("python.wasm", "/data/script.py", "a", "b")
                .environment("X", "1")
                .preopen(
                    MemoryDirectory.create()
                        .put("script.py", resource("script.py"))
                        .put("trace.py", resource("trace.py")),
                    "/data",
                    Access.readWrite()));
    assertEquals(ended.out(), inMemory.out());
    assertEquals("", inMemory.err());
  }

  @Test
  void anExceptionPrintsItsTraceback() throws IOException {
    Files.writeString(directory.resolve("trace.py"), resource("trace.py"));
    Ended ended =
        run(
            engine(Tier.TIERED, false),
            WasiContext.builder()
                .arguments("python.wasm", "/data/trace.py")
                .preopen(directory, "/data", Access.readOnly()));
    assertEquals(new Ended(1, "", resource("trace.err"), ended.fuel()), ended);
  }

  @Test
  void withoutGrantsThereIsNothing() {
    String script =
        "import os,sys\n"
            + "print(len(os.environ), sys.stdin.read())\n"
            + "for path in ('/', '.', '/etc/passwd', '..', '/proc/self/environ'):\n"
            + "    try:\n"
            + "        os.stat(path); print('found', path)\n"
            + "    except OSError as e:\n"
            + "        print(e.errno)\n";
    Ended ended =
        run(
            engine(Tier.TIERED, false),
            WasiContext.builder().arguments("python.wasm", "-c", script));
    assertFalse(ended.out().contains("found"), ended::out);
    assertTrue(ended.out().startsWith("0 \n"), ended::out);
  }

  @Test
  void deterministicRunsAreTheSameOnEveryTier() throws IOException {
    Ended first = depends(Tier.INTERPRETER, 1);
    assertEquals(0, first.code(), first::err);
    assertTrue(first.out().contains("3600"), first::out);
    for (Tier tier : List.of(Tier.TIERED, Tier.JIT)) {
      assertEquals(first, depends(tier, 1), () -> "on tier " + tier);
    }
    assertFalse(first.out().equals(depends(Tier.TIERED, 2).out()), "the seed counts");
  }

  private static Ended depends(Tier tier, long seed) throws IOException {
    MemoryDirectory data =
        MemoryDirectory.create()
            .put("depends.py", resource("depends.py"))
            .put("b", "")
            .put("a", "")
            .put("c/d", "");
    return run(
        engine(tier, true),
        WasiContext.builder()
            .arguments("python.wasm", "/data/depends.py")
            .deterministic(seed)
            .preopen(data, "/data", Access.readWrite()));
  }
}

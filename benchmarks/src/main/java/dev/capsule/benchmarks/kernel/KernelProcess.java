package dev.capsule.benchmarks.kernel;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.IntSupplier;

/**
 * One engine with one work, in a process of its own. Says "ready"; answers every line "run" with
 * the nanoseconds of one round and its result. Says "cannot" and why where the engine refuses.
 */
public final class KernelProcess {
  private KernelProcess() {}

  /** Arguments: the engine, the work, a file with the module. */
  public static void main(String[] arguments) throws IOException {
    Work work = Work.named(arguments[1]).orElseThrow();
    byte[] module = Files.readAllBytes(Path.of(arguments[2]));
    IntSupplier round;
    try {
      round = round(arguments[0], work, module);
    } catch (RuntimeException | LinkageError e) {
      e.printStackTrace();
      System.out.println("cannot " + firstLine(e));
      return;
    }
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
    System.out.println("ready");
    while ("run".equals(lines.readLine())) {
      long start = System.nanoTime();
      try {
        int result = round.getAsInt();
        System.out.println((System.nanoTime() - start) + " " + result);
      } catch (RuntimeException | Error e) {
        e.printStackTrace();
        System.out.println("cannot " + firstLine(e));
      }
    }
  }

  /** A round of a work in an engine that runs in this JVM. */
  static IntSupplier round(String engine, Work work, byte[] module) {
    if (engine.equals(KernelEngine.JAVA)) {
      return work.inJava()
          .orElseThrow(() -> new UnsupportedOperationException("no WebAssembly in plain Java"));
    }
    return work.in(KernelEngine.named(engine).orElseThrow().open(), module);
  }

  private static String firstLine(Throwable thrown) {
    return thrown.toString().lines().findFirst().orElse("");
  }
}

package dev.capsule.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Many runs in one process: tells how fast they are, and proves that they leave nothing behind. */
class ManyRunsTest {
  private static final int RUNS = Integer.getInteger("capsule.runs", 24);
  private static final int WARM = Math.max(8, RUNS / 5);

  /** Far less than what one sandbox of each run would be, more than what compiled code is. */
  private static final long MOST_HEAP = 24L << 20;

  /** So often what is left may be looked at until threads have ended and caches are written. */
  private static final int LOOKS = 20;

  @TempDir private Path project;

  private record Held(long heap, int threads, long files) {
    static Held now() throws IOException, InterruptedException {
      // Twice: what is cleaned up after the first is free after the second.
      for (int i = 0; i < 2; i++) {
        System.gc();
        Thread.sleep(200);
      }
      Runtime runtime = Runtime.getRuntime();
      long files;
      try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
        files = open.count();
      } catch (IOException e) {
        files = 0; // a system that does not tell
      }
      return new Held(
          runtime.totalMemory() - runtime.freeMemory(),
          ManagementFactory.getThreadMXBean().getThreadCount(),
          files);
    }

    /** Whether it is about as much as another time, when there was as much to do. */
    boolean isAbout(Held other) {
      return heap - other.heap < MOST_HEAP
          && threads <= other.threads + 2
          && files <= other.files + 2;
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"one.py | def main(): return 1", "one.mjs | export const main = () => 1;"})
  void leaveNothing(String name, String source) throws Exception {
    Path file = Files.writeString(project.resolve(name), source);
    Files.writeString(project.resolve("capsule.toml"), "");
    for (int i = 0; i < WARM; i++) {
      run(file);
    }
    Held before = Held.now();
    long[] nanos = new long[RUNS];
    long start = System.nanoTime();
    for (int i = 0; i < RUNS; i++) {
      long begun = System.nanoTime();
      run(file);
      nanos[i] = System.nanoTime() - begun;
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    Held after = Held.now();
    for (int i = 1; i < LOOKS && !after.isAbout(before); i++) {
      after = Held.now();
    }
    Arrays.sort(nanos);
    System.out.printf(
        Locale.ROOT,
        "%d runs of %s: %.1f/s, p50 %.1f ms, p99 %.1f ms; heap %,d -> %,d KiB%n",
        RUNS,
        name,
        RUNS / seconds,
        nanos[RUNS / 2] / 1e6,
        nanos[RUNS * 99 / 100] / 1e6,
        before.heap >> 10,
        after.heap >> 10);
    assertTrue(after.isAbout(before), before + " -> " + after);
  }

  private static void run(Path file) {
    TaskResult result = Capsule.run(file);
    assertEquals("1", result.json(), result::toString);
  }
}

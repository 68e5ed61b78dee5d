package dev.capsule.wasi.p1;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.capsule.wasi.WasiContext;
import dev.capsule.wasi.cli.ProgramExit;
import dev.capsule.wasi.filesystem.Access;
import dev.capsule.wasi.filesystem.MemoryDirectory;
import dev.capsule.wasi.io.WaitGuard;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Guests that call anything with anything: answered by an errno, a trap or an exit, always. */
class HostileCallsTest {
  private static final int CALLS = 150;
  private static final int MAX_ERRNO = 76;
  private static final long[] INTERESTING = {
    0,
    1,
    2,
    3,
    4,
    5,
    6,
    7,
    8,
    16,
    64,
    255,
    256,
    1023,
    1024,
    4096,
    65535,
    65536,
    0x7fffffff,
    0x80000000L,
    0xffffffffL,
    -1,
    Long.MAX_VALUE,
    Long.MIN_VALUE
  };
  private static final String[] PATHS = {
    "a", "dir", "dir/b", "..", ".", "", "/", "a/", "link", "dir/../a", "x", "dir/x", "loop"
  };

  /** What a wait of an hour would be; it ends when this many checks were made. */
  private static final class Patience implements WaitGuard {
    private int left = 10_000;

    @Override
    public void check() {
      if (--left < 0) {
        throw new ArrayGuestMemory.Fault();
      }
    }

    @Override
    public long remainingNanos() {
      return left < 0 ? 0 : 1;
    }
  }

  @Test
  void onMemory() {
    MemoryDirectory root =
        MemoryDirectory.create(1 << 20, 500).put("a", "content").put("dir/b", "more");
    play(
        1,
        WasiContext.builder()
            .arguments("x")
            .environment("A", "B")
            .preopen(root, "/", Access.readWrite().withMaxOpenFiles(50)));
  }

  @Test
  void onTheHost(@TempDir Path directory) {
    Access access = Access.readWrite().withMaxOpenFiles(50).withMaxBytesWritten(1 << 20);
    try {
      Files.writeString(directory.resolve("a"), "content");
      Files.createDirectory(directory.resolve("dir"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    play(2, WasiContext.builder().preopen(directory, "/", access));
  }

  private static void play(int salt, WasiContext.Builder granted) {
    int programs = Integer.getInteger("capsule.fuzz.tries", 200) / 4;
    for (int seed = 0; seed < programs; seed++) {
      Random random = new Random(1000L * salt + seed);
      Version version = Version.values()[seed % 2];
      try (WasiContext context = granted.build();
          Preview1 functions = new Preview1(version, context, new Patience())) {
        program(seed, random, functions.functions());
      }
    }
  }

  private static void program(int seed, Random random, Map<String, Preview1.Function> functions) {
    ArrayGuestMemory memory = new ArrayGuestMemory(65536);
    random.nextBytes(memory.bytes);
    List<String> names = new ArrayList<>(functions.keySet());
    List<String> log = new ArrayList<>();
    for (int i = 0; i < CALLS; i++) {
      String name = names.get(random.nextInt(names.size()));
      Preview1.Function function = functions.get(name);
      long[] arguments =
          IntStream.range(0, function.parameters().length())
              .mapToLong(p -> argument(random))
              .toArray();
      if (name.startsWith("path_")) {
        putPaths(random, name, memory, arguments);
      }
      log.add(name + Arrays.toString(arguments));
      try {
        int errno = function.body().call(memory, arguments);
        assertTrue(errno >= 0 && errno <= MAX_ERRNO, () -> "errno " + errno + ": " + log);
      } catch (ArrayGuestMemory.Fault | ProgramExit e) {
        continue;
      } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
        throw new AssertionError("program " + seed + ": " + log.get(log.size() - 1), e);
      }
    }
  }

  private static long argument(Random random) {
    return switch (random.nextInt(6)) {
      case 0, 1 -> random.nextInt(8);
      case 2 -> INTERESTING[random.nextInt(INTERESTING.length)];
      case 3 -> random.nextInt(65536);
      case 4 -> random.nextInt(200);
      default -> random.nextLong();
    };
  }

  /** Makes some arguments that are paths point to one, so that calls get further. */
  private static void putPaths(
      Random random, String name, ArrayGuestMemory memory, long[] arguments) {
    int[] at =
        switch (name) {
          case "path_symlink" -> new int[] {0, 3};
          case "path_rename" -> new int[] {1, 4};
          case "path_link" -> new int[] {2, 5};
          case "path_open", "path_filestat_get", "path_filestat_set_times" -> new int[] {2};
          default -> new int[] {1};
        };
    for (int index : at) {
      byte[] path = PATHS[random.nextInt(PATHS.length)].getBytes(StandardCharsets.UTF_8);
      int address = 2000 + 100 * index;
      System.arraycopy(path, 0, memory.bytes, address, path.length);
      arguments[index] = address;
      arguments[index + 1] = path.length;
    }
    int directory = name.equals("path_symlink") ? 2 : 0;
    arguments[directory] = random.nextInt(4) == 0 ? arguments[directory] : 3;
    if (name.equals("path_rename")) {
      arguments[3] = 3;
    }
    if (name.equals("path_link")) {
      arguments[4] = 3;
    }
    if (name.equals("path_open")) {
      arguments[1] &= 1;
      arguments[4] &= 15;
      arguments[7] &= 31;
      arguments[8] = 3000;
    }
  }
}

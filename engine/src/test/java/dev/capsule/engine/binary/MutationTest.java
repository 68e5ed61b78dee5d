package dev.capsule.engine.binary;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import com.sun.management.ThreadMXBean;
import dev.capsule.engine.module.InvalidException;
import dev.capsule.engine.module.MalformedException;
import dev.capsule.engine.module.Module;
import dev.capsule.engine.validation.Validator;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

/**
 * Damaged modules: decoding and validating them ends with a module or with one of the documented
 * exceptions, and takes memory in proportion to the input.
 */
class MutationTest {
  private static final int BATCHES = 20;

  /** Tries of the normal run, which is the same every time; longer runs differ each time. */
  private static final int NORMAL_TRIES = 2_000;

  /** Bytes that are allocated, garbage included, per byte of the module, and for any module. */
  private static final long BYTES_PER_BYTE = 400;

  private static final long BYTES_FOR_ANY = 50_000;

  private static final byte[] TELLING = {
    0,
    1,
    2,
    3,
    4,
    0x0B,
    0x20,
    0x3F,
    0x40,
    0x41,
    0x4E,
    0x50,
    0x5F,
    0x60,
    0x63,
    0x64,
    0x70,
    0x7F,
    (byte) 0x80,
    (byte) 0xD0,
    (byte) 0xFB,
    (byte) 0xFC,
    (byte) 0xFD,
    (byte) 0xFE,
    (byte) 0xFF
  };

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private static List<byte[]> seeds;

  @Property(
      tries = BATCHES,
      seed = "20261121",
      shrinking = ShrinkingMode.OFF,
      edgeCases = EdgeCasesMode.NONE)
  void damagedModulesGiveDocumentedErrors(@ForAll long seed) {
    if (seeds == null) {
      seeds = Seeds.all();
    }
    int tries = Integer.getInteger("capsule.fuzz.tries", NORMAL_TRIES);
    long first = tries > NORMAL_TRIES ? seed ^ System.nanoTime() : seed;
    SplittableRandom random = new SplittableRandom(first);
    int mutants = tries / BATCHES;
    // Far beyond what a batch takes: a hang fails instead of stopping the build.
    assertTimeoutPreemptively(
        Duration.ofMinutes(20),
        () -> {
          for (int i = 0; i < mutants; i++) {
            byte[] mutant = mutate(seeds.get(random.nextInt(seeds.size())), random);
            try {
              judge(mutant);
            } catch (RuntimeException | Error e) {
              fail("module " + HexFormat.of().formatHex(mutant), e);
            }
          }
        });
  }

  private static void judge(byte[] bytes) {
    long limit = BYTES_FOR_ANY + BYTES_PER_BYTE * bytes.length;
    if (allocation(bytes) > limit) {
      // The first use of code that makes a message costs heap of its own, so look again.
      long taken = allocation(bytes);
      assertTrue(taken <= limit, bytes.length + " bytes of module took " + taken + " of heap");
    }
    Module module;
    try {
      module = Module.decode(bytes);
    } catch (MalformedException e) {
      return;
    }
    Module again = roundTrip(module);
    assertEquals(isValid(module), isValid(again));
  }

  private static long allocation(byte[] bytes) {
    long before = THREADS.getCurrentThreadAllocatedBytes();
    try {
      isValid(Module.decode(bytes));
    } catch (MalformedException e) {
      // One of the documented ends.
      return THREADS.getCurrentThreadAllocatedBytes() - before;
    }
    return THREADS.getCurrentThreadAllocatedBytes() - before;
  }

  private static boolean isValid(Module module) {
    try {
      Validator.validate(module);
      return true;
    } catch (MalformedException | InvalidException e) {
      return false;
    }
  }

  /** What was decoded, valid or not, can be written and read again. */
  private static Module roundTrip(Module module) {
    byte[] bytes = module.encode();
    Module again = Module.decode(bytes);
    assertArrayEquals(bytes, again.encode());
    return again;
  }

  private static byte[] mutate(byte[] seed, SplittableRandom random) {
    byte[] bytes = seed.clone();
    int edits = 1 + random.nextInt(4);
    for (int i = 0; i < edits && bytes.length > 8; i++) {
      bytes = edit(bytes, 8 + random.nextInt(bytes.length - 8), random);
    }
    return bytes;
  }

  private static byte[] edit(byte[] bytes, int at, SplittableRandom random) {
    switch (random.nextInt(10)) {
      case 0, 1 -> bytes[at] = (byte) random.nextInt(256);
      case 2, 3 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
      case 4, 5 -> bytes[at] = TELLING[random.nextInt(TELLING.length)];
      case 6 -> {
        // A copy of another place, of the same length.
        int from = 8 + random.nextInt(bytes.length - 8);
        int length = Math.min(1 + random.nextInt(12), bytes.length - Math.max(at, from));
        System.arraycopy(bytes, from, bytes, at, length);
      }
      case 7 -> {
        // A number of 2^32-1.
        for (int i = 0; i < 5 && at + i < bytes.length; i++) {
          bytes[at + i] = (byte) (i < 4 ? 0xFF : 0x0F);
        }
      }
      case 8 -> {
        return resize(bytes, at, -1 - random.nextInt(8));
      }
      default -> {
        byte[] longer = resize(bytes, at, 1 + random.nextInt(8));
        longer[at] = TELLING[random.nextInt(TELLING.length)];
        return longer;
      }
    }
    return bytes;
  }

  /** Takes bytes out at a place, or repeats those that are there. */
  private static byte[] resize(byte[] bytes, int at, int change) {
    byte[] head = Arrays.copyOf(bytes, Math.max(at + change, at));
    int tail = Math.min(bytes.length, change < 0 ? at - change : at);
    byte[] result = Arrays.copyOf(head, head.length + bytes.length - tail);
    System.arraycopy(bytes, tail, result, head.length, bytes.length - tail);
    return result;
  }
}

package dev.capsule.engine.text;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import com.sun.management.ThreadMXBean;
import dev.capsule.engine.module.InvalidException;
import dev.capsule.engine.module.MalformedException;
import dev.capsule.engine.module.Module;
import dev.capsule.engine.module.SyntaxException;
import dev.capsule.engine.validation.Validator;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

/**
 * Damaged text: parsing ends with a module or a {@link SyntaxException}, and a module that comes
 * out survives encoding, validation and printing.
 */
class TextMutationTest {
  private static final int BATCHES = 20;

  /** Tries of the normal run, which is the same every time; longer runs differ each time. */
  private static final int NORMAL_TRIES = 2_000;

  /** Bytes that are allocated, garbage included, per byte of the text, and for any text. */
  private static final long BYTES_PER_BYTE = 1000;

  private static final long BYTES_FOR_ANY = 200_000;

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  /** Tokens that change what surrounds them. */
  private static final List<String> TELLING =
      List.of(
          "(",
          ")",
          "((",
          "(@a",
          "(@name \"x\")",
          "(@custom \"c\")",
          "(;",
          ";)",
          ";;",
          "\"",
          "\\",
          "$",
          "$x",
          "$\"\"",
          "0",
          "-1",
          "0x",
          "4294967296",
          "18446744073709551616",
          "nan:0x1",
          "1e999",
          "offset=",
          "align=3",
          "block",
          "end",
          "else",
          "if",
          "(then",
          "(else",
          "loop",
          "try",
          "catch 0",
          "catch_all",
          "delegate 0",
          "(do",
          "func",
          "(type 0)",
          "(type 99)",
          "(param i32)",
          "(param $x i32)",
          "(result i64)",
          "(local $x f32)",
          "(ref null 0)",
          "(ref 77)",
          "(rec",
          "(sub",
          "(struct",
          "(field",
          "(array",
          "(mut",
          "(import \"a\" \"b\")",
          "(export \"e\")",
          "(elem",
          "(data \"d\")",
          "(offset",
          "(item",
          "declare",
          "shared",
          "i64",
          "(pagesize 1)",
          "(pagesize 0)",
          "select (result",
          "br_table 0",
          "call_indirect",
          "v128.const i32x4",
          "i8x16.shuffle",
          "memory.init 0",
          "ref.null",
          "ref.test",
          "\u0000",
          "\u00e9",
          "\ud83d\ude00");

  private static final List<byte[]> SEEDS = seeds();

  private static List<byte[]> seeds() {
    List<byte[]> seeds = new ArrayList<>();
    for (Module module : Suites.modules()) {
      seeds.add(TextPrinter.print(module).getBytes(StandardCharsets.UTF_8));
    }
    for (String text : Suites.texts()) {
      seeds.add(text.getBytes(StandardCharsets.UTF_8));
    }
    return seeds;
  }

  @Property(
      tries = BATCHES,
      seed = "20261121",
      shrinking = ShrinkingMode.OFF,
      edgeCases = EdgeCasesMode.NONE)
  void damagedTextGivesSyntaxErrors(@ForAll long seed) {
    int tries = Integer.getInteger("capsule.fuzz.tries", NORMAL_TRIES);
    long first = tries > NORMAL_TRIES ? seed ^ System.nanoTime() : seed;
    SplittableRandom random = new SplittableRandom(first);
    int mutants = tries / BATCHES;
    assertTimeoutPreemptively(
        Duration.ofMinutes(20),
        () -> {
          for (int i = 0; i < mutants; i++) {
            byte[] mutant = mutate(SEEDS.get(random.nextInt(SEEDS.size())), random);
            try {
              judge(mutant);
            } catch (RuntimeException | Error e) {
              fail("text " + new String(mutant, StandardCharsets.ISO_8859_1), e);
            }
          }
        });
  }

  private static long allocation(byte[] text) {
    long before = THREADS.getCurrentThreadAllocatedBytes();
    try {
      TextParser.parse(text);
    } catch (SyntaxException e) {
      // One of the documented ends.
      return THREADS.getCurrentThreadAllocatedBytes() - before;
    }
    return THREADS.getCurrentThreadAllocatedBytes() - before;
  }

  private static void judge(byte[] text) {
    long limit = BYTES_FOR_ANY + BYTES_PER_BYTE * text.length;
    if (allocation(text) > limit) {
      // The first use of code that makes a message costs heap of its own, so look again.
      long taken = allocation(text);
      assertTrue(taken <= limit, text.length + " bytes of text took " + taken + " of heap");
    }
    Module module;
    try {
      module = TextParser.parse(text);
    } catch (SyntaxException e) {
      return;
    }
    try {
      Validator.validate(module);
    } catch (InvalidException | MalformedException e) {
      // Most are; what follows must work all the same.
      module.customs();
    }
    byte[] bytes = module.encode();
    String printed = TextPrinter.print(Module.decode(bytes));
    assertArrayEquals(bytes, TextParser.parse(printed).encode());
  }

  private static byte[] mutate(byte[] seed, SplittableRandom random) {
    byte[] bytes = seed;
    int edits = 1 + random.nextInt(3);
    if (random.nextBoolean()) {
      // Keeps the form of the text, so that most of these get past the parser.
      for (int i = 0; i < edits; i++) {
        bytes = replaceAtom(bytes, random);
      }
      return bytes;
    }
    for (int i = 0; i < edits; i++) {
      int at = random.nextInt(bytes.length + 1);
      int to = Math.min(bytes.length, at + random.nextInt(12));
      byte[] insert =
          switch (random.nextInt(6)) {
            case 0 -> new byte[0];
            case 1 -> new byte[] {(byte) random.nextInt(256)};
            case 2 -> {
              int from = random.nextInt(bytes.length + 1);
              yield Arrays.copyOfRange(
                  bytes, from, Math.min(bytes.length, from + random.nextInt(40)));
            }
            default -> {
              String token = TELLING.get(random.nextInt(TELLING.size()));
              yield (random.nextBoolean() ? " " + token + " " : token)
                  .getBytes(StandardCharsets.UTF_8);
            }
          };
      if (random.nextBoolean()) {
        to = at;
      }
      byte[] next = Arrays.copyOf(bytes, at + insert.length + bytes.length - to);
      System.arraycopy(insert, 0, next, at, insert.length);
      System.arraycopy(bytes, to, next, at + insert.length, bytes.length - to);
      bytes = next;
    }
    return bytes;
  }

  /** Puts an atom of the text in place of another of the same sort. */
  private static byte[] replaceAtom(byte[] bytes, SplittableRandom random) {
    for (int tries = 0; tries < 20; tries++) {
      int[] from = atom(bytes, random.nextInt(bytes.length));
      int[] to = atom(bytes, random.nextInt(bytes.length));
      if (from[0] < from[1] && to[0] < to[1] && sort(bytes[from[0]]) == sort(bytes[to[0]])) {
        byte[] result = Arrays.copyOf(bytes, bytes.length - (to[1] - to[0]) + from[1] - from[0]);
        System.arraycopy(bytes, from[0], result, to[0], from[1] - from[0]);
        int tail = to[0] + from[1] - from[0];
        System.arraycopy(bytes, to[1], result, tail, bytes.length - to[1]);
        return result;
      }
    }
    return bytes;
  }

  private static int[] atom(byte[] bytes, int at) {
    int start = at;
    while (start > 0 && Lexer.isIdChar(bytes[start - 1])) {
      start--;
    }
    int end = at;
    while (end < bytes.length && Lexer.isIdChar(bytes[end])) {
      end++;
    }
    return new int[] {start, end};
  }

  /** Identifiers, numbers and words. */
  private static int sort(byte first) {
    return first == '$' ? 0 : first >= 'a' && first <= 'z' ? 1 : 2;
  }
}

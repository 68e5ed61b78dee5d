package dev.capsule.engine.exec.simd;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import java.util.function.IntBinaryOperator;
import java.util.function.LongBinaryOperator;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

/** What works on all lanes of a half at once does to each lane what the instruction says. */
class LanesTest {
  private static final Map<String, LongBinaryOperator> BYTES =
      Map.ofEntries(
          Map.entry("lt_s", I8x16::i8x16LtS),
          Map.entry("gt_s", I8x16::i8x16GtS),
          Map.entry("le_s", I8x16::i8x16LeS),
          Map.entry("ge_s", I8x16::i8x16GeS),
          Map.entry("lt_u", I8x16::i8x16LtU),
          Map.entry("gt_u", I8x16::i8x16GtU),
          Map.entry("le_u", I8x16::i8x16LeU),
          Map.entry("ge_u", I8x16::i8x16GeU),
          Map.entry("min_s", I8x16::i8x16MinS),
          Map.entry("max_s", I8x16::i8x16MaxS),
          Map.entry("min_u", I8x16::i8x16MinU),
          Map.entry("max_u", I8x16::i8x16MaxU),
          Map.entry("add_sat_u", I8x16::i8x16AddSatU),
          Map.entry("sub_sat_u", I8x16::i8x16SubSatU));

  private static final Map<String, LongBinaryOperator> SHORTS =
      Map.ofEntries(
          Map.entry("lt_s", I16x8::i16x8LtS),
          Map.entry("gt_s", I16x8::i16x8GtS),
          Map.entry("le_s", I16x8::i16x8LeS),
          Map.entry("ge_s", I16x8::i16x8GeS),
          Map.entry("lt_u", I16x8::i16x8LtU),
          Map.entry("gt_u", I16x8::i16x8GtU),
          Map.entry("le_u", I16x8::i16x8LeU),
          Map.entry("ge_u", I16x8::i16x8GeU),
          Map.entry("min_s", I16x8::i16x8MinS),
          Map.entry("max_s", I16x8::i16x8MaxS),
          Map.entry("min_u", I16x8::i16x8MinU),
          Map.entry("max_u", I16x8::i16x8MaxU),
          Map.entry("add_sat_u", I16x8::i16x8AddSatU),
          Map.entry("sub_sat_u", I16x8::i16x8SubSatU));

  /** What an instruction does with two lanes, given as zero-extended and as sign-extended. */
  private static int lane(String name, int x, int y, int signedX, int signedY, int max) {
    IntBinaryOperator operator =
        switch (name.substring(0, 3)) {
          case "lt_" -> (a, b) -> a < b ? -1 : 0;
          case "gt_" -> (a, b) -> a > b ? -1 : 0;
          case "le_" -> (a, b) -> a <= b ? -1 : 0;
          case "ge_" -> (a, b) -> a >= b ? -1 : 0;
          case "min" -> Math::min;
          case "max" -> Math::max;
          case "add" -> (a, b) -> Math.min(a + b, max);
          default -> (a, b) -> Math.max(a - b, 0);
        };
    return name.endsWith("_s") ? operator.applyAsInt(signedX, signedY) : operator.applyAsInt(x, y);
  }

  @Test
  void everyPairOfBytes() {
    BYTES.forEach(
        (name, operator) -> {
          for (int x = 0; x < 256; x++) {
            for (int y = 0; y < 256; y++) {
              // Neighbours that would notice a carry, on both sides.
              long a = 0xFF00L | x | 0x00FF00FF00FF0000L;
              long b = 0x01FFL << 8 | y;
              long result = operator.applyAsLong(a, b);
              assertEquals(lane(name, x, y, (byte) x, (byte) y, 255) & 0xFF, result & 0xFF, name);
              int expected = lane(name, 0xFF, 0xFF, -1, -1, 255) & 0xFF;
              assertEquals(expected, result >>> 8 & 0xFF, name);
            }
          }
        });
  }

  @Property
  void shorts(@ForAll long a, @ForAll long b) {
    SHORTS.forEach(
        (name, operator) -> {
          long result = operator.applyAsLong(a, b);
          for (int s = 0; s < 64; s += 16) {
            int x = (int) (a >>> s) & 0xFFFF;
            int y = (int) (b >>> s) & 0xFFFF;
            assertEquals(
                lane(name, x, y, (short) x, (short) y, 0xFFFF) & 0xFFFF,
                result >>> s & 0xFFFF,
                name);
          }
        });
  }

  @Property
  void bytesAreWidened(@ForAll long half) {
    long signedLow = I16x8.i16x8ExtendLowI8x16SLow(half, 0);
    long unsignedHigh = I16x8.i16x8ExtendLowI8x16UHigh(half, 0);
    for (int i = 0; i < 4; i++) {
      assertEquals((byte) (half >>> 8 * i), (short) (signedLow >>> 16 * i));
      assertEquals(half >>> (8 * i + 32) & 0xFF, unsignedHigh >>> 16 * i & 0xFFFF);
    }
    long signed = I32x4.i32x4ExtendLowI16x8SLow(half, 0);
    long unsigned = I32x4.i32x4ExtendLowI16x8UHigh(half, 0);
    for (int i = 0; i < 2; i++) {
      assertEquals((short) (half >>> 16 * i), (int) (signed >>> 32 * i));
      assertEquals(half >>> (16 * i + 32) & 0xFFFF, unsigned >>> 32 * i & 0xFFFFFFFFL);
    }
  }

  @Test
  void everyShortIsNarrowed() {
    for (int x = Short.MIN_VALUE; x <= Short.MAX_VALUE; x++) {
      // Lanes: -1, x, the least, the greatest.
      long low = (x & 0xFFFFL) << 16 | 0x7FFF_8000_0000_FFFFL;
      long signed = I8x16.i8x16NarrowI16x8SLow(low, x & 0xFFFFL, 0, 0);
      long unsigned = I8x16.i8x16NarrowI16x8UHigh(0, 0, low, x & 0xFFFFL);
      long s = Math.max(-128, Math.min(127, x)) & 0xFF;
      long u = Math.max(0, Math.min(255, x));
      assertEquals(s << 32 | 0x7F80_00FFL | s << 8, signed);
      assertEquals(u << 32 | 0xFF00_0000L | u << 8, unsigned);
    }
  }

  @Property
  void dotProducts(@ForAll long a, @ForAll long b) {
    long result = I32x4.i32x4DotI16x8S(a, b);
    for (int s = 0; s < 64; s += 32) {
      int even = (short) (a >>> s) * (short) (b >>> s);
      int odd = (short) (a >>> (s + 16)) * (short) (b >>> (s + 16));
      assertEquals(even + odd, (int) (result >>> s));
    }
  }

  @Property
  void swizzles(
      @ForAll long low,
      @ForAll long high,
      @ForAll @LongRange(min = 0, max = 0x1F1F1F1F1F1F1F1FL) long indices,
      @ForAll long any) {
    for (long each : new long[] {indices, indices & 0x0F0F0F0F0F0F0F0FL, any}) {
      long result = I8x16.i8x16SwizzleLow(low, high, each, 0);
      for (int s = 0; s < 64; s += 8) {
        int i = (int) (each >>> s) & 0xFF;
        long expected = i > 15 ? 0 : (i < 8 ? low : high) >>> 8 * (i & 7) & 0xFF;
        assertEquals(expected, result >>> s & 0xFF);
      }
    }
  }
}

package dev.capsule.engine.text;

import java.util.OptionalInt;
import java.util.OptionalLong;

/** Number literals (spec 6.3.1, 6.3.2). Values out of range come back empty. */
final class Numbers {
  private Numbers() {}

  /** The kind of token that these characters form, or {@link Tokens#RESERVED}. */
  static byte kind(byte[] source, int start, int end) {
    int i = start;
    boolean signed = source[i] == '+' || source[i] == '-';
    if (signed) {
      i++;
    }
    if (matches(source, i, end, "inf") || matches(source, i, end, "nan")) {
      return Tokens.FLOAT;
    }
    if (end - i > 6 && matches(source, i, i + 6, "nan:0x")) {
      return digits(source, i + 6, end, 16) == end ? Tokens.FLOAT : Tokens.RESERVED;
    }
    boolean hex = end - i > 2 && source[i] == '0' && source[i + 1] == 'x';
    int radix = hex ? 16 : 10;
    int from = hex ? i + 2 : i;
    i = digits(source, from, end, radix);
    if (i == from) {
      return Tokens.RESERVED;
    }
    if (i == end) {
      return signed ? Tokens.INT : Tokens.NAT;
    }
    if (source[i] == '.') {
      i = digits(source, i + 1, end, radix);
    }
    if (i < end && (source[i] | 0x20) == (hex ? 'p' : 'e')) {
      i++;
      if (i < end && (source[i] == '+' || source[i] == '-')) {
        i++;
      }
      from = i;
      i = digits(source, from, end, 10);
      if (i == from) {
        return Tokens.RESERVED;
      }
    }
    return i == end ? Tokens.FLOAT : Tokens.RESERVED;
  }

  private static boolean matches(byte[] source, int start, int end, String text) {
    if (end - start != text.length()) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      if (source[start + i] != text.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  /** The end of the digits, divided by single underscores, that begin at {@code start}. */
  private static int digits(byte[] source, int start, int end, int radix) {
    int i = start;
    while (i < end) {
      if (source[i] == '_' && i > start && i + 1 < end) {
        i++;
      }
      if (source[i] < 0 || Character.digit(source[i], radix) < 0) {
        return i > start && source[i - 1] == '_' ? i - 1 : i;
      }
      i++;
    }
    return i;
  }

  /** An unsigned number of at most 64 bits, from {@code NAT}'s characters. */
  static OptionalLong unsigned(String text) {
    boolean hex = text.startsWith("0x");
    int radix = hex ? 16 : 10;
    long value = 0;
    for (int i = hex ? 2 : 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '_') {
        continue;
      }
      int digit = Character.digit(c, radix);
      if (Long.compareUnsigned(value, Long.divideUnsigned(-1L, radix)) > 0) {
        return OptionalLong.empty();
      }
      long next = value * radix + digit;
      if (Long.compareUnsigned(next, value * radix) < 0) {
        return OptionalLong.empty();
      }
      value = next;
    }
    return OptionalLong.of(value);
  }

  /** An integer of {@code bits} bits, signed or unsigned (uninterpreted), sign-extended. */
  static OptionalLong integer(String text, int bits) {
    char sign = text.charAt(0);
    OptionalLong magnitude = unsigned(sign == '+' || sign == '-' ? text.substring(1) : text);
    if (magnitude.isEmpty()) {
      return magnitude;
    }
    long value = magnitude.getAsLong();
    // Without a minus all bits may be used.
    long limit = sign == '-' ? 1L << (bits - 1) : -1L >>> (64 - bits);
    if (Long.compareUnsigned(value, limit) > 0) {
      return OptionalLong.empty();
    }
    long result = sign == '-' ? -value : value;
    int shift = 64 - bits;
    return OptionalLong.of(result << shift >> shift);
  }

  /** The bits of an {@code f32}, rounded once from the text. */
  static OptionalInt float32(String text) {
    OptionalLong bits = floating(text, 24, 8);
    return bits.isEmpty() ? OptionalInt.empty() : OptionalInt.of((int) bits.getAsLong());
  }

  /** The bits of an {@code f64}, rounded once from the text. */
  static OptionalLong float64(String text) {
    return floating(text, 53, 11);
  }

  private static OptionalLong floating(String text, int precision, int exponentBits) {
    char sign = text.charAt(0);
    boolean negative = sign == '-';
    String body = negative || sign == '+' ? text.substring(1) : text;
    long signBit = negative ? 1L << (precision - 1 + exponentBits) : 0;
    long infinity = ((1L << exponentBits) - 1) << (precision - 1);
    if (body.equals("inf")) {
      return OptionalLong.of(signBit | infinity);
    }
    if (body.equals("nan")) {
      return OptionalLong.of(signBit | infinity | 1L << (precision - 2));
    }
    if (body.startsWith("nan:")) {
      OptionalLong payload = unsigned(body.substring(4));
      boolean fits =
          payload.isPresent()
              && payload.getAsLong() != 0
              && payload.getAsLong() >>> (precision - 1) == 0;
      return fits
          ? OptionalLong.of(signBit | infinity | payload.getAsLong())
          : OptionalLong.empty();
    }
    long magnitude;
    if (body.startsWith("0x")) {
      magnitude = hexFloat(body, precision, exponentBits);
    } else {
      String digits = body.replace("_", "");
      magnitude =
          precision == 24
              ? Float.floatToRawIntBits(Float.parseFloat(digits))
              : Double.doubleToRawLongBits(Double.parseDouble(digits));
    }
    return magnitude == infinity ? OptionalLong.empty() : OptionalLong.of(signBit | magnitude);
  }

  /** Collects 64 bits of mantissa and whether anything behind them is set, then rounds once. */
  private static long hexFloat(String text, int precision, int exponentBits) {
    long mantissa = 0;
    boolean sticky = false;
    long exponent = 0;
    boolean fraction = false;
    int i = 2;
    for (; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == 'p' || c == 'P') {
        break;
      }
      if (c == '.') {
        fraction = true;
      } else if (c != '_') {
        int digit = Character.digit(c, 16);
        if (mantissa >>> 60 == 0) {
          mantissa = mantissa << 4 | digit;
          exponent -= fraction ? 4 : 0;
        } else {
          sticky |= digit != 0;
          exponent += fraction ? 0 : 4;
        }
      }
    }
    if (i < text.length()) {
      exponent += exponent(text, i + 1);
    }
    return round(mantissa, sticky, exponent, precision, exponentBits);
  }

  /** A decimal exponent, cut where it is far beyond every float's whatever the mantissa. */
  private static long exponent(String text, int start) {
    boolean negative = text.charAt(start) == '-';
    long value = 0;
    for (int i = start; i < text.length(); i++) {
      int digit = Character.digit(text.charAt(i), 10);
      if (digit >= 0 && value < 1L << 50) {
        value = value * 10 + digit;
      }
    }
    return negative ? -value : value;
  }

  /** The bits of mantissa * 2^exponent, rounded to nearest, ties to even. */
  private static long round(
      long mantissa, boolean sticky, long exponent, int precision, int exponentBits) {
    if (mantissa == 0) {
      return 0;
    }
    int zeros = Long.numberOfLeadingZeros(mantissa);
    long bits = mantissa << zeros;
    int bias = (1 << (exponentBits - 1)) - 1;
    // The value is 1.xxx * 2^power.
    long power = exponent - zeros + 63;
    if (power > bias) {
      return ((1L << exponentBits) - 1) << (precision - 1);
    }
    long drop = 64 - precision;
    long biased = power + bias;
    if (biased <= 0) {
      drop += 1 - biased;
      biased = 0;
    }
    if (drop > 64) {
      return 0;
    }
    long kept = drop == 64 ? 0 : bits >>> drop;
    long rest = drop == 64 ? bits : bits << (64 - drop);
    long half = 1L << 63;
    boolean up =
        Long.compareUnsigned(rest, half) > 0 || rest == half && (sticky || (kept & 1) != 0);
    // The hidden bit and a carry out of the mantissa both count into the exponent.
    long result = biased == 0 ? kept : ((biased - 1) << (precision - 1)) + kept;
    return up ? result + 1 : result;
  }
}

package dev.capsule.engine.text;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.OptionalInt;
import java.util.OptionalLong;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NumbersTest {
  @ParameterizedTest
  @CsvSource({
    "0, NAT",
    "1_000, NAT",
    "0xAb_cD, NAT",
    "-1, INT",
    "+0x1, INT",
    "1., FLOAT",
    "1.5e-3, FLOAT",
    "0x1.8p+3, FLOAT",
    "0x1p3, FLOAT",
    "inf, FLOAT",
    "-nan, FLOAT",
    "nan:0x7, FLOAT",
    "1e3, FLOAT",
    "_1, RESERVED",
    "1_, RESERVED",
    "1__0, RESERVED",
    "0x, RESERVED",
    "0x_1, RESERVED",
    "1e, RESERVED",
    "1.e+, RESERVED",
    "nan:0x, RESERVED",
    "0x1p, RESERVED",
    "+, RESERVED",
    "1._0, RESERVED",
    "0b1, RESERVED",
    "infinity, RESERVED",
    ".5, RESERVED",
    "0x1e3, NAT"
  })
  void tellsKinds(String text, String kind) {
    byte expected =
        switch (kind) {
          case "NAT" -> Tokens.NAT;
          case "INT" -> Tokens.INT;
          case "FLOAT" -> Tokens.FLOAT;
          default -> Tokens.RESERVED;
        };
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    assertEquals(expected, Numbers.kind(bytes, 0, bytes.length));
  }

  @ParameterizedTest
  @CsvSource({
    "0xffffffff, 32, -1",
    "4294967295, 32, -1",
    "-2147483648, 32, -2147483648",
    "255, 8, -1",
    "-128, 8, -128",
    "18446744073709551615, 64, -1",
    "-9223372036854775808, 64, -9223372036854775808",
    "-0, 32, 0",
    "+7, 16, 7"
  })
  void readsIntegers(String text, int bits, long value) {
    assertEquals(OptionalLong.of(value), Numbers.integer(text, bits));
  }

  @ParameterizedTest
  @CsvSource({
    "4294967296, 32",
    "-2147483649, 32",
    "256, 8",
    "-129, 8",
    "18446744073709551616, 64",
    "-9223372036854775809, 64",
    "99999999999999999999999999, 64"
  })
  void refusesIntegersOutOfRange(String text, int bits) {
    assertEquals(OptionalLong.empty(), Numbers.integer(text, bits));
  }

  @ParameterizedTest
  @CsvSource({
    // Halfway cases that rounding to a double first would get wrong.
    "1.00000017881393432617187499, 0x3f800001",
    "1.00000017881393432617187500, 0x3f800002",
    "0x1.00000100000000000000000001p0, 0x3f800001",
    "0x1.000001p0, 0x3f800000",
    "0x1.000003p0, 0x3f800002",
    "0x1p-149, 0x00000001",
    "0x1p-150, 0x00000000",
    "0x1.000001p-150, 0x00000001",
    "0x1.fffffep127, 0x7f7fffff",
    "0x1.fffffefp127, 0x7f7fffff",
    "0x0.000001p-126, 0x00000000",
    "0x1.fffffcp-127, 0x007fffff",
    "0x1.fffffep-127, 0x00800000",
    "-0x0p99999999999, 0x80000000",
    "nan, 0x7fc00000",
    "-nan:0x200000, 0xffa00000",
    "-inf, 0xff800000"
  })
  void roundsSinglesOnce(String text, String bits) {
    assertEquals(
        OptionalInt.of(Integer.parseUnsignedInt(bits.substring(2), 16)), Numbers.float32(text));
  }

  @ParameterizedTest
  @CsvSource({
    "0x1.ffffffp127",
    "0x1p128",
    "1e39",
    "340282356779733661637539395458142568448",
    "nan:0x0",
    "nan:0x800000",
    "0x1p99999999999999999999"
  })
  void refusesSinglesOutOfRange(String text) {
    assertEquals(OptionalInt.empty(), Numbers.float32(text));
  }

  @Property
  void hexadecimalDoublesAgreeWithTheJvm(
      @ForAll long mantissa, @ForAll @IntRange(min = -1200, max = 900) int exponent) {
    String text = "0x" + Long.toHexString(mantissa) + "p" + exponent;
    double expected = Double.parseDouble(text);
    assertEquals(
        Double.isInfinite(expected)
            ? OptionalLong.empty()
            : OptionalLong.of(Double.doubleToRawLongBits(expected)),
        Numbers.float64(text));
  }

  @Property
  void singlesAreTheNearestOfTheExactValue(
      @ForAll @LongRange(min = 1) long mantissa,
      @ForAll @IntRange(min = -220, max = 60) int exponent) {
    float actual =
        Float.intBitsToFloat(
            Numbers.float32("0x" + Long.toHexString(mantissa) + "p" + exponent).orElseThrow());
    BigDecimal exact = new BigDecimal(BigInteger.valueOf(mantissa));
    exact =
        exponent >= 0
            ? exact.multiply(new BigDecimal(BigInteger.TWO.pow(exponent)))
            : exact.divide(new BigDecimal(BigInteger.TWO.pow(-exponent)));
    assertEquals(Float.parseFloat(exact.toPlainString()), actual);
  }

  @Property
  void everyIntegerReadsBack(@ForAll long value) {
    assertEquals(OptionalLong.of(value), Numbers.integer(Long.toString(value), 64));
    assertEquals(OptionalLong.of(value), Numbers.integer(Long.toUnsignedString(value), 64));
    assertEquals(OptionalLong.of(value), Numbers.integer("0x" + Long.toHexString(value), 64));
  }
}

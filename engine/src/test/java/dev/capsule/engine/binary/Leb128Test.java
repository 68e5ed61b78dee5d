package dev.capsule.engine.binary;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.capsule.engine.module.ByteReader;
import dev.capsule.engine.module.MalformedException;
import dev.capsule.engine.types.UnknownType;
import java.util.function.ToLongFunction;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Leb128Test {
  private static ByteReader reader(byte[] bytes) {
    return new ByteReader(bytes, 0, bytes.length, 0, UnknownType::new);
  }

  @Property
  void unsignedNumbersComeBack(@ForAll long value) {
    ByteWriter out = new ByteWriter();
    out.u64(value);
    out.u32((int) value);
    ByteReader in = reader(out.toByteArray());
    assertEquals(value, in.u64());
    assertEquals((int) value, in.u32());
    assertTrue(in.atEnd());
  }

  @Property
  void signedNumbersComeBack(@ForAll long value) {
    ByteWriter out = new ByteWriter();
    out.s64(value);
    out.s64((int) value);
    out.s64(value >> 31);
    ByteReader in = reader(out.toByteArray());
    assertEquals(value, in.s64());
    assertEquals((int) value, in.s32());
    assertEquals(value >> 31, in.s33());
    assertTrue(in.atEnd());
  }

  @ParameterizedTest
  @CsvSource({
    "u32, ff ff ff ff 0f, 4294967295",
    "u32, 80 80 80 80 00, 0",
    "u32, 80 80 80 80 10, integer too large",
    "u32, 80 80 80 80 80 00, integer representation too long",
    "u32, 80, unexpected end of section or function",
    "s32, 80 80 80 80 78, -2147483648",
    "s32, ff ff ff ff 07, 2147483647",
    "s32, ff ff ff ff 0f, integer too large",
    "s32, 80 80 80 80 70, integer too large",
    "s33, 80 80 80 80 70, -4294967296",
    "s33, ff ff ff ff 0f, 4294967295",
    "s33, ff ff ff ff 1f, integer too large",
    "u64, ff ff ff ff ff ff ff ff ff 01, -1",
    "u64, ff ff ff ff ff ff ff ff ff 02, integer too large",
    "s64, 80 80 80 80 80 80 80 80 80 7f, -9223372036854775808",
    "s64, ff ff ff ff ff ff ff ff ff 00, 9223372036854775807",
    "s64, 80 80 80 80 80 80 80 80 80 7e, integer too large",
    "s64, 80 80 80 80 80 80 80 80 80 80 00, integer representation too long",
  })
  void limits(String kind, String bytes, String expected) {
    ToLongFunction<ByteReader> read =
        switch (kind) {
          case "u32" -> in -> Integer.toUnsignedLong(in.u32());
          case "s32" -> ByteReader::s32;
          case "s33" -> ByteReader::s33;
          case "u64" -> ByteReader::u64;
          default -> ByteReader::s64;
        };
    ByteReader in = reader(Hex.bytes(bytes));
    if (Character.isLetter(expected.charAt(0))) {
      MalformedException error = assertThrows(MalformedException.class, () -> read.applyAsLong(in));
      assertEquals(expected, error.reason());
    } else {
      assertEquals(Long.parseLong(expected), read.applyAsLong(in));
    }
  }
}

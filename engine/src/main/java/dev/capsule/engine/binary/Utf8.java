package dev.capsule.engine.binary;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Strict decoding of names (spec 5.2.4): no overlong forms, no surrogates. */
final class Utf8 {
  private Utf8() {}

  /** The text of {@code length} bytes, or empty where they are not UTF-8. */
  static Optional<String> decode(byte[] bytes, int start, int length) {
    int i = start;
    while (i < start + length && bytes[i] >= 0) {
      i++;
    }
    if (i == start + length) {
      return Optional.of(new String(bytes, start, length, StandardCharsets.ISO_8859_1));
    }
    try {
      ByteBuffer slice = ByteBuffer.wrap(bytes, start, length);
      return Optional.of(StandardCharsets.UTF_8.newDecoder().decode(slice).toString());
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }
}

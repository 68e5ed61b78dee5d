package dev.capsule.engine.text;

import java.util.Arrays;

/** The rules of UTF-8 (spec 5.2.4), for source text and names. */
final class Utf8 {
  private Utf8() {}

  /** Length in bytes of the character at {@code i}, or 0 where the bytes form none. */
  static int length(byte[] bytes, int i, int end) {
    int b = bytes[i] & 0xFF;
    if (b < 0x80) {
      return 1;
    }
    if (b < 0xC2 || b > 0xF4) {
      return 0;
    }
    int length = b < 0xE0 ? 2 : b < 0xF0 ? 3 : 4;
    if (i + length > end) {
      return 0;
    }
    int second = bytes[i + 1] & 0xFF;
    int low = b == 0xE0 ? 0xA0 : b == 0xF0 ? 0x90 : 0x80;
    int high = b == 0xED ? 0x9F : b == 0xF4 ? 0x8F : 0xBF;
    if (second < low || second > high) {
      return 0;
    }
    for (int k = 2; k < length; k++) {
      if ((bytes[i + k] & 0xC0) != 0x80) {
        return 0;
      }
    }
    return length;
  }

  static boolean valid(byte[] bytes) {
    int i = 0;
    while (i < bytes.length) {
      int length = length(bytes, i, bytes.length);
      if (length == 0) {
        return false;
      }
      i += length;
    }
    return true;
  }

  /**
   * Encodes Java text. An unpaired surrogate, which no valid text holds, becomes the three bytes of
   * its code point, which no decoder accepts, so it is reported where it stands.
   */
  static byte[] encode(String text) {
    int size = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      size += c < 0x80 ? 1 : c < 0x800 ? 2 : 3;
    }
    byte[] bytes = new byte[size];
    int at = 0;
    int i = 0;
    while (i < text.length()) {
      int c = text.codePointAt(i);
      i += Character.charCount(c);
      at = put(c, bytes, at);
    }
    return at == size ? bytes : Arrays.copyOf(bytes, at);
  }

  /** Writes one code point and returns the position behind it. */
  static int put(int c, byte[] bytes, int at) {
    int i = at;
    if (c < 0x80) {
      bytes[i++] = (byte) c;
    } else if (c < 0x800) {
      bytes[i++] = (byte) (0xC0 | c >> 6);
      bytes[i++] = (byte) (0x80 | c & 0x3F);
    } else if (c < 0x10000) {
      bytes[i++] = (byte) (0xE0 | c >> 12);
      bytes[i++] = (byte) (0x80 | c >> 6 & 0x3F);
      bytes[i++] = (byte) (0x80 | c & 0x3F);
    } else {
      bytes[i++] = (byte) (0xF0 | c >> 18);
      bytes[i++] = (byte) (0x80 | c >> 12 & 0x3F);
      bytes[i++] = (byte) (0x80 | c >> 6 & 0x3F);
      bytes[i++] = (byte) (0x80 | c & 0x3F);
    }
    return i;
  }
}

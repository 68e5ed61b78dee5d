package dev.capsule.task.guest.protocol;

/** Sizes of text. */
final class Utf8 {
  private Utf8() {}

  /** The bytes that a text has in UTF-8, counted without encoding it. */
  static long length(String text) {
    long bytes = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      // Each half of a surrogate pair counts two of the pair's four bytes.
      bytes += c < 0x80 ? 1 : c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
    }
    return bytes;
  }
}

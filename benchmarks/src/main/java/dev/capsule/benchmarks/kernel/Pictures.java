package dev.capsule.benchmarks.kernel;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * The twins of the SIMD kernels, and the input that they share: a linear congruential generator.
 */
final class Pictures {
  private static final byte[] ALPHABET =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
          .getBytes(StandardCharsets.US_ASCII);
  private static final int STRIDE = 528;
  private static final int WIDTH = 512;
  private static final int HEIGHT = 256;

  private Pictures() {}

  static int[] words(int count) {
    int[] words = new int[count];
    int x = 0;
    for (int i = 0; i < count; i++) {
      x = x * 1664525 + 1013904223;
      words[i] = x;
    }
    return words;
  }

  static short[] shorts(int count) {
    short[] shorts = new short[count];
    ByteBuffer.wrap(bytes(2 * count)).order(ByteOrder.LITTLE_ENDIAN).asShortBuffer().get(shorts);
    return shorts;
  }

  private static byte[] bytes(int count) {
    ByteBuffer bytes = ByteBuffer.allocate(count).order(ByteOrder.LITTLE_ENDIAN);
    for (int word : words(count / 4)) {
      bytes.putInt(word);
    }
    return bytes.array();
  }

  static int base64(int n) {
    byte[] in = bytes(49152);
    byte[] out = new byte[65536];
    for (int pass = 0; pass < n; pass++) {
      for (int p = 0, q = 0; p < in.length; p += 3, q += 4) {
        int x = (in[p] & 255) << 16 | (in[p + 1] & 255) << 8 | in[p + 2] & 255;
        out[q] = ALPHABET[x >>> 18];
        out[q + 1] = ALPHABET[x >>> 12 & 63];
        out[q + 2] = ALPHABET[x >>> 6 & 63];
        out[q + 3] = ALPHABET[x & 63];
      }
    }
    return checksum(out);
  }

  static int blur(int n) {
    byte[] in = bytes(STRIDE * (HEIGHT + 2));
    byte[] out = new byte[WIDTH * HEIGHT];
    for (int pass = 0; pass < n; pass++) {
      int q = 0;
      for (int y = 0; y < HEIGHT; y++) {
        int p = y * STRIDE + 8;
        for (int x = 0; x < WIDTH; x++) {
          out[q++] =
              (byte) ((row(in, p) + 2 * row(in, p + STRIDE) + row(in, p + 2 * STRIDE)) >>> 4);
          p++;
        }
      }
    }
    return checksum(out);
  }

  private static int row(byte[] in, int p) {
    return (in[p - 1] & 255) + 2 * (in[p] & 255) + (in[p + 1] & 255);
  }

  private static int checksum(byte[] bytes) {
    ByteBuffer words = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int sum = 0;
    while (words.hasRemaining()) {
      sum = sum * 31 + words.getInt();
    }
    return sum;
  }
}

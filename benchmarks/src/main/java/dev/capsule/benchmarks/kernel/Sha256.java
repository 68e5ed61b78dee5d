package dev.capsule.benchmarks.kernel;

/** SHA-256 in plain Java, as FIPS 180-4 writes it down. */
final class Sha256 {
  private static final int[] CONSTANTS = fractions(64, true);
  private static final int[] START = fractions(8, false);

  private Sha256() {}

  /** Of the n bytes 7 i + 3; n is a multiple of 64. */
  static int firstWord(int n) {
    byte[] message = new byte[n + 64];
    for (int i = 0; i < n; i++) {
      message[i] = (byte) (7 * i + 3);
    }
    message[n] = (byte) 0x80;
    int bits = n << 3;
    for (int i = 0; i < 4; i++) {
      message[n + 60 + i] = (byte) (bits >>> (24 - 8 * i));
    }
    int[] state = START.clone();
    int[] schedule = new int[64];
    for (int p = 0; p <= n; p += 64) {
      block(message, p, state, schedule);
    }
    return state[0];
  }

  private static void block(byte[] message, int p, int[] state, int[] w) {
    for (int i = 0; i < 16; i++) {
      int q = p + 4 * i;
      w[i] =
          message[q] << 24
              | (message[q + 1] & 255) << 16
              | (message[q + 2] & 255) << 8
              | message[q + 3] & 255;
    }
    for (int i = 16; i < 64; i++) {
      int x = w[i - 15];
      int y = w[i - 2];
      int s0 = Integer.rotateRight(x, 7) ^ Integer.rotateRight(x, 18) ^ x >>> 3;
      int s1 = Integer.rotateRight(y, 17) ^ Integer.rotateRight(y, 19) ^ y >>> 10;
      w[i] = w[i - 16] + s0 + w[i - 7] + s1;
    }
    int a = state[0];
    int b = state[1];
    int c = state[2];
    int d = state[3];
    int e = state[4];
    int f = state[5];
    int g = state[6];
    int h = state[7];
    for (int i = 0; i < 64; i++) {
      int s1 = Integer.rotateRight(e, 6) ^ Integer.rotateRight(e, 11) ^ Integer.rotateRight(e, 25);
      int t1 = h + s1 + (e & f ^ ~e & g) + CONSTANTS[i] + w[i];
      int s0 = Integer.rotateRight(a, 2) ^ Integer.rotateRight(a, 13) ^ Integer.rotateRight(a, 22);
      int t2 = s0 + (a & b ^ a & c ^ b & c);
      h = g;
      g = f;
      f = e;
      e = d + t1;
      d = c;
      c = b;
      b = a;
      a = t1 + t2;
    }
    state[0] += a;
    state[1] += b;
    state[2] += c;
    state[3] += d;
    state[4] += e;
    state[5] += f;
    state[6] += g;
    state[7] += h;
  }

  /** The first 32 bits of the fractions of the cube or square roots of the first primes. */
  private static int[] fractions(int count, boolean cube) {
    int[] words = new int[count];
    int prime = 2;
    for (int i = 0; i < count; prime++) {
      if (isPrime(prime)) {
        words[i++] = fraction(prime, cube);
      }
    }
    return words;
  }

  private static boolean isPrime(int n) {
    for (int i = 2; i * i <= n; i++) {
      if (n % i == 0) {
        return false;
      }
    }
    return true;
  }

  private static int fraction(int prime, boolean cube) {
    double root = cube ? Math.cbrt(prime) : Math.sqrt(prime);
    return (int) (long) ((root - Math.floor(root)) * 0x1p32);
  }
}

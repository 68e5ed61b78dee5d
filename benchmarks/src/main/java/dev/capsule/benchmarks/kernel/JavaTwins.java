package dev.capsule.benchmarks.kernel;

import java.util.Arrays;

/** The kernels as one would write them in Java: the baseline, and another opinion on results. */
final class JavaTwins {
  private JavaTwins() {}

  static int fib(int n) {
    return n < 2 ? n : fib(n - 1) + fib(n - 2);
  }

  static int sieve(int n) {
    boolean[] struck = new boolean[n];
    int count = 0;
    for (int i = 2; i < n; i++) {
      if (!struck[i]) {
        count++;
        for (int j = 2 * i; j < n; j += i) {
          struck[j] = true;
        }
      }
    }
    return count;
  }

  static int matmul(int n) {
    double[][] a = new double[n][n];
    double[][] b = new double[n][n];
    double[][] c = new double[n][n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        a[i][j] = (i - j) / 7.0;
        b[i][j] = (i + j) / 3.0;
      }
    }
    double sum = 0;
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        double dot = 0;
        for (int k = 0; k < n; k++) {
          dot += a[i][k] * b[k][j];
        }
        c[i][j] = dot;
        sum += c[i][j];
      }
    }
    return halves(sum);
  }

  static int sha256(int n) {
    return Sha256.firstWord(n);
  }

  static int mandelbrot(int n) {
    int sum = 0;
    for (int py = 0; py < n; py++) {
      double cy = 2.0 * py / n - 1;
      for (int px = 0; px < n; px++) {
        double cx = 3.0 * px / n - 2;
        double x = 0;
        double y = 0;
        int k = 0;
        while (k < 50 && x * x + y * y <= 4) {
          double t = x * x - y * y + cx;
          y = 2 * x * y + cy;
          x = t;
          k++;
        }
        sum += k;
      }
    }
    return sum;
  }

  static int nbody(int n) {
    SolarSystem system = new SolarSystem();
    for (int i = 0; i < n; i++) {
      system.advance();
    }
    return halves(system.energy());
  }

  static int fannkuch(int n) {
    int[] perm = new int[n];
    int[] perm1 = new int[n];
    int[] count = new int[n];
    for (int i = 0; i < n; i++) {
      perm1[i] = i;
    }
    int most = 0;
    int sum = 0;
    int r = n;
    for (boolean odd = false; ; odd = !odd) {
      for (; r != 1; r--) {
        count[r - 1] = r;
      }
      System.arraycopy(perm1, 0, perm, 0, n);
      int flips = flips(perm);
      most = Math.max(most, flips);
      sum += odd ? -flips : flips;
      while (true) {
        if (r == n) {
          return sum * 100 + most;
        }
        int first = perm1[0];
        for (int i = 0; i < r; i++) {
          perm1[i] = perm1[i + 1];
        }
        perm1[r] = first;
        if (--count[r] > 0) {
          break;
        }
        r++;
      }
    }
  }

  private static int flips(int[] perm) {
    int flips = 0;
    for (int k = perm[0]; k != 0; k = perm[0]) {
      for (int i = 0, j = k; i < j; i++, j--) {
        int t = perm[i];
        perm[i] = perm[j];
        perm[j] = t;
      }
      flips++;
    }
    return flips;
  }

  static int search(int n) {
    byte[] text = new byte[1_000_000];
    int x = 42;
    for (int i = 0; i < text.length; i++) {
      x = x * 1664525 + 1013904223;
      text[i] = (byte) ('a' + (x >>> 29));
    }
    int sum = 0;
    for (int i = 0; i < n; i++) {
      sum += find(text, 999_988 - 7919 * i);
    }
    return sum;
  }

  private static int find(byte[] text, int pattern) {
    int[] shifts = new int[256];
    Arrays.fill(shifts, 12);
    for (int i = 0; i < 11; i++) {
      shifts[text[pattern + i]] = 11 - i;
    }
    for (int p = 0; p <= text.length - 12; p += shifts[text[p + 11]]) {
      int k = 11;
      while (k >= 0 && text[p + k] == text[pattern + k]) {
        k--;
      }
      if (k < 0) {
        return p;
      }
    }
    return -1;
  }

  /** Table-driven: the 200 cases written out would be a method that HotSpot never compiles. */
  static int bytecodeLoop(int n) {
    byte[] code = new byte[8000];
    for (int i = 0; i < code.length; i++) {
      code[i] = (byte) (i * (i + 3) % 200);
    }
    int[] registers = new int[8];
    int a = 0;
    int pc = 0;
    for (; n > 0; n--) {
      int opcode = code[pc] & 255;
      int left = Integer.rotateLeft(a, GeneratedText.rotation(opcode));
      int right = registers[GeneratedText.source(opcode) / 4] + GeneratedText.constant(opcode);
      a =
          switch (opcode & 3) {
            case 0 -> left + right;
            case 1 -> left - right;
            case 2 -> left ^ right;
            default -> left * right;
          };
      registers[GeneratedText.target(opcode) / 4] = a;
      pc++;
      pc = pc == 8000 ? 0 : pc;
    }
    return a;
  }

  static int copy(int n) {
    byte[] memory = new byte[3 << 16];
    memory[65535] = 42;
    for (; n > 0; n--) {
      System.arraycopy(memory, n, memory, 65536 + n, 65536);
    }
    return memory[131071];
  }

  static int sum(int n) {
    int[] words = Pictures.words(65536);
    int sum = 0;
    for (int pass = 0; pass < n; pass++) {
      for (int word : words) {
        sum += word;
      }
    }
    return sum;
  }

  static int dot(int n) {
    short[] words = Pictures.shorts(131072);
    int sum = 0;
    for (int pass = 0; pass < n; pass++) {
      for (int i = 0; i < 65536; i++) {
        sum += words[i] * words[65536 + i];
      }
    }
    return sum;
  }

  static int base64(int n) {
    return Pictures.base64(n);
  }

  static int blur(int n) {
    return Pictures.blur(n);
  }

  static int trees(int n) {
    int sum = 0;
    for (; n > 0; n--) {
      sum += Node.make(11).count();
    }
    return sum;
  }

  private record Node(Node left, Node right) {
    static Node make(int depth) {
      return depth == 0 ? new Node(null, null) : new Node(make(depth - 1), make(depth - 1));
    }

    int count() {
      return 1 + (left == null ? 0 : left.count()) + (right == null ? 0 : right.count());
    }
  }

  static int exceptions(int n) {
    int sum = 0;
    for (; n > 0; n--) {
      try {
        sum += checked(n);
      } catch (OddException e) {
        sum -= e.number;
      }
    }
    return sum;
  }

  private static int checked(int i) {
    if ((i & 1) != 0) {
      throw new OddException(i);
    }
    return i;
  }

  private static final class OddException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final int number;

    OddException(int number) {
      super(null, null, false, false);
      this.number = number;
    }
  }

  static int host(int n) {
    int a = 0;
    for (int i = 0; i < n; i++) {
      a = next(a);
    }
    return a;
  }

  static int next(int a) {
    return a + 1;
  }

  private static int halves(double value) {
    long bits = Double.doubleToRawLongBits(value);
    return (int) bits ^ (int) (bits >>> 32);
  }
}

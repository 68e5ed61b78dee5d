package dev.capsule.benchmarks;

import java.util.function.IntUnaryOperator;

/**
 * The kernels as one would write them in Java: the baseline, and the source of expected results.
 */
final class PlainJava {
  private static final IntUnaryOperator[] FEW = {
    a -> a + 1, a -> a + 3, a -> a ^ 5, a -> a * 7,
  };

  private PlainJava() {}

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

  static int hash(int n) {
    int h = 0x811c9dc5;
    for (int i = 0; i < n; i++) {
      h = (h ^ (i & 255)) * 0x01000193;
    }
    return h;
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

  static int indirect(int n) {
    int a = 0;
    for (int i = 0; i < n; i++) {
      a = FEW[i & 3].applyAsInt(a);
    }
    return a;
  }
}

package dev.capsule.engine.compiler;

/**
 * Comparisons as values, where no branch takes them over. Small methods that every JIT inlines: a
 * branch in the middle of an expression would need the JVM's operand stack described there.
 */
public final class Comparing {
  private Comparing() {}

  public static int i32Eqz(int a) {
    return a == 0 ? 1 : 0;
  }

  public static int i32Eq(int a, int b) {
    return a == b ? 1 : 0;
  }

  public static int i32Ne(int a, int b) {
    return a != b ? 1 : 0;
  }

  public static int i32LtS(int a, int b) {
    return a < b ? 1 : 0;
  }

  public static int i32LtU(int a, int b) {
    return Integer.compareUnsigned(a, b) < 0 ? 1 : 0;
  }

  public static int i32GtS(int a, int b) {
    return a > b ? 1 : 0;
  }

  public static int i32GtU(int a, int b) {
    return Integer.compareUnsigned(a, b) > 0 ? 1 : 0;
  }

  public static int i32LeS(int a, int b) {
    return a <= b ? 1 : 0;
  }

  public static int i32LeU(int a, int b) {
    return Integer.compareUnsigned(a, b) <= 0 ? 1 : 0;
  }

  public static int i32GeS(int a, int b) {
    return a >= b ? 1 : 0;
  }

  public static int i32GeU(int a, int b) {
    return Integer.compareUnsigned(a, b) >= 0 ? 1 : 0;
  }

  public static int i64Eqz(long a) {
    return a == 0 ? 1 : 0;
  }

  public static int i64Eq(long a, long b) {
    return a == b ? 1 : 0;
  }

  public static int i64Ne(long a, long b) {
    return a != b ? 1 : 0;
  }

  public static int i64LtS(long a, long b) {
    return a < b ? 1 : 0;
  }

  public static int i64LtU(long a, long b) {
    return Long.compareUnsigned(a, b) < 0 ? 1 : 0;
  }

  public static int i64GtS(long a, long b) {
    return a > b ? 1 : 0;
  }

  public static int i64GtU(long a, long b) {
    return Long.compareUnsigned(a, b) > 0 ? 1 : 0;
  }

  public static int i64LeS(long a, long b) {
    return a <= b ? 1 : 0;
  }

  public static int i64LeU(long a, long b) {
    return Long.compareUnsigned(a, b) <= 0 ? 1 : 0;
  }

  public static int i64GeS(long a, long b) {
    return a >= b ? 1 : 0;
  }

  public static int i64GeU(long a, long b) {
    return Long.compareUnsigned(a, b) >= 0 ? 1 : 0;
  }

  public static int f32Eq(float a, float b) {
    return a == b ? 1 : 0;
  }

  public static int f32Ne(float a, float b) {
    return a != b ? 1 : 0;
  }

  public static int f32Lt(float a, float b) {
    return a < b ? 1 : 0;
  }

  public static int f32Gt(float a, float b) {
    return a > b ? 1 : 0;
  }

  public static int f32Le(float a, float b) {
    return a <= b ? 1 : 0;
  }

  public static int f32Ge(float a, float b) {
    return a >= b ? 1 : 0;
  }

  public static int f64Eq(double a, double b) {
    return a == b ? 1 : 0;
  }

  public static int f64Ne(double a, double b) {
    return a != b ? 1 : 0;
  }

  public static int f64Lt(double a, double b) {
    return a < b ? 1 : 0;
  }

  public static int f64Gt(double a, double b) {
    return a > b ? 1 : 0;
  }

  public static int f64Le(double a, double b) {
    return a <= b ? 1 : 0;
  }

  public static int f64Ge(double a, double b) {
    return a >= b ? 1 : 0;
  }

  public static int select(int a, int b, int condition) {
    return condition != 0 ? a : b;
  }

  public static long select(long a, long b, int condition) {
    return condition != 0 ? a : b;
  }

  public static float select(float a, float b, int condition) {
    return condition != 0 ? a : b;
  }

  public static double select(double a, double b, int condition) {
    return condition != 0 ? a : b;
  }

  public static Object select(Object a, Object b, int condition) {
    return condition != 0 ? a : b;
  }

  public static int isNull(Object a) {
    return a == null ? 1 : 0;
  }
}

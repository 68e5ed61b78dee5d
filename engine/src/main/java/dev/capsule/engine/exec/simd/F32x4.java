package dev.capsule.engine.exec.simd;

import dev.capsule.engine.exec.Numeric;

/** Operations on vectors of four floats. See the package for the calling convention. */
public final class F32x4 {
  private F32x4() {}

  /** Both halves of the vector. */
  public static long f32x4Splat(float value) {
    return I32x4.i32x4Splat(Float.floatToRawIntBits(value));
  }

  /** Lane of the half that holds it, counted within the half. */
  public static float f32x4ExtractLane(long half, int lane) {
    return Float.intBitsToFloat((int) (half >>> (32 * lane)));
  }

  /** The half with one lane, counted within the half, replaced. */
  public static long f32x4ReplaceLane(long half, int lane, float value) {
    return I32x4.i32x4ReplaceLane(half, lane, Float.floatToRawIntBits(value));
  }

  public static long f32x4Eq(long a, long b) {
    long result = 0;
    for (int s = 0; s < 64; s += 32) {
      float x = Float.intBitsToFloat((int) (a >>> s));
      float y = Float.intBitsToFloat((int) (b >>> s));
      result |= ((x == y ? -1 : 0) & 0xFFFFFFFFL) << s;
    }
    return result;
  }

  public static long f32x4Ne(long a, long b) {
    long result = 0;
    for (int s = 0; s < 64; s += 32) {
      float x = Float.intBitsToFloat((int) (a >>> s));
      float y = Float.intBitsToFloat((int) (b >>> s));
      result |= ((x != y ? -1 : 0) & 0xFFFFFFFFL) << s;
    }
    return result;
  }

  public static long f32x4Lt(long a, long b) {
    long result = 0;
    for (int s = 0; s < 64; s += 32) {
      float x = Float.intBitsToFloat((int) (a >>> s));
      float y = Float.intBitsToFloat((int) (b >>> s));
      result |= ((x < y ? -1 : 0) & 0xFFFFFFFFL) << s;
    }
    return result;
  }

  public static long f32x4Gt(long a, long b) {
    long result = 0;
    for (int s = 0; s < 64; s += 32) {
      float x = Float.intBitsToFloat((int) (a >>> s));
      float y = Float.intBitsToFloat((int) (b >>> s));
      result |= ((x > y ? -1 : 0) & 0xFFFFFFFFL) << s;
    }
    return result;
  }

  public static long f32x4Le(long a, long b) {
    long result = 0;
    for (int s = 0; s < 64; s += 32) {
      float x = Float.intBitsToFloat((int) (a >>> s));
      float y = Float.intBitsToFloat((int) (b >>> s));
      result |= ((x <= y ? -1 : 0) & 0xFFFFFFFFL) << s;
    }
    return result;
  }

  public static long f32x4Ge(long a, long b) {
    long result = 0;
    for (int s = 0; s < 64; s += 32) {
      float x = Float.intBitsToFloat((int) (a >>> s));
      float y = Float.intBitsToFloat((int) (b >>> s));
      result |= ((x >= y ? -1 : 0) & 0xFFFFFFFFL) << s;
    }
    return result;
  }

  public static long f32x4Abs(long a) {
    return a & ~0x8000000080000000L;
  }

  public static long f32x4Neg(long a) {
    return a ^ 0x8000000080000000L;
  }

  public static long f32x4Sqrt(long a) {
    long result = 0;
    for (int s = 0; s < 64; s += 32) {
      float x = Float.intBitsToFloat((int) (a >>> s));
      result |= ((Float.floatToRawIntBits((float) Math.sqrt(x))) & 0xFFFFFFFFL) << s;
    }
    return result;
  }

  public static long f32x4Ceil(long a) {
    long result = 0;
    for (int s = 0; s < 64; s += 32) {
      float x = Float.intBitsToFloat((int) (a >>> s));
      result |= ((Float.floatToRawIntBits(Numeric.f32Ceil(x))) & 0xFFFFFFFFL) << s;
    }
    return result;
  }

  public static long f32x4Floor(long a) {
    long result = 0;
    for (int s = 0; s < 64; s += 32) {
      float x = Float.intBitsToFloat((int) (a >>> s));
      result |= ((Float.floatToRawIntBits(Numeric.f32Floor(x))) & 0xFFFFFFFFL) << s;
    }
    return result;
  }

  public static long f32x4Trunc(long a) {
    long result = 0;
    for (int s = 0; s < 64; s += 32) {
      float x = Float.intBitsToFloat((int) (a >>> s));
      result |= ((Float.floatToRawIntBits(Numeric.f32Trunc(x))) & 0xFFFFFFFFL) << s;
    }
    return result;
  }

  public static long f32x4Nearest(long a) {
    long result = 0;
    for (int s = 0; s < 64; s += 32) {
      float x = Float.intBitsToFloat((int) (a >>> s));
      result |= ((Float.floatToRawIntBits(Numeric.f32Nearest(x))) & 0xFFFFFFFFL) << s;
    }
    return result;
  }

  public static long f32x4Add(long a, long b) {
    long result = 0;
    for (int s = 0; s < 64; s += 32) {
      float x = Float.intBitsToFloat((int) (a >>> s));
      float y = Float.intBitsToFloat((int) (b >>> s));
      result |= ((Float.floatToRawIntBits(x + y)) & 0xFFFFFFFFL) << s;
    }
    return result;
  }

  public static long f32x4Sub(long a, long b) {
    long result = 0;
    for (int s = 0; s < 64; s += 32) {
      float x = Float.intBitsToFloat((int) (a >>> s));
      float y = Float.intBitsToFloat((int) (b >>> s));
      result |= ((Float.floatToRawIntBits(x - y)) & 0xFFFFFFFFL) << s;
    }
    return result;
  }

  public static long f32x4Mul(long a, long b) {
    long result = 0;
    for (int s = 0; s < 64; s += 32) {
      float x = Float.intBitsToFloat((int) (a >>> s));
      float y = Float.intBitsToFloat((int) (b >>> s));
      result |= ((Float.floatToRawIntBits(x * y)) & 0xFFFFFFFFL) << s;
    }
    return result;
  }

  public static long f32x4Div(long a, long b) {
    long result = 0;
    for (int s = 0; s < 64; s += 32) {
      float x = Float.intBitsToFloat((int) (a >>> s));
      float y = Float.intBitsToFloat((int) (b >>> s));
      result |= ((Float.floatToRawIntBits(x / y)) & 0xFFFFFFFFL) << s;
    }
    return result;
  }

  public static long f32x4Min(long a, long b) {
    long result = 0;
    for (int s = 0; s < 64; s += 32) {
      float x = Float.intBitsToFloat((int) (a >>> s));
      float y = Float.intBitsToFloat((int) (b >>> s));
      result |= ((Float.floatToRawIntBits(Numeric.f32Min(x, y))) & 0xFFFFFFFFL) << s;
    }
    return result;
  }

  public static long f32x4Max(long a, long b) {
    long result = 0;
    for (int s = 0; s < 64; s += 32) {
      float x = Float.intBitsToFloat((int) (a >>> s));
      float y = Float.intBitsToFloat((int) (b >>> s));
      result |= ((Float.floatToRawIntBits(Numeric.f32Max(x, y))) & 0xFFFFFFFFL) << s;
    }
    return result;
  }

  public static long f32x4Pmin(long a, long b) {
    long result = 0;
    for (int s = 0; s < 64; s += 32) {
      float x = Float.intBitsToFloat((int) (a >>> s));
      float y = Float.intBitsToFloat((int) (b >>> s));
      result |= ((Float.floatToRawIntBits(y < x ? y : x)) & 0xFFFFFFFFL) << s;
    }
    return result;
  }

  public static long f32x4Pmax(long a, long b) {
    long result = 0;
    for (int s = 0; s < 64; s += 32) {
      float x = Float.intBitsToFloat((int) (a >>> s));
      float y = Float.intBitsToFloat((int) (b >>> s));
      result |= ((Float.floatToRawIntBits(x < y ? y : x)) & 0xFFFFFFFFL) << s;
    }
    return result;
  }

  public static long f32x4RelaxedMin(long a, long b) {
    long result = 0;
    for (int s = 0; s < 64; s += 32) {
      float x = Float.intBitsToFloat((int) (a >>> s));
      float y = Float.intBitsToFloat((int) (b >>> s));
      result |= ((Float.floatToRawIntBits(Numeric.f32Min(x, y))) & 0xFFFFFFFFL) << s;
    }
    return result;
  }

  public static long f32x4RelaxedMax(long a, long b) {
    long result = 0;
    for (int s = 0; s < 64; s += 32) {
      float x = Float.intBitsToFloat((int) (a >>> s));
      float y = Float.intBitsToFloat((int) (b >>> s));
      result |= ((Float.floatToRawIntBits(Numeric.f32Max(x, y))) & 0xFFFFFFFFL) << s;
    }
    return result;
  }

  public static long f32x4RelaxedMadd(long a, long b, long c) {
    long result = 0;
    for (int s = 0; s < 64; s += 32) {
      float x = Float.intBitsToFloat((int) (a >>> s));
      float y = Float.intBitsToFloat((int) (b >>> s));
      float z = Float.intBitsToFloat((int) (c >>> s));
      result |= (Float.floatToRawIntBits(x * y + z) & 0xFFFFFFFFL) << s;
    }
    return result;
  }

  public static long f32x4RelaxedNmadd(long a, long b, long c) {
    long result = 0;
    for (int s = 0; s < 64; s += 32) {
      float x = Float.intBitsToFloat((int) (a >>> s));
      float y = Float.intBitsToFloat((int) (b >>> s));
      float z = Float.intBitsToFloat((int) (c >>> s));
      result |= (Float.floatToRawIntBits(-(x * y) + z) & 0xFFFFFFFFL) << s;
    }
    return result;
  }

  public static long f32x4ConvertI32x4S(long a) {
    long result = 0;
    for (int s = 0; s < 64; s += 32) {
      int x = (int) (a >>> s);
      result |= (Float.floatToRawIntBits((float) x) & 0xFFFFFFFFL) << s;
    }
    return result;
  }

  public static long f32x4ConvertI32x4U(long a) {
    long result = 0;
    for (int s = 0; s < 64; s += 32) {
      int x = (int) (a >>> s);
      result |= (Float.floatToRawIntBits((float) (x & 0xFFFFFFFFL)) & 0xFFFFFFFFL) << s;
    }
    return result;
  }

  public static long f32x4DemoteF64x2ZeroLow(long aLow, long aHigh) {
    long low = Float.floatToRawIntBits((float) Double.longBitsToDouble(aLow)) & 0xFFFFFFFFL;
    return low | (long) Float.floatToRawIntBits((float) Double.longBitsToDouble(aHigh)) << 32;
  }

  public static long f32x4DemoteF64x2ZeroHigh(long aLow, long aHigh) {
    return 0;
  }
}

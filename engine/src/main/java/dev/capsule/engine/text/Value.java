package dev.capsule.engine.text;

import dev.capsule.engine.types.HeapType;
import java.util.Optional;

/**
 * A value as scripts write it: an argument, or exactly what is expected. Its {@code toString} is
 * its text.
 */
public sealed interface Value {
  record I32(int value) implements Value {
    @Override
    public String toString() {
      return "(i32.const " + value + ")";
    }
  }

  record I64(long value) implements Value {
    @Override
    public String toString() {
      return "(i64.const " + value + ")";
    }
  }

  record F32(int bits) implements Value {
    @Override
    public String toString() {
      return "(f32.const " + FloatText.of(bits) + ")";
    }
  }

  record F64(long bits) implements Value {
    @Override
    public String toString() {
      return "(f64.const " + FloatText.of(bits) + ")";
    }
  }

  record V128(long low, long high) implements Value {
    @Override
    public String toString() {
      return String.format("(v128.const i64x2 0x%016x 0x%016x)", low, high);
    }
  }

  /** {@code ref.null}; without a type it stands for any null. */
  record RefNull(Optional<HeapType> type) implements Value {
    @Override
    public String toString() {
      return "(ref.null" + type.map(t -> " " + t).orElse("") + ")";
    }
  }

  /** {@code ref.extern n}: a reference of the host with this number. */
  record RefExtern(int number) implements Value {
    @Override
    public String toString() {
      return "(ref.extern " + number + ")";
    }
  }

  /** {@code ref.host n}: the same, seen as {@code anyref}. */
  record RefHost(int number) implements Value {
    @Override
    public String toString() {
      return "(ref.host " + number + ")";
    }
  }
}

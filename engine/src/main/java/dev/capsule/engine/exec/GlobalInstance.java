package dev.capsule.engine.exec;

import dev.capsule.engine.runtime.Global;
import dev.capsule.engine.runtime.V128;
import dev.capsule.engine.types.GlobalType;
import dev.capsule.engine.types.NumType;
import dev.capsule.engine.types.RefType;
import dev.capsule.engine.types.VecType;

/** A global as the tiers see it: numbers as raw bits, references as objects. */
public final class GlobalInstance extends Global {
  /** The number's bits, as in a stack slot; the low half of a vector. */
  public long bits;

  /** The high half of a vector. */
  public long high;

  public Object ref;

  public GlobalInstance(GlobalType type) {
    super(type);
  }

  @Override
  public Object get() {
    return switch (type().value()) {
      case NumType num ->
          switch (num) {
            case I32 -> (Object) (int) bits;
            case I64 -> (Object) bits;
            case F32 -> (Object) Float.intBitsToFloat((int) bits);
            case F64 -> (Object) Double.longBitsToDouble(bits);
          };
      case VecType vec -> new V128(bits, high);
      case RefType ref -> this.ref;
    };
  }

  @Override
  public void set(Object value) {
    if (!type().mutable()) {
      throw new IllegalStateException("global is immutable");
    }
    if (!References.isOfType(value, type().value())) {
      throw new IllegalArgumentException(
          "global of type " + type().value() + " cannot hold " + value);
    }
    init(value);
  }

  /** Sets the value without asking for mutability or type. */
  public void init(Object value) {
    switch (type().value()) {
      case NumType num ->
          bits =
              switch (num) {
                case I32 -> (Integer) value;
                case I64 -> (Long) value;
                case F32 -> Float.floatToRawIntBits((Float) value);
                case F64 -> Double.doubleToRawLongBits((Double) value);
              };
      case VecType vec -> {
        bits = ((V128) value).low();
        high = ((V128) value).high();
      }
      case RefType type -> ref = value;
    }
  }
}

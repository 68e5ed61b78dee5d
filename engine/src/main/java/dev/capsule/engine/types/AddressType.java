package dev.capsule.engine.types;

/** The type of addresses of a memory or table (spec 2.3.9). */
public enum AddressType {
  I32(NumType.I32),
  I64(NumType.I64);

  private final NumType type;

  AddressType(NumType type) {
    this.type = type;
  }

  /** The value type of an address. */
  public NumType valType() {
    return type;
  }

  @Override
  public String toString() {
    return type.toString();
  }
}

package dev.capsule.engine.types;

/** Abstract heap types, with their one-byte codes in the binary format (spec 2.3.3, 5.3.4). */
public enum AbsHeapType implements HeapType {
  NOEXN("noexn", 0x74),
  NOFUNC("nofunc", 0x73),
  NOEXTERN("noextern", 0x72),
  NONE("none", 0x71),
  FUNC("func", 0x70),
  EXTERN("extern", 0x6F),
  ANY("any", 0x6E),
  EQ("eq", 0x6D),
  I31("i31", 0x6C),
  STRUCT("struct", 0x6B),
  ARRAY("array", 0x6A),
  EXN("exn", 0x69),
  /** The type of no value, below every heap type; validation uses it for unreachable code. */
  BOT("bot", -1);

  private final String text;
  private final int code;

  AbsHeapType(String text, int code) {
    this.text = text;
    this.code = code;
  }

  /** The byte that stands for this type in the binary format, or -1 where there is none. */
  public int code() {
    return code;
  }

  /** The abstract heap type with binary code {@code code}, or null. */
  public static AbsHeapType ofCode(int code) {
    return code >= 0x69 && code <= 0x74 ? BY_CODE[code - 0x69] : null;
  }

  private static final AbsHeapType[] BY_CODE = new AbsHeapType[0x74 - 0x69 + 1];

  static {
    for (AbsHeapType type : values()) {
      if (type.code >= 0) {
        BY_CODE[type.code - 0x69] = type;
      }
    }
  }

  @Override
  public String toString() {
    return text;
  }
}

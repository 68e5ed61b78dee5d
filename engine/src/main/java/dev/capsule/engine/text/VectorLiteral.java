package dev.capsule.engine.text;

/** {@code v128} literals: a shape, then its lanes (spec 6.5.8). */
final class VectorLiteral {
  private VectorLiteral() {}

  /** Whether this word names a shape. */
  static boolean isShape(String word) {
    return switch (word) {
      case "i8x16", "i16x8", "i32x4", "i64x2", "f32x4", "f64x2" -> true;
      default -> false;
    };
  }

  static void parse(Cursor in, CodeBuffer out) {
    if (!in.is(Tokens.KEYWORD) || !isShape(in.text())) {
      throw in.unexpected();
    }
    String shape = in.text();
    in.advance();
    int lanes = Integer.parseInt(shape.substring(shape.indexOf('x') + 1));
    checkCount(in, lanes);
    for (int i = 0; i < lanes; i++) {
      switch (shape) {
        case "i8x16" -> out.u8((int) in.integer(8));
        case "i16x8" -> {
          int value = (int) in.integer(16);
          out.u8(value);
          out.u8(value >> 8);
        }
        case "i32x4" -> out.fixed32((int) in.integer(32));
        case "i64x2" -> out.fixed64(in.integer(64));
        case "f32x4" -> out.fixed32(in.float32());
        default -> out.fixed64(in.float64());
      }
    }
  }

  /** A wrong number of lanes is told before a lane that is out of range. */
  private static void checkCount(Cursor in, int lanes) {
    int start = in.position();
    int count = 0;
    while (in.is(Tokens.NAT) || in.is(Tokens.INT) || in.is(Tokens.FLOAT)) {
      in.advance();
      count++;
    }
    boolean word = in.is(Tokens.RESERVED) || in.is(Tokens.KEYWORD) && !Keywords.known(in.text());
    if (word) {
      throw in.unexpected();
    }
    if (count != lanes) {
      throw in.error("wrong number of lane literals");
    }
    in.seek(start);
  }
}

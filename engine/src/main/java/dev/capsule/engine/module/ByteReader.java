package dev.capsule.engine.module;

import dev.capsule.engine.types.AbsHeapType;
import dev.capsule.engine.types.HeapType;
import dev.capsule.engine.types.NumType;
import dev.capsule.engine.types.RefType;
import dev.capsule.engine.types.ValType;
import dev.capsule.engine.types.VecType;
import java.util.function.IntFunction;

/**
 * A cursor over bytes in the binary format: integers in LEB128 (spec 5.2.2), vectors' lengths, and
 * value types (5.3). Every read beyond the end or of a wrong form is a {@link MalformedException}.
 */
public class ByteReader {
  protected final byte[] bytes;

  /** The offset in the file of the array's first byte. */
  protected int base;

  protected int end;
  protected int position;
  private final IntFunction<HeapType> types;

  /**
   * @param base the offset in the file of the array's first byte
   * @param types what type indices mean
   */
  public ByteReader(byte[] bytes, int start, int end, int base, IntFunction<HeapType> types) {
    this.bytes = bytes;
    this.position = start;
    this.end = end;
    this.base = base;
    this.types = types;
  }

  /** Whether everything is read. */
  public final boolean atEnd() {
    return position >= end;
  }

  /** The position in the array of the next byte. */
  public final int position() {
    return position;
  }

  /** Continues at a position in the array. */
  public final void seek(int position) {
    this.position = position;
  }

  /** The next byte, which stays. */
  public final int peek() {
    if (position >= end) {
      throw malformed("unexpected end of section or function", position);
    }
    return bytes[position] & 0xFF;
  }

  /** The next byte, unsigned. */
  public final int byteU() {
    if (position >= end) {
      throw malformed("unexpected end of section or function", position);
    }
    return bytes[position++] & 0xFF;
  }

  /** An unsigned 32-bit integer. */
  public final int u32() {
    if (position < end && bytes[position] >= 0) {
      return bytes[position++];
    }
    return (int) leb(32, false);
  }

  public final int s32() {
    return (int) leb(32, true);
  }

  public final long s33() {
    return leb(33, true);
  }

  public final long u64() {
    if (position < end && bytes[position] >= 0) {
      return bytes[position++];
    }
    return leb(64, false);
  }

  public final long s64() {
    return leb(64, true);
  }

  private long leb(int bits, boolean signed) {
    int at = position;
    long result = 0;
    int shift = 0;
    while (true) {
      int b = byteU();
      result |= (long) (b & 0x7F) << shift;
      int left = bits - shift;
      if (left < 7) {
        // The bits that do not fit must be zero, or copies of the sign.
        int excess = signed ? (b & 0x7F) >> (left - 1) : (b & 0x7F) >> left;
        int allOnes = signed ? 0x7F >> (left - 1) : 0;
        if ((b & 0x80) != 0) {
          throw malformed("integer representation too long", at);
        }
        if (excess != 0 && excess != allOnes) {
          throw malformed("integer too large", at);
        }
      }
      shift += 7;
      if ((b & 0x80) == 0) {
        return signed && shift < 64 && (b & 0x40) != 0 ? result | -1L << shift : result;
      }
      if (shift >= bits) {
        throw malformed("integer representation too long", at);
      }
    }
  }

  public final int fixed32() {
    int result = 0;
    for (int i = 0; i < 4; i++) {
      result |= byteU() << (8 * i);
    }
    return result;
  }

  public final long fixed64() {
    return (fixed32() & 0xFFFFFFFFL) | (long) fixed32() << 32;
  }

  /**
   * A length in bytes, or a count of things that take at least a byte each: never more than what is
   * left, so that what is allocated for it stays in proportion to the input.
   */
  public final int count() {
    int at = position;
    int count = u32();
    // The reference interpreter compares with what is left before the count itself.
    if (count < 0 || count > end - at) {
      throw malformed("length out of bounds", at);
    }
    if (count > end - position) {
      throw malformed("unexpected end of section or function", at);
    }
    return count;
  }

  /** A value type (spec 5.3.5). */
  public final ValType valType() {
    int at = position;
    int code = byteU();
    switch (code) {
      case 0x7F:
        return NumType.I32;
      case 0x7E:
        return NumType.I64;
      case 0x7D:
        return NumType.F32;
      case 0x7C:
        return NumType.F64;
      case 0x7B:
        return VecType.V128;
      default:
        position = at;
        return refType("malformed value type");
    }
  }

  /** A reference type (spec 5.3.4). */
  public final RefType refType() {
    return refType("malformed reference type");
  }

  private RefType refType(String error) {
    int at = position;
    int code = byteU();
    if (code == 0x63 || code == 0x64) {
      return new RefType(code == 0x63, heapType());
    }
    AbsHeapType abs = AbsHeapType.ofCode(code);
    if (abs == null) {
      throw malformed(error, at);
    }
    return new RefType(true, abs);
  }

  /** A heap type (spec 5.3.3). */
  public final HeapType heapType() {
    int at = position;
    int code = peek();
    if ((code & 0xC0) == 0x40) {
      position++;
      AbsHeapType abs = AbsHeapType.ofCode(code);
      if (abs == null) {
        throw malformed("malformed heap type", at);
      }
      return abs;
    }
    long index = s33();
    if (index < 0) {
      throw malformed("malformed heap type", at);
    }
    return types.apply((int) index);
  }

  /** An error at a position in the array. */
  public final MalformedException malformed(String reason, int at) {
    return new MalformedException(reason, base + (long) at);
  }
}

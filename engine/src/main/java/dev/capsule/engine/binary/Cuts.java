package dev.capsule.engine.binary;

import dev.capsule.engine.module.ByteReader;
import dev.capsule.engine.module.MalformedException;
import dev.capsule.engine.types.UnknownType;
import java.util.Arrays;
import java.util.function.Predicate;

/** Custom sections that are taken out of a module's bytes before it is decoded. */
final class Cuts {
  static final Cuts NONE = new Cuts();

  /** Where the cut sections start and end in the input, ascending. */
  private int[] starts = {};

  private int[] ends = {};
  private int count;
  private int passed;
  private int removed;

  private Cuts() {}

  /** Finds the custom sections whose name is accepted; malformed input is left to the decoder. */
  static Cuts of(byte[] bytes, Predicate<String> dropped) {
    Cuts cuts = new Cuts();
    ByteReader in = new ByteReader(bytes, 8, bytes.length, 0, UnknownType::new);
    try {
      while (!in.atEnd()) {
        int start = in.position();
        int id = in.byteU();
        int size = in.count();
        int end = in.position() + size;
        if (id == 0) {
          int length = in.count();
          if (in.position() + length <= end
              && Utf8.decode(bytes, in.position(), length).filter(dropped).isPresent()) {
            cuts.add(start, end);
          }
        }
        in.seek(end);
      }
    } catch (MalformedException e) {
      return NONE;
    }
    return cuts;
  }

  private void add(int start, int end) {
    if (count == starts.length) {
      starts = Arrays.copyOf(starts, 2 * count + 4);
      ends = Arrays.copyOf(ends, 2 * count + 4);
    }
    starts[count] = start;
    ends[count++] = end;
  }

  /** The bytes without what is cut. */
  byte[] apply(byte[] bytes) {
    if (count == 0) {
      return bytes;
    }
    int sum = 0;
    for (int i = 0; i < count; i++) {
      sum += ends[i] - starts[i];
    }
    byte[] rest = new byte[bytes.length - sum];
    int to = 0;
    int from = 0;
    for (int i = 0; i <= count; i++) {
      int until = i < count ? starts[i] : bytes.length;
      System.arraycopy(bytes, from, rest, to, until - from);
      to += until - from;
      from = i < count ? ends[i] : from;
    }
    return rest;
  }

  /**
   * How many bytes of the input are missing before the section that starts at {@code position} of
   * what is left. Positions must be asked for in ascending order.
   */
  int removedBefore(int position) {
    while (passed < count && starts[passed] <= position + removed) {
      removed += ends[passed] - starts[passed];
      passed++;
    }
    return removed;
  }
}

package dev.capsule.engine.module;

import dev.capsule.engine.types.ValType;
import java.util.List;

/**
 * A function's declared locals (without parameters), run-length coded as in the binary format, and
 * its instructions (spec 2.5.5, 5.5.15).
 */
public record FunctionBody(List<LocalGroup> locals, CodeSlice code) {
  /** {@code count} consecutive locals of one type. */
  public record LocalGroup(int count, ValType type) {}

  /** The number of declared locals. */
  public long localCount() {
    long sum = 0;
    for (LocalGroup group : locals) {
      sum += group.count & 0xFFFFFFFFL;
    }
    return sum;
  }
}

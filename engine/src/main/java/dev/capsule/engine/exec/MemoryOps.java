package dev.capsule.engine.exec;

import dev.capsule.engine.module.DataSegment;

/**
 * Instructions on whole ranges of memory (spec 4.6.6). Addresses and lengths are unsigned 64-bit
 * numbers: the tiers zero-extend those of 32-bit memories. Large moves go in steps, between which
 * deadline and interruption are looked at.
 */
public final class MemoryOps {
  private static final int STEP = 1 << 24;

  private static final int COPIED_AT_ONCE = 1 << 18;

  private MemoryOps() {}

  /**
   * {@code memory.grow}: the old size in pages, or -1. Fuel pays for what is added only, but an
   * array is copied whole; so a loop that grows a large memory looks at the time in each turn.
   */
  public static long grow(ExecStore store, LinearMemory memory, long delta) {
    if (memory.byteSize() > COPIED_AT_ONCE) {
      store.checkInterruption();
    }
    long old = memory.grow(store, delta);
    if (old >= 0) {
      store.chargeBulk(delta << memory.type().pageSizeLog2() >>> 6);
    }
    return old;
  }

  /** {@code memory.fill}. */
  public static void fill(
      ExecStore store, LinearMemory memory, long address, int value, long length) {
    memory.check(address, length);
    store.chargeBulk(length >>> 6);
    for (long done = 0; done < length; done += STEP) {
      if (done > 0) {
        store.checkInterruption();
      }
      memory.fill(address + done, (byte) value, Math.min(STEP, length - done));
    }
  }

  /** {@code memory.copy}; the memories may be the same one. */
  public static void copy(
      ExecStore store, LinearMemory to, long target, LinearMemory from, long source, long length) {
    to.check(target, length);
    from.check(source, length);
    store.chargeBulk(length >>> 6);
    boolean backwards = to == from && target > source;
    for (long done = 0; done < length; done += STEP) {
      if (done > 0) {
        store.checkInterruption();
      }
      int part = (int) Math.min(STEP, length - done);
      long at = backwards ? length - done - part : done;
      LinearMemory.copy(to, target + at, from, source + at, part);
    }
  }

  /** {@code memory.init}; source and length are 32-bit numbers. */
  public static void init(
      ModuleInstance instance,
      int segment,
      LinearMemory memory,
      long target,
      int source,
      int length) {
    DataSegment data = instance.module.datas().get(segment);
    int available = instance.droppedData[segment] ? 0 : data.length();
    if ((source & 0xFFFFFFFFL) + (length & 0xFFFFFFFFL) > available) {
      throw LinearMemory.outOfBounds();
    }
    memory.check(target, length);
    instance.store.chargeBulk(length >>> 6);
    for (long done = 0; done < length; done += STEP) {
      if (done > 0) {
        instance.store.checkInterruption();
      }
      int from = data.start() + source + (int) done;
      memory.write(target + done, data.bytes(), from, (int) Math.min(STEP, length - done));
    }
  }

  /** {@code data.drop}. */
  public static void drop(ModuleInstance instance, int segment) {
    instance.droppedData[segment] = true;
  }
}

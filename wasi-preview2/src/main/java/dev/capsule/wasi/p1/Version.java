package dev.capsule.wasi.p1;

import dev.capsule.wasi.filesystem.DescriptorStat;

/** What differs between {@code wasi_snapshot_preview1} and the older {@code wasi_unstable}. */
public enum Version {
  /** Preview 1. */
  SNAPSHOT_PREVIEW1("wasi_snapshot_preview1", 48, 16),
  /** Its elder: another order of whence, 32-bit link counts, an identifier in subscriptions. */
  UNSTABLE("wasi_unstable", 56, 24);

  private final String module;
  private final int subscriptionSize;
  private final int clockOffset;

  Version(String module, int subscriptionSize, int clockOffset) {
    this.module = module;
    this.subscriptionSize = subscriptionSize;
    this.clockOffset = clockOffset;
  }

  /** The name of the module to import from. */
  public String module() {
    return module;
  }

  int subscriptionSize() {
    return subscriptionSize;
  }

  /** Where the clock's id, timeout, precision and flags start in a subscription. */
  int clockOffset() {
    return clockOffset;
  }

  /** Where a seek starts. */
  enum Whence {
    SET,
    CUR,
    END
  }

  Whence whence(int value) {
    return switch (this) {
      case SNAPSHOT_PREVIEW1 ->
          switch (value) {
            case 0 -> Whence.SET;
            case 1 -> Whence.CUR;
            case 2 -> Whence.END;
            default -> throw new Preview1Error(Errno.INVAL);
          };
      case UNSTABLE ->
          switch (value) {
            case 0 -> Whence.CUR;
            case 1 -> Whence.END;
            case 2 -> Whence.SET;
            default -> throw new Preview1Error(Errno.INVAL);
          };
    };
  }

  int fileStatSize() {
    return this == UNSTABLE ? 56 : 64;
  }

  void putFileStat(GuestMemory memory, long address, DescriptorStat stat) {
    memory.check(address, fileStatSize());
    memory.putLong(address, stat.device());
    memory.putLong(address + 8, stat.inode());
    memory.putLong(address + 16, Handle.fileType(stat.type()));
    long rest = address + 24;
    if (this == UNSTABLE) {
      memory.putInt(address + 20, (int) stat.linkCount());
    } else {
      memory.putLong(rest, stat.linkCount());
      rest += 8;
    }
    memory.putLong(rest, stat.size());
    memory.putLong(rest + 8, stat.accessed().toNanos());
    memory.putLong(rest + 16, stat.modified().toNanos());
    memory.putLong(rest + 24, stat.changed().toNanos());
  }
}

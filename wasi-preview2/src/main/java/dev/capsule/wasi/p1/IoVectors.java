package dev.capsule.wasi.p1;

import dev.capsule.wasi.filesystem.FilesystemException;
import dev.capsule.wasi.io.StreamException;
import dev.capsule.wasi.io.WaitGuard;
import java.nio.ByteBuffer;

/**
 * The buffers of one read or write. All are checked before any byte moves; the bytes go through one
 * array of bounded size, however much the guest asks for.
 */
final class IoVectors {
  /** As on Linux. */
  private static final int MAX_VECTORS = 1024;

  private static final int CHUNK = 64 * 1024;

  private final GuestMemory memory;
  private final long[] addresses;
  private final long[] lengths;
  private final long total;

  IoVectors(GuestMemory memory, long address, int count) {
    if (count < 0 || count > MAX_VECTORS) {
      throw new Preview1Error(Errno.INVAL);
    }
    memory.check(address, 8L * count);
    this.memory = memory;
    this.addresses = new long[count];
    this.lengths = new long[count];
    long sum = 0;
    for (int i = 0; i < count; i++) {
      addresses[i] = Integer.toUnsignedLong(memory.getInt(address + 8L * i));
      lengths[i] = Integer.toUnsignedLong(memory.getInt(address + 8L * i + 4));
      memory.check(addresses[i], lengths[i]);
      sum += lengths[i];
    }
    if (sum > Integer.MAX_VALUE) {
      throw new Preview1Error(Errno.INVAL);
    }
    this.total = sum;
  }

  /** How many bytes all buffers hold. */
  long total() {
    return total;
  }

  /** Moves some bytes; answers how many, 0 or less to stop. */
  @FunctionalInterface
  interface Transfer {
    int move(ByteBuffer bytes, long done);
  }

  /**
   * Moves the next piece. What was moved before a failure counts: the guest hears of the failure by
   * its next call.
   *
   * @return how many bytes; 0 or less to stop
   */
  private static int move(Transfer transfer, ByteBuffer bytes, int done) {
    if (done == 0) {
      return transfer.move(bytes, 0);
    }
    try {
      return transfer.move(bytes, done);
    } catch (Preview1Error | FilesystemException | StreamException e) {
      return 0;
    }
  }

  /** Fills the buffers until the source gives less than asked for. */
  int fill(Transfer source, WaitGuard guard) {
    byte[] chunk = new byte[(int) Math.min(CHUNK, total)];
    int done = 0;
    for (int i = 0; i < addresses.length; i++) {
      long at = 0;
      while (at < lengths[i]) {
        int n = (int) Math.min(chunk.length, lengths[i] - at);
        int got = move(source, ByteBuffer.wrap(chunk, 0, n), done);
        if (got > 0) {
          memory.write(addresses[i] + at, chunk, 0, got);
          done += got;
          at += got;
        }
        if (got < n) {
          return done;
        }
        guard.check();
      }
    }
    return done;
  }

  /** Empties the buffers until the sink takes less than offered. */
  int drain(Transfer sink, WaitGuard guard) {
    byte[] chunk = new byte[(int) Math.min(CHUNK, total)];
    int done = 0;
    int held = 0;
    for (int i = 0; i < addresses.length; i++) {
      long at = 0;
      while (at < lengths[i]) {
        int n = (int) Math.min(chunk.length - held, lengths[i] - at);
        memory.read(addresses[i] + at, chunk, held, n);
        held += n;
        at += n;
        if (held == chunk.length) {
          int put = move(sink, ByteBuffer.wrap(chunk, 0, held), done);
          done += put;
          if (put < held) {
            return done;
          }
          held = 0;
          guard.check();
        }
      }
    }
    if (held > 0) {
      done += move(sink, ByteBuffer.wrap(chunk, 0, held), done);
    }
    return done;
  }
}

package dev.capsule.wasi.io;

import java.nio.ByteBuffer;

/** Bytes from a guest ({@code wasi:io/streams.output-stream}). */
public interface WasiOutputStream extends AutoCloseable {
  /**
   * How many bytes the next {@link #write} may carry; 0 while earlier ones are still under way.
   *
   * @throws StreamException if the stream is closed or an earlier write failed
   */
  long checkWrite();

  /**
   * Takes at most {@link #checkWrite} bytes from {@code from}, without blocking.
   *
   * @throws StreamException if the stream is closed
   */
  void write(ByteBuffer from);

  /** Asks for everything written so far to be passed on; never blocks. */
  void flush();

  /** Ready when {@link #checkWrite} has something to say. */
  Pollable subscribe();

  /** True if the bytes go to a terminal. */
  default boolean isTerminal() {
    return false;
  }

  /** Writes all of {@code from}, waiting for room as often as needed, and flushes. */
  default void blockingWriteAndFlush(ByteBuffer from, WaitGuard guard) {
    int end = from.limit();
    while (from.position() < end) {
      long room = checkWrite();
      if (room == 0) {
        Poller.block(subscribe(), guard);
        continue;
      }
      from.limit((int) Math.min(end, from.position() + room));
      write(from);
      from.limit(end);
    }
    blockingFlush(guard);
  }

  /** Flushes and waits until the bytes have been passed on. */
  default void blockingFlush(WaitGuard guard) {
    flush();
    while (checkWrite() == 0) {
      Poller.block(subscribe(), guard);
    }
  }

  @Override
  default void close() {}
}

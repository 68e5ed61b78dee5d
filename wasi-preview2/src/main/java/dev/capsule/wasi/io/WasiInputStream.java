package dev.capsule.wasi.io;

import java.nio.ByteBuffer;

/** Bytes for a guest ({@code wasi:io/streams.input-stream}). */
public interface WasiInputStream extends AutoCloseable {
  /**
   * Moves bytes into {@code into} without blocking.
   *
   * @return how many; 0 if none are there now; -1 at the end
   * @throws StreamException if the source failed
   */
  int read(ByteBuffer into);

  /** Ready when {@link #read} has something to say: bytes, the end, or an error. */
  Pollable subscribe();

  /** True if the bytes come from a terminal. */
  default boolean isTerminal() {
    return false;
  }

  /** Like {@link #read}, but waits for at least one byte if {@code into} has room. */
  default int blockingRead(ByteBuffer into, WaitGuard guard) {
    if (!into.hasRemaining()) {
      return 0;
    }
    while (true) {
      int n = read(into);
      if (n != 0) {
        return n;
      }
      Poller.block(subscribe(), guard);
    }
  }

  @Override
  default void close() {}
}

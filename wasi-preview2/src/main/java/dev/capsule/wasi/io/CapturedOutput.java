package dev.capsule.wasi.io;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Output kept in memory up to a cap; what exceeds it is dropped and remembered as dropped. */
public final class CapturedOutput implements WasiOutputStream {
  private static final int CHUNK = 1 << 20;

  private final int cap;
  private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
  private long dropped;

  /** Keeps at most {@code cap} bytes. */
  public CapturedOutput(int cap) {
    if (cap < 0) {
      throw new IllegalArgumentException("cap " + cap + " is negative");
    }
    this.cap = cap;
  }

  @Override
  public long checkWrite() {
    return CHUNK;
  }

  @Override
  public synchronized void write(ByteBuffer from) {
    int n = Math.min(from.remaining(), cap - kept.size());
    byte[] part = new byte[n];
    from.get(part);
    kept.writeBytes(part);
    dropped += from.remaining();
    from.position(from.limit());
  }

  @Override
  public void flush() {
    // There is nothing behind the memory.
  }

  @Override
  public Pollable subscribe() {
    return Pollable.READY;
  }

  /** The bytes kept so far. */
  public synchronized byte[] bytes() {
    return kept.toByteArray();
  }

  /** The bytes kept so far, as UTF-8; malformed parts become U+FFFD. */
  public String text() {
    return new String(bytes(), StandardCharsets.UTF_8);
  }

  /** How many bytes exceeded the cap. */
  public synchronized long dropped() {
    return dropped;
  }
}

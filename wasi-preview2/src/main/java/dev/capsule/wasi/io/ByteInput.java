package dev.capsule.wasi.io;

import java.nio.ByteBuffer;

/** Bytes that are all there already. */
public final class ByteInput implements WasiInputStream {
  private final ByteBuffer bytes;

  /** Gives these bytes, then the end. The array is not copied. */
  public ByteInput(byte[] bytes) {
    this.bytes = ByteBuffer.wrap(bytes).asReadOnlyBuffer();
  }

  @Override
  public int read(ByteBuffer into) {
    if (!bytes.hasRemaining()) {
      return -1;
    }
    int n = Math.min(bytes.remaining(), into.remaining());
    into.put(bytes.slice(bytes.position(), n));
    bytes.position(bytes.position() + n);
    return n;
  }

  @Override
  public Pollable subscribe() {
    return Pollable.READY;
  }
}

package dev.capsule.wasi.io;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;

/** Output to a Java stream that never blocks for long, written on the guest's own thread. */
public final class DirectOutput implements WasiOutputStream {
  private static final int CHUNK = 64 * 1024;

  private final OutputStream sink;
  private boolean closed;

  /** Writes to {@code sink}, which is not closed: it belongs to the embedder. */
  public DirectOutput(OutputStream sink) {
    this.sink = sink;
  }

  /** Takes everything and keeps nothing. */
  public static DirectOutput discard() {
    return new DirectOutput(OutputStream.nullOutputStream());
  }

  @Override
  public long checkWrite() {
    if (closed) {
      throw StreamException.closed();
    }
    return CHUNK;
  }

  @Override
  public void write(ByteBuffer from) {
    checkWrite();
    byte[] part = new byte[from.remaining()];
    from.get(part);
    try {
      sink.write(part);
    } catch (IOException e) {
      throw failed(e);
    }
  }

  @Override
  public void flush() {
    try {
      sink.flush();
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private StreamException failed(IOException e) {
    closed = true;
    return StreamException.failed("write failed: " + e.getMessage());
  }

  @Override
  public Pollable subscribe() {
    return Pollable.READY;
  }
}

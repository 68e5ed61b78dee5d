package dev.capsule.wasi.io;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;

/**
 * Bytes for a Java stream whose {@code write} may block for ever, such as a pipe nobody reads. One
 * daemon thread per stream does the blocking, so that the guest's deadline and cancellation still
 * hold. At most one chunk is under way, and a write counts as done when the stream has taken it: so
 * the output of one guest on several streams keeps its order.
 */
public final class BlockingOutput implements WasiOutputStream {
  private static final int CHUNK = 64 * 1024;

  private final OutputStream sink;
  private final boolean terminal;
  private final Wakers wakers = new Wakers();
  private byte[] pending = new byte[1024];
  private int length;
  private boolean busy;
  private boolean closed;
  private String failure = "";
  private Thread writer;

  /** Writes to {@code sink}, which is not closed: it belongs to the embedder. */
  public BlockingOutput(OutputStream sink, boolean terminal) {
    this.sink = sink;
    this.terminal = terminal;
  }

  @Override
  public synchronized long checkWrite() {
    if (!failure.isEmpty()) {
      String reason = failure;
      failure = "";
      closed = true;
      throw StreamException.failed(reason);
    }
    if (closed) {
      throw StreamException.closed();
    }
    return busy ? 0 : CHUNK;
  }

  @Override
  public synchronized void write(ByteBuffer from) {
    if (closed) {
      throw StreamException.closed();
    }
    if (busy || from.remaining() > CHUNK) {
      throw new IllegalStateException("write of more bytes than permitted");
    }
    length = from.remaining();
    if (pending.length < length) {
      pending = new byte[CHUNK];
    }
    from.get(pending, 0, length);
    if (length == 0) {
      return;
    }
    busy = true;
    if (writer == null) {
      writer = new Thread(this::writeChunks, "wasi-output");
      writer.setDaemon(true);
      writer.start();
    }
    notifyAll();
  }

  private void writeChunks() {
    while (awaitChunk()) {
      String error = "";
      try {
        sink.write(pending, 0, length);
        sink.flush();
      } catch (IOException e) {
        error = "write failed: " + e.getMessage();
      }
      synchronized (this) {
        busy = false;
        failure = error;
      }
      wakers.wakeAll();
    }
  }

  private synchronized boolean awaitChunk() {
    while (!busy && !closed) {
      try {
        wait();
      } catch (InterruptedException e) {
        return false;
      }
    }
    return busy;
  }

  @Override
  public void flush() {
    // Every chunk is flushed as it is written.
  }

  private synchronized boolean idle() {
    return !busy;
  }

  @Override
  public Pollable subscribe() {
    return new Pollable() {
      @Override
      public boolean ready() {
        return idle();
      }

      @Override
      public void onReady(Runnable wake) {
        wakers.add(wake);
      }

      @Override
      public void forget(Runnable wake) {
        wakers.remove(wake);
      }
    };
  }

  @Override
  public boolean isTerminal() {
    return terminal;
  }

  @Override
  public synchronized void close() {
    closed = true;
    notifyAll();
  }
}

package dev.capsule.wasi.io;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/**
 * Bytes from a Java stream whose {@code read} may block for ever, such as the standard input. One
 * daemon thread per stream, started by the first demand, does the blocking; it reads at most one
 * chunk ahead of what the guest asked for and nothing unless the guest asked.
 */
public final class BlockingInput implements WasiInputStream {
  private static final int CHUNK = 64 * 1024;

  private final InputStream source;
  private final boolean terminal;
  private final boolean owned;
  private final Wakers wakers = new Wakers();
  private final byte[] chunk = new byte[CHUNK];
  private int position;
  private int limit;
  private boolean demanded;
  private boolean ended;
  private boolean closed;
  private String failure = "";
  private Thread reader;

  /** Reads from {@code source}, which is not closed: it belongs to the embedder. */
  public BlockingInput(InputStream source, boolean terminal) {
    this(source, terminal, false);
  }

  private BlockingInput(InputStream source, boolean terminal, boolean owned) {
    this.source = source;
    this.terminal = terminal;
    this.owned = owned;
  }

  /** Reads from {@code source} and closes it in the end. */
  public static BlockingInput owning(InputStream source) {
    return new BlockingInput(source, false, true);
  }

  @Override
  public synchronized int read(ByteBuffer into) {
    if (position < limit) {
      int n = Math.min(limit - position, into.remaining());
      into.put(chunk, position, n);
      position += n;
      return n;
    }
    if (!failure.isEmpty()) {
      throw StreamException.failed(failure);
    }
    if (ended || closed) {
      return -1;
    }
    demand();
    return 0;
  }

  private void demand() {
    demanded = true;
    if (reader == null) {
      reader = new Thread(this::readOnDemand, "wasi-input");
      reader.setDaemon(true);
      reader.start();
    }
    notifyAll();
  }

  private void readOnDemand() {
    while (awaitDemand()) {
      int n = -1;
      String error = "";
      try {
        n = source.read(chunk, 0, CHUNK);
      } catch (IOException e) {
        error = String.valueOf(e.getMessage());
      }
      synchronized (this) {
        position = 0;
        limit = Math.max(n, 0);
        ended = n < 0;
        failure = error;
        demanded = false;
      }
      wakers.wakeAll();
    }
  }

  private synchronized boolean awaitDemand() {
    while (!demanded && !ended && !closed) {
      try {
        wait();
      } catch (InterruptedException e) {
        return false;
      }
    }
    return !ended && !closed;
  }

  private synchronized boolean answerable() {
    if (position < limit || ended || closed) {
      return true;
    }
    demand();
    return false;
  }

  @Override
  public Pollable subscribe() {
    return new Pollable() {
      @Override
      public boolean ready() {
        return answerable();
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
  public void close() {
    synchronized (this) {
      closed = true;
      notifyAll();
    }
    if (owned) {
      try {
        source.close();
      } catch (IOException e) {
        throw StreamException.failed(String.valueOf(e.getMessage()));
      }
    }
  }
}

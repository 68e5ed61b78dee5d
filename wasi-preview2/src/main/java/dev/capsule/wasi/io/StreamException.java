package dev.capsule.wasi.io;

/** A stream operation failed ({@code wasi:io/streams.stream-error}). */
public final class StreamException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final boolean closed;

  private StreamException(String message, boolean closed) {
    super(message, null, false, false);
    this.closed = closed;
  }

  /** The stream takes or gives no more bytes. */
  public static StreamException closed() {
    return new StreamException("stream is closed", true);
  }

  /** The last operation failed on the host for the reason given; the stream is closed after it. */
  public static StreamException failed(String reason) {
    return new StreamException(reason, false);
  }

  /** True for {@code closed}, false for {@code last-operation-failed}. */
  public boolean isClosed() {
    return closed;
  }
}

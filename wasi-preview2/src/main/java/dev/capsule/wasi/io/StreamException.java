package dev.capsule.wasi.io;

import java.util.Optional;

/** A stream operation failed ({@code wasi:io/streams.stream-error}). */
public final class StreamException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final boolean closed;
  private final transient Enum<?> code;

  private StreamException(String message, boolean closed, Enum<?> code) {
    super(message, null, false, false);
    this.closed = closed;
    this.code = code;
  }

  /** The stream takes or gives no more bytes. */
  public static StreamException closed() {
    return new StreamException("stream is closed", true, null);
  }

  /** The last operation failed on the host for the reason given; the stream is closed after it. */
  public static StreamException failed(String reason) {
    return new StreamException(reason, false, null);
  }

  /** The last operation failed with an error code of the interface behind the stream. */
  public static StreamException failed(Enum<?> code) {
    return new StreamException(code.name(), false, code);
  }

  /** True for {@code closed}, false for {@code last-operation-failed}. */
  public boolean isClosed() {
    return closed;
  }

  /** The error code, if it is of this interface, as in {@code filesystem-error-code}. */
  public <E extends Enum<E>> Optional<E> code(Class<E> type) {
    return type.isInstance(code) ? Optional.of(type.cast(code)) : Optional.empty();
  }
}

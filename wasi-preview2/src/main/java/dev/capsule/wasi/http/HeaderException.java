package dev.capsule.wasi.http;

/** A header was refused ({@code wasi:http/types.header-error}). */
public final class HeaderException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** The cases of {@code header-error}. */
  public enum Kind {
    /** The name or the value is malformed. */
    INVALID_SYNTAX,
    /** The name is one that guests may not set. */
    FORBIDDEN,
    /** The fields cannot be changed. */
    IMMUTABLE
  }

  private final Kind kind;

  HeaderException(Kind kind, String message) {
    super(message, null, false, false);
    this.kind = kind;
  }

  /** Why. */
  public Kind kind() {
    return kind;
  }
}

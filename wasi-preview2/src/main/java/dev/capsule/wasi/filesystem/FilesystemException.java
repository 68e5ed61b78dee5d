package dev.capsule.wasi.filesystem;

/** A file operation failed; the guest is told the {@link #code}. */
public final class FilesystemException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ErrorCode code;
  private final boolean tooManyOpenFiles;

  private FilesystemException(ErrorCode code, String message, boolean tooManyOpenFiles) {
    super(message, null, false, false);
    this.code = code;
    this.tooManyOpenFiles = tooManyOpenFiles;
  }

  /** The operation failed for this reason. */
  public FilesystemException(ErrorCode code) {
    this(code, code.name(), false);
  }

  /**
   * The limit on open handles is used up. The error codes of 0.2 have no word for it, so the code
   * is {@link ErrorCode#INSUFFICIENT_MEMORY}; preview 1 has EMFILE.
   */
  public static FilesystemException tooManyOpenFiles() {
    return new FilesystemException(ErrorCode.INSUFFICIENT_MEMORY, "too many open files", true);
  }

  /** What the guest is told. */
  public ErrorCode code() {
    return code;
  }

  /** True if the limit on open handles was the reason. */
  public boolean isTooManyOpenFiles() {
    return tooManyOpenFiles;
  }
}

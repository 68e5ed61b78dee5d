package dev.capsule.engine.module;

/** Bytes that do not follow the binary format (spec chapter 5). */
public final class MalformedException extends WasmFormatException {
  private static final long serialVersionUID = 1L;

  private final String reason;
  private final long offset;

  /**
   * @param reason what is wrong, in the words of the official test suite
   * @param offset the place in bytes from the start of the module
   */
  public MalformedException(String reason, long offset) {
    super(reason + " (at offset 0x" + Long.toHexString(offset) + ")");
    this.reason = reason;
    this.offset = offset;
  }

  /** What is wrong, without the place. */
  public String reason() {
    return reason;
  }

  /** The place in bytes from the start of the module. */
  public long offset() {
    return offset;
  }
}

package dev.capsule.engine.module;

/** Text that does not follow the text format (spec chapter 6). */
public final class SyntaxException extends WasmFormatException {
  private static final long serialVersionUID = 1L;

  private final String reason;
  private final int line;
  private final int column;

  /**
   * @param reason what is wrong, in the words of the official test suite
   * @param line counted from 1
   * @param column counted from 1, in Unicode code points
   */
  public SyntaxException(String reason, int line, int column) {
    super(line + ":" + column + ": " + reason);
    this.reason = reason;
    this.line = line;
    this.column = column;
  }

  /** What is wrong, without the place. */
  public String reason() {
    return reason;
  }

  public int line() {
    return line;
  }

  public int column() {
    return column;
  }
}

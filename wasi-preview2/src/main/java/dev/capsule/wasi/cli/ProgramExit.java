package dev.capsule.wasi.cli;

/** The guest asked to end; thrown through all of its frames ({@code wasi:cli/exit}). */
public final class ProgramExit extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int code;

  /** Ends the guest with this code; 0 is success. */
  public ProgramExit(int code) {
    super("exit with code " + Integer.toUnsignedString(code), null, false, false);
    this.code = code;
  }

  /** The guest's exit code, as it said it. */
  public int code() {
    return code;
  }
}

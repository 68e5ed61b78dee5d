package dev.capsule.engine.module;

/** A module that cannot be accepted: malformed bytes or text, or invalid content. */
public abstract sealed class WasmFormatException extends RuntimeException
    permits MalformedException, SyntaxException, InvalidException {
  private static final long serialVersionUID = 1L;

  WasmFormatException(String message) {
    super(message);
  }
}

package dev.capsule.engine.runtime;

import java.util.List;

/**
 * An exception that Wasm code threw, or that a host function throws into it (spec 4.6.10). Compiled
 * code unwinds with it; it has no Java stack trace.
 */
public final class WasmException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Object exception;
  private final transient Tag tag;
  private final transient List<Object> arguments;

  /**
   * @param exception the reference that {@code catch_ref} gives; its identity is the exception's
   * @param tag the tag it was thrown with
   * @param arguments the values it carries, as {@link Global#get} would give them
   */
  public WasmException(Object exception, Tag tag, List<Object> arguments) {
    super("uncaught exception", null, false, false);
    this.exception = exception;
    this.tag = tag;
    this.arguments = arguments;
  }

  /** The {@code exnref}. */
  public Object reference() {
    return exception;
  }

  public Tag tag() {
    return tag;
  }

  public List<Object> arguments() {
    return arguments;
  }
}

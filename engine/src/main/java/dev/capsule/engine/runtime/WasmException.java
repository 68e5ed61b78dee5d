package dev.capsule.engine.runtime;

import dev.capsule.engine.exec.ExceptionOps;
import java.util.List;

/**
 * An exception that Wasm code threw and nobody there caught, or that a host function throws into it
 * (spec 4.6.10). Compiled code unwinds with it; it has no Java stack trace.
 */
public final class WasmException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Object reference;
  private final transient Tag tag;

  /**
   * A new exception, for host functions to throw.
   *
   * @param arguments values of the tag's types, as {@link Global#get} would give them
   * @throws IllegalArgumentException if they do not fit
   */
  public static WasmException of(Tag tag, Object... arguments) {
    return new WasmException(ExceptionOps.create(tag, arguments));
  }

  /**
   * Throws an exception again, with its identity.
   *
   * @param reference a non-null {@code exnref}
   */
  public WasmException(Object reference) {
    super("uncaught exception", null, false, false);
    this.reference = reference;
    this.tag = ExceptionOps.tag(reference);
  }

  /** The {@code exnref}; its identity is the exception's. */
  public Object reference() {
    return reference;
  }

  /** The tag that it was thrown with. */
  public Tag tag() {
    return tag;
  }

  /** The values that it carries, as {@link Global#get} would give them. */
  public List<Object> arguments() {
    return ExceptionOps.arguments(reference);
  }
}

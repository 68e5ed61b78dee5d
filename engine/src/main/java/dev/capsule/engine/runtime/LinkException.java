package dev.capsule.engine.runtime;

/** Imports of a module that cannot be satisfied (spec 4.7.2); nothing has been instantiated. */
public final class LinkException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public LinkException(String message) {
    super(message);
  }
}

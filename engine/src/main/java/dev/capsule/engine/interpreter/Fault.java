package dev.capsule.engine.interpreter;

/** What an instruction threw that is not the first of its fused node, with its place. */
final class Fault extends RuntimeException {
  private static final long serialVersionUID = 1L;

  final int site;

  Fault(RuntimeException cause, int site) {
    super(null, cause, false, false);
    this.site = site;
  }
}

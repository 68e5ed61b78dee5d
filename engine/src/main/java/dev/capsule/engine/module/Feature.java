package dev.capsule.engine.module;

/**
 * Parts of the language that an embedder can switch off; everything is on by default. Custom
 * sections, such as names and branch hints, are not among them: they never make a module invalid.
 */
public enum Feature {
  /** The language of 2017 with mutable globals; always on. */
  MVP("mvp"),
  SIGN_EXTENSION("sign-extension"),
  SATURATING_FLOAT_TO_INT("saturating-float-to-int"),
  MULTI_VALUE("multi-value"),
  BULK_MEMORY("bulk-memory"),
  REFERENCE_TYPES("reference-types"),
  SIMD("simd"),
  RELAXED_SIMD("relaxed-simd"),
  EXTENDED_CONST("extended-const"),
  TAIL_CALLS("tail-calls"),
  EXCEPTIONS("exceptions"),
  LEGACY_EXCEPTIONS("legacy-exceptions"),
  FUNCTION_REFERENCES("function-references"),
  GC("gc"),
  MULTI_MEMORY("multi-memory"),
  MEMORY64("memory64"),
  THREADS("threads"),
  CUSTOM_PAGE_SIZES("custom-page-sizes"),
  WIDE_ARITHMETIC("wide-arithmetic");

  private final String text;

  Feature(String text) {
    this.text = text;
  }

  /** The name as used by the WebAssembly proposals. */
  @Override
  public String toString() {
    return text;
  }
}

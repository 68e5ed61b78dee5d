/**
 * The binary format (WebAssembly 3.0, chapter 5): bytes to {@code Module} and back. Depends on
 * {@code module} and {@code types}; function bodies stay slices of the input.
 */
package dev.capsule.engine.binary;

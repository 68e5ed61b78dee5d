/**
 * The syntax tree of a module and the table of instructions (WebAssembly 3.0, chapter 2).
 * Immutable; depends on {@code types} alone, except for the entry points of {@code Module}, which
 * call the decoder and the text parser.
 */
package dev.capsule.engine.module;

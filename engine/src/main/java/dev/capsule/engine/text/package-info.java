/**
 * The text format (WebAssembly 3.0, chapter 6) and test scripts: lexer, parser into the module
 * tree, printer. Depends on {@code types} and {@code module} alone.
 */
package dev.capsule.engine.text;

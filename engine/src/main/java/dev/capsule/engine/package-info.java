/**
 * The WebAssembly engine. Its packages are the chapters of the specification; this one holds what
 * all of them share.
 */
package dev.capsule.engine;

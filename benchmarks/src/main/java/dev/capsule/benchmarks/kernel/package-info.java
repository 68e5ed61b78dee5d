/**
 * Kernels of one idea each, the same WebAssembly bytes in every engine, with twins in plain Java;
 * and what an engine does with a module before it runs. One process per kernel and engine.
 */
package dev.capsule.benchmarks.kernel;

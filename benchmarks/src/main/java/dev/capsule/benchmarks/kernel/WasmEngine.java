package dev.capsule.benchmarks.kernel;

import java.util.function.IntUnaryOperator;

/**
 * What is asked of an engine. The host offers its guests one function, {@code host.next}, which
 * answers the number after its argument.
 */
interface WasmEngine {
  /** Instantiates a module and answers its export {@code run}. */
  IntUnaryOperator load(byte[] wasm);

  /** Makes so many instances of the module and answers the sum of what {@code run(1)} says. */
  IntUnaryOperator instantiator(byte[] wasm);

  /** Decodes a module and leaves the bodies of its functions as they are. */
  default void decode(byte[] wasm) {
    throw new UnsupportedOperationException("decodes and validates at once");
  }

  /** Decodes and validates a module. */
  void validate(byte[] wasm);

  /** Decodes, validates and compiles all of a module, in one thread. */
  void compile(byte[] wasm);
}

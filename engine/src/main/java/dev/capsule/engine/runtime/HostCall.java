package dev.capsule.engine.runtime;

/** A host function that reads its arguments and sets its results through a {@link Caller}. */
@FunctionalInterface
public interface HostCall {
  /** What it throws passes through Wasm and arrives unchanged where the host called in. */
  void call(Caller caller) throws Exception;
}

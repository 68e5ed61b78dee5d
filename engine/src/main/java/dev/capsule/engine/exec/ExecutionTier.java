package dev.capsule.engine.exec;

import dev.capsule.engine.runtime.EngineStatistics;

/** How function bodies run. All else in the engine is the same whichever tier is chosen. */
public interface ExecutionTier {
  /**
   * Runs a function to its end, as {@link FuncInstance#invoke} says.
   *
   * @throws dev.capsule.engine.runtime.Trap if it traps
   * @throws dev.capsule.engine.runtime.WasmException if it throws
   */
  void invoke(ExecStore store, WasmFunction function, int sp);

  /**
   * Compiles all functions of a module; does nothing in tiers that do not compile.
   *
   * @throws java.util.concurrent.CancellationException if the thread is interrupted
   */
  default void precompile(ModuleCode code) {}

  /**
   * What the tier has done so far.
   *
   * @param interpreted how many functions are interpreted
   */
  default EngineStatistics statistics(int interpreted) {
    return EngineStatistics.interpreting(interpreted);
  }

  /** Told by the interpreter, now and then, of a function that runs often. */
  default void warm(FunctionCode function) {}

  /**
   * The form of a function in which a running loop of it can go on, as {@link CompiledBody#resume}
   * says; null where there is none yet.
   */
  default CompiledBody forLoops(FunctionCode function) {
    return null;
  }
}

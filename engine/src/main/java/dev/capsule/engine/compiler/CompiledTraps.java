package dev.capsule.engine.compiler;

import dev.capsule.engine.exec.ExecStore;
import dev.capsule.engine.exec.HostException;
import dev.capsule.engine.runtime.Trap;
import dev.capsule.engine.runtime.TrapKind;
import dev.capsule.engine.runtime.WasmException;

/** Turns what the JVM throws in compiled code into traps, with exact fuel and a Wasm stack. */
public final class CompiledTraps {
  private CompiledTraps() {}

  /** What leaves compiled code in place of {@code thrown}. */
  public static Throwable translate(ExecStore store, Throwable thrown) {
    return switch (thrown) {
      case WasmException passing -> passing;
      case HostException passing -> passing;
      case Trap trap -> CompiledFrames.complete(store, trap, trap.getStackTrace());
      case IndexOutOfBoundsException memory -> {
        Trap trap = new Trap(TrapKind.OUT_OF_BOUNDS_MEMORY);
        // Entries further out read on where this one stops, so it has to be the same trace.
        trap.setStackTrace(memory.getStackTrace());
        yield CompiledFrames.complete(store, trap, trap.getStackTrace());
      }
      case StackOverflowError deep -> new Trap(TrapKind.CALL_STACK_EXHAUSTED);
      case LinkageError broken ->
          new IllegalStateException(
              "a function of the module cannot be called by compiled code, because the JVM refuses"
                  + " the class that was generated for it: a defect of this engine",
              broken);
      default -> thrown;
    };
  }
}

package dev.capsule.cli;

import dev.capsule.engine.module.Module;
import dev.capsule.engine.module.WasmFormatException;
import dev.capsule.engine.runtime.EngineStatistics;
import dev.capsule.engine.runtime.Func;
import dev.capsule.engine.runtime.LimitException;
import dev.capsule.engine.runtime.LinkException;
import dev.capsule.engine.runtime.Store;
import dev.capsule.engine.runtime.Trap;
import dev.capsule.engine.runtime.WasmException;
import dev.capsule.wasi.WasiContext;
import dev.capsule.wasi.cli.ProgramExit;
import dev.capsule.wasi.p1.Preview1Program;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.function.ToIntFunction;

/** One run of a module, and what is said about how it ended. */
final class ModuleRun {
  /** As of a process that its own fault ended, 128 + SIGABRT. */
  static final int TRAPPED = 134;

  private static final int MAX_FRAMES = 50;

  private final Module module;
  private final Store store;
  private final PrintWriter out;
  private final PrintWriter err;
  private final boolean verbose;
  private final long start;
  private long ready;

  /** The module cannot be run at all; the message is for the user. */
  static final class CannotRunException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    CannotRunException(String message) {
      super(message);
    }
  }

  /** The arguments do not fit the function; the message is for the user. */
  static final class WrongArgumentsException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    WrongArgumentsException(IllegalArgumentException cause) {
      super("--invoke: " + cause.getMessage(), cause);
    }
  }

  ModuleRun(
      Module module, Store store, PrintWriter out, PrintWriter err, boolean verbose, long start) {
    this.module = module;
    this.store = store;
    this.out = out;
    this.err = err;
    this.verbose = verbose;
    this.start = start;
  }

  /** Runs a command or initialises a reactor; answers the exit code. */
  int program(WasiContext context) {
    return run(
        context,
        program -> {
          if (!program.canRun()) {
            throw new CannotRunException(
                "the module is no command: it exports no _start; call one of its exports with"
                    + " --invoke: "
                    + String.join(", ", program.instance().exportNames()));
          }
          return program.run();
        });
  }

  /** Calls one export and prints its results, one per line; answers the exit code. */
  int export(WasiContext context, String name, List<String> arguments) {
    return run(
        context,
        program -> {
          Func func;
          try {
            func = program.instance().func(name);
          } catch (IllegalArgumentException e) {
            throw new CannotRunException(e.getMessage());
          }
          Object[] values;
          try {
            values = InvokeValues.parse(func.type().params(), arguments);
          } catch (IllegalArgumentException e) {
            throw new WrongArgumentsException(e);
          }
          Object result = program.invoke(name, values).orElse(null);
          InvokeValues.show(func.type().results(), result).forEach(out::println);
          out.flush();
          return 0;
        });
  }

  private int run(WasiContext context, ToIntFunction<Preview1Program> action) {
    try (Preview1Program program = Preview1Program.instantiate(store, module, context)) {
      ready = System.nanoTime();
      return action.applyAsInt(program);
    } catch (ProgramExit e) {
      return e.code();
    } catch (Trap e) {
      return trapped(e);
    } catch (WasmException e) {
      err.println("capsule: uncaught exception: " + Visible.text(String.valueOf(e.getMessage())));
      return TRAPPED;
    } catch (LimitException e) {
      err.println("capsule: " + e.getMessage() + " (--ram)");
      return TRAPPED;
    } catch (LinkException | WasmFormatException e) {
      throw new CannotRunException(e.getMessage());
    } finally {
      if (verbose) {
        report();
      }
    }
  }

  private int trapped(Trap trap) {
    err.println("capsule: " + kindOf(trap));
    List<Trap.Frame> frames = trap.frames();
    frames.stream()
        .limit(MAX_FRAMES)
        .forEach(frame -> err.println("    at " + Visible.text(frame.toString())));
    if (frames.size() > MAX_FRAMES) {
      err.println("    ... and " + (frames.size() - MAX_FRAMES) + " more");
    }
    return TRAPPED;
  }

  private String kindOf(Trap trap) {
    return switch (trap.kind()) {
      case OUT_OF_FUEL -> "limit --fuel is used up: " + trap.getMessage();
      case DEADLINE -> "limit --timeout has passed: " + trap.getMessage();
      default -> "trap: " + trap.getMessage();
    };
  }

  private void report() {
    long end = System.nanoTime();
    long begun = ready == 0 ? end : ready;
    err.printf(
        Locale.ROOT,
        "capsule: %s; loaded in %d ms, ran %d ms; fuel %,d; memory at most %,d bytes%n",
        store.engine().tier().toString().toLowerCase(Locale.ROOT),
        (begun - start) / 1_000_000,
        (end - begun) / 1_000_000,
        store.fuelConsumed(),
        store.peakMemoryBytes());
    EngineStatistics statistics = store.engine().statistics();
    err.printf(
        Locale.ROOT,
        "capsule: %,d functions compiled (%,d from the code cache; %,d classes, %,d bytes, %d ms),"
            + " %,d waiting, %,d interpreted, %,d failed to compile%n",
        statistics.compiled(),
        statistics.cached(),
        statistics.classes(),
        statistics.classBytes(),
        statistics.compileTime().toMillis(),
        statistics.waiting(),
        statistics.interpreted(),
        statistics.failed());
    statistics
        .failures()
        .forEach(
            failure -> err.println("capsule: not compiled: " + Visible.text(failure.toString())));
  }
}

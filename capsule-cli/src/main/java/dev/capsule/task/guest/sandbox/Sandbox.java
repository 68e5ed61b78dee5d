package dev.capsule.task.guest.sandbox;

import dev.capsule.engine.module.Module;
import dev.capsule.engine.runtime.Caller;
import dev.capsule.engine.runtime.Engine;
import dev.capsule.engine.runtime.Instance;
import dev.capsule.engine.runtime.LimitException;
import dev.capsule.engine.runtime.Linker;
import dev.capsule.engine.runtime.Store;
import dev.capsule.engine.runtime.StoreLimits;
import dev.capsule.engine.runtime.Trap;
import dev.capsule.engine.types.FuncType;
import dev.capsule.engine.types.NumType;
import dev.capsule.engine.types.ValType;
import dev.capsule.task.guest.Cancellation;
import dev.capsule.task.guest.ErrorType;
import dev.capsule.task.guest.Grants;
import dev.capsule.task.guest.GuestHost;
import dev.capsule.task.guest.GuestReply;
import dev.capsule.task.guest.GuestReply.Failed;
import dev.capsule.task.guest.GuestReply.Outcome;
import dev.capsule.task.guest.OutputSink;
import dev.capsule.task.guest.Preopen;
import dev.capsule.task.guest.protocol.GuestEnd;
import dev.capsule.task.guest.protocol.GuestSession;
import dev.capsule.task.guest.protocol.Job;
import dev.capsule.wasi.WasiContext;
import dev.capsule.wasi.cli.ProgramExit;
import dev.capsule.wasi.filesystem.Access;
import dev.capsule.wasi.io.DirectOutput;
import dev.capsule.wasi.p1.Preview1;
import dev.capsule.wasi.p1.Version;
import java.io.OutputStream;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/**
 * One guest: its store, its WASI and its limits. The interpreter's start-up is free of charge; once
 * {@link #started} was called, the task's fuel counts.
 */
public final class Sandbox implements AutoCloseable {
  /** Nested calls; CPython's and QuickJS's own limits on recursion come first. */
  private static final int CALL_DEPTH = 60_000;

  private final Job job;
  private final Store store;
  private final WasiContext wasi;
  private final Preview1 preview1;
  private final Cancellation.Registration stop;
  private long fuelAtStart;

  /** Makes a sandbox that has everything the job grants, and what {@code context} adds. */
  public Sandbox(Engine engine, Job job, WasiContext.Builder context) {
    Grants grants = job.grants();
    this.job = job;
    this.store =
        engine.newStore(
            StoreLimits.DEFAULT.withMemoryBytes(grants.ram()).withCallDepth(CALL_DEPTH));
    context.stdout(new DirectOutput(stream(grants.stdout())));
    context.stderr(new DirectOutput(stream(grants.stderr())));
    for (Preopen preopen : grants.preopens()) {
      Access access = preopen.writable() ? Access.readWrite() : Access.readOnly();
      context.preopen(preopen.directory(), preopen.guestPath(), access);
    }
    grants.seed().ifPresent(context::deterministic);
    this.wasi = context.build();
    this.preview1 =
        new Preview1(Version.SNAPSHOT_PREVIEW1, wasi, GuestSession.guardOf(job));
    this.stop = grants.cancellation().onRequest(store::interrupt);
  }

  private static OutputStream stream(OutputSink sink) {
    return new OutputStream() {
      @Override
      public void write(int b) {
        write(new byte[] {(byte) b}, 0, 1);
      }

      @Override
      public void write(byte[] bytes, int offset, int length) {
        sink.write(bytes, offset, length);
      }
    };
  }

  /** The store. */
  public Store store() {
    return store;
  }

  /** The clocks, the random bytes and the directories. */
  public WasiContext wasi() {
    return wasi;
  }

  /** Instantiates a module that imports preview 1 and whatever else the linker has. */
  public Instance instantiate(Linker linker, Module module) {
    Linker all = new Linker(linker);
    for (Map.Entry<String, Preview1.Function> entry : preview1.functions().entrySet()) {
      Preview1.Function function = entry.getValue();
      all.func(
          Version.SNAPSHOT_PREVIEW1.module(),
          entry.getKey(),
          typeOf(function),
          caller -> call(function, caller));
    }
    return all.instantiate(store, module);
  }

  private static FuncType typeOf(Preview1.Function function) {
    List<ValType> parameters =
        function.parameters().chars().mapToObj(c -> (ValType) (c == 'i' ? NumType.I32 : NumType.I64)).toList();
    return new FuncType(
        parameters, function.returns() ? List.of(NumType.I32) : Collections.emptyList());
  }

  private static void call(Preview1.Function function, Caller caller) {
    String parameters = function.parameters();
    long[] arguments = new long[parameters.length()];
    for (int i = 0; i < arguments.length; i++) {
      arguments[i] = parameters.charAt(i) == 'i' ? caller.i32(i) : caller.i64(i);
    }
    int errno = function.body().call(new EngineMemory(caller.memory()), arguments);
    if (function.returns()) {
      caller.setI32(0, errno);
    }
  }

  /** The interpreter is ready and the user's code comes next. */
  public void started() {
    store.setFuel(job.grants().fuel());
    fuelAtStart = store.fuelConsumed();
    job.host().ifPresent(GuestHost::started);
  }

  /** Runs the guest until it ends, in whatever way, and says how that was. */
  public GuestReply run(Runnable guest) {
    Outcome outcome;
    try {
      guest.run();
      outcome = new Failed(ErrorType.TRAP, "the interpreter ended without a reply");
    } catch (GuestEnd end) {
      outcome = end.outcome();
    } catch (ProgramExit exit) {
      outcome = ended(ErrorType.TRAP, "the interpreter exited with code " + exit.code());
    } catch (Trap trap) {
      outcome = trapped(trap);
    } catch (LimitException e) {
      outcome = ended(ErrorType.OUT_OF_MEMORY, e.getMessage());
    }
    if (job.grants().cancellation().isRequested()
        && outcome instanceof Failed failed
        && failed.type() == ErrorType.TRAP) {
      outcome = GuestEnd.cancelled().outcome();
    }
    long fuel = fuelAtStart == 0 ? 0 : store.fuelConsumed() - fuelAtStart;
    return new GuestReply(outcome, Math.min(fuel, job.grants().fuel()), store.peakMemoryBytes());
  }

  private static Outcome ended(ErrorType type, String message) {
    return new Failed(type, message);
  }

  private Outcome trapped(Trap trap) {
    return switch (trap.kind()) {
      case OUT_OF_FUEL ->
          ended(ErrorType.OUT_OF_FUEL, "the task used up its fuel of " + job.grants().fuel());
      case DEADLINE, INTERRUPTED -> GuestEnd.cancelled().outcome();
      case OUT_OF_MEMORY, ALLOCATION_SIZE ->
          ended(ErrorType.OUT_OF_MEMORY, "the task needs more memory than it was granted");
      default -> ended(ErrorType.TRAP, trap.getMessage());
    };
  }

  @Override
  public void close() {
    stop.close();
    preview1.close();
    wasi.close();
  }
}

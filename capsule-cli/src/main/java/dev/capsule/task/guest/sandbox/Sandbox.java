package dev.capsule.task.guest.sandbox;

import dev.capsule.engine.module.Module;
import dev.capsule.engine.runtime.Engine;
import dev.capsule.engine.runtime.LimitException;
import dev.capsule.engine.runtime.Linker;
import dev.capsule.engine.runtime.Store;
import dev.capsule.engine.runtime.StoreLimits;
import dev.capsule.engine.runtime.Trap;
import dev.capsule.engine.snapshot.Snapshot;
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
import dev.capsule.task.guest.protocol.Job;
import dev.capsule.wasi.WasiContext;
import dev.capsule.wasi.cli.ProgramExit;
import dev.capsule.wasi.filesystem.Access;
import dev.capsule.wasi.io.DirectOutput;
import dev.capsule.wasi.p1.Preview1Program;
import java.io.OutputStream;
import java.util.Optional;

/**
 * One guest: its store, its WASI and its limits. The interpreter's start-up is free of charge; once
 * {@link #started} was called, the task's fuel counts.
 */
public final class Sandbox implements AutoCloseable {
  /** Nested calls; CPython's and QuickJS's own limits on recursion come first. */
  private static final int CALL_DEPTH = 60_000;

  private static final long NEARLY_ALL = 1 << 20;

  private final Job job;
  private final StartUp startUp;
  private final Store store;
  private final WasiContext wasi;
  private final Cancellation.Registration stop;
  private Optional<Preview1Program> program = Optional.empty();
  private long fuelAtStart;
  private boolean started;

  /** Makes a sandbox that has everything the job grants, and what {@code context} adds. */
  public Sandbox(Engine engine, Job job, WasiContext.Builder context) {
    Grants grants = job.grants();
    this.job = job;
    this.startUp = new StartUp(grants.seed());
    this.store =
        engine.newStore(
            StoreLimits.DEFAULT.withMemoryBytes(grants.ram()).withCallDepth(CALL_DEPTH));
    context.stdout(new DirectOutput(stream(grants.stdout())));
    context.stderr(new DirectOutput(stream(grants.stderr())));
    for (Preopen preopen : grants.preopens()) {
      Access access = preopen.writable() ? Access.readWrite() : Access.readOnly();
      context.preopen(
          preopen.directory(), preopen.guestPath(), access.withHiddenNames(preopen.hiddenNames()));
    }
    context.clocks(startUp).random(startUp);
    this.wasi = context.build();
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
  public Preview1Program instantiate(Linker linker, Module module) {
    program = Optional.of(Preview1Program.instantiate(store, module, wasi, linker));
    return program.get();
  }

  /** Makes a kept interpreter the one of this sandbox. */
  public Preview1Program restore(Linker linker, Snapshot snapshot) {
    program = Optional.of(Preview1Program.restore(store, snapshot, wasi, linker));
    return program.get();
  }

  /** Runs a command that needs nothing beside preview 1, to its end. */
  public void start(Module module) {
    instantiate(new Linker(), module).run();
  }

  /** Goes on with a kept command, to its end. */
  public void resume(Snapshot snapshot) {
    restore(new Linker(), snapshot).resume();
  }

  /** The interpreter as it is now. */
  public Snapshot snapshot() {
    return Snapshot.of(program.orElseThrow().instance());
  }

  /**
   * The interpreter has come to the point from which kept ones go on; it may have started here,
   * too.
   */
  public void ready() {
    startUp.restart();
  }

  /** The interpreter is ready and the user's code comes next. */
  public void started() {
    startUp.end();
    store.setFuel(job.grants().fuel());
    fuelAtStart = store.fuelConsumed();
    started = true;
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
    long fuel = !started ? 0 : store.fuelConsumed() - fuelAtStart;
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
      case UNREACHABLE ->
          ranOutOfMemory()
              ? ended(ErrorType.OUT_OF_MEMORY, "the task needs more memory than it was granted")
              : ended(ErrorType.TRAP, trap.getMessage());
      default -> ended(ErrorType.TRAP, trap.getMessage());
    };
  }

  /** Interpreters abort where they cannot do without memory; then there is hardly any left. */
  private boolean ranOutOfMemory() {
    return job.grants().ram() - store.memoryBytes() < NEARLY_ALL;
  }

  @Override
  public void close() {
    stop.close();
    program.ifPresent(Preview1Program::close);
    wasi.close();
  }
}

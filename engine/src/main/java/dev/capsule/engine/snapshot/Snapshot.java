package dev.capsule.engine.snapshot;

import dev.capsule.engine.exec.ExecStore;
import dev.capsule.engine.exec.InstanceImage;
import dev.capsule.engine.exec.Instantiation;
import dev.capsule.engine.exec.ModuleInstance;
import dev.capsule.engine.module.Module;
import dev.capsule.engine.runtime.Engine;
import dev.capsule.engine.runtime.Instance;
import dev.capsule.engine.runtime.LimitException;
import dev.capsule.engine.runtime.LinkException;
import dev.capsule.engine.runtime.Linker;
import dev.capsule.engine.runtime.Store;
import dev.capsule.engine.runtime.Trap;

/**
 * The state of one instance at one moment: memories, tables, globals, dropped segments, and, if it
 * was taken while a host function ran that the instance had called, the calls that wait for that
 * function. Immutable; any number of stores and threads may use it.
 *
 * <p>What belongs to the host is not in it: limits, fuel, deadline, and whatever host functions
 * keep.
 */
public final class Snapshot {
  private final Module module;
  private final InstanceImage image;
  private final Origin origin;

  Snapshot(Module module, InstanceImage image, Origin origin) {
    this.module = module;
    this.image = image;
    this.origin = origin;
  }

  /**
   * Takes the state of an instance. Called by a host function, it takes the computation that waits
   * for this function, too. Nothing changes for the instance.
   *
   * @throws SnapshotException if part of the state is not data: compiled code or other instances on
   *     the stack, a host function that has called back in or was called by a tail call, references
   *     other than to functions of the instance, shared or imported memories, tables or mutable
   *     globals
   */
  public static Snapshot of(Instance instance) {
    ModuleInstance in = (ModuleInstance) instance;
    try {
      return new Snapshot(in.module, InstanceImage.of(in), Origin.of(in));
    } catch (IllegalStateException e) {
      throw new SnapshotException("the instance cannot be taken as it is: " + e.getMessage(), e);
    }
  }

  /** The module of the instance. */
  public Module module() {
    return module;
  }

  /** Whether stores of an engine can take it: the options of the engine have to be the same. */
  public boolean fits(Engine engine) {
    return origin.fits(engine);
  }

  /** Whether a computation waits in it. */
  public boolean isRunning() {
    return image.suspended().isPresent();
  }

  /**
   * The fuel that the store had consumed. A store into which this is put starts its own count; both
   * together are what the computation takes without interruption.
   */
  public long fuelConsumed() {
    return image.fuel();
  }

  /**
   * Makes an instance in this state. Neither segments nor the start function take part in it. The
   * size of memories and tables counts against the store's limits.
   *
   * @param linker what the module imports; only functions, and globals that cannot change
   * @throws LinkException if an import is missing or of the wrong type
   * @throws LimitException if the store's limits forbid it
   * @throws SnapshotException if the snapshot does not fit the store's engine; the store may then
   *     have counted memories that are not there
   */
  public Resumable restore(Store store, Linker linker) {
    ExecStore target = (ExecStore) store;
    if (!origin.fits(store.engine())) {
      throw new SnapshotException("the snapshot was taken in an engine with other options");
    }
    Instantiation.Imports imports = linker::find;
    try {
      return new Resumable(
          image, image.instantiate(target, module, imports, origin.isValidIn(store.engine())));
    } catch (IllegalArgumentException e) {
      throw new SnapshotException("the snapshot is damaged: " + e.getMessage(), e);
    }
  }

  /**
   * The snapshot as bytes, for {@link #decode} in any process with the same build of the engine.
   * They are compressed.
   */
  public byte[] encode() {
    return SnapshotFormat.encode(origin, image);
  }

  /**
   * A snapshot from its bytes. They are trusted like code: a checksum finds damage, not malice.
   *
   * @param module the module that the snapshot was taken of
   * @throws SnapshotException if the bytes are damaged, were made by another build of the engine or
   *     are of another module
   */
  public static Snapshot decode(byte[] bytes, Module module) {
    return SnapshotFormat.decode(bytes, module);
  }

  /** An instance that was made of a snapshot, and the computation that waits in it. */
  public static final class Resumable {
    private final InstanceImage image;
    private final ModuleInstance instance;
    private boolean used;

    private Resumable(InstanceImage image, ModuleInstance instance) {
      this.image = image;
      this.instance = instance;
    }

    /** The instance. */
    public Instance instance() {
      return instance;
    }

    /**
     * Goes on as if the host function had returned these results.
     *
     * @return what the outermost function returns, as by {@link
     *     dev.capsule.engine.runtime.Func#call}
     * @throws IllegalArgumentException if the results are not of the function's types
     * @throws IllegalStateException if no computation waits, or it has gone on before
     * @throws Trap as any call
     */
    public Object resume(Object... results) {
      use();
      return image.resume(instance, results);
    }

    /** Goes on by calling the host function again, with the same arguments. */
    public Object repeat() {
      use();
      return image.repeat(instance);
    }

    private void use() {
      if (image.suspended().isEmpty() || used) {
        throw new IllegalStateException("no computation waits in this instance");
      }
      used = true;
    }
  }
}

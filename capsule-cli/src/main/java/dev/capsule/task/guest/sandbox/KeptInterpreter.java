package dev.capsule.task.guest.sandbox;

import dev.capsule.engine.runtime.Engine;
import dev.capsule.engine.runtime.Tier;
import dev.capsule.engine.snapshot.SnapshotException;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * An interpreter that has started and waits for its job, to go on with in the place of a new one:
 * as the distribution has it, or else started once in this process, in a sandbox that has nothing
 * and knows no program.
 */
public final class KeptInterpreter {
  private final Lazy<Optional<Kept>> interpreter;
  private volatile boolean unusable;

  /**
   * An interpreter for the sandboxes of an engine.
   *
   * @param distributed the one of the distribution
   * @param starter starts one in another engine, which interprets only and has the same options
   */
  public KeptInterpreter(
      Engine engine, Supplier<Optional<Kept>> distributed, Function<Engine, Kept> starter) {
    this.interpreter = Lazy.of(() -> distributed.get().or(() -> start(engine, starter)));
  }

  private KeptInterpreter() {
    this.interpreter = Lazy.of(Optional::empty);
  }

  /** None: every sandbox starts its own. */
  public static KeptInterpreter none() {
    return new KeptInterpreter();
  }

  private static Optional<Kept> start(Engine engine, Function<Engine, Kept> starter) {
    try {
      return Optional.of(starter.apply(interpreting(engine)));
    } catch (SnapshotException e) {
      return Optional.empty();
    }
  }

  /** An engine whose snapshots fit another one. Compiled code cannot be in a snapshot. */
  public static Engine interpreting(Engine engine) {
    return Engine.builder()
        .tier(Tier.INTERPRETER)
        .fuelMode(engine.fuelMode())
        .features(engine.features())
        .deterministic(engine.deterministic())
        .build();
  }

  /**
   * Does something with the interpreter, or without it where there is none that can be used.
   *
   * @param action throws {@link SnapshotException} only before it has any effect
   */
  public <T> T with(Function<Optional<Kept>, T> action) {
    Optional<Kept> kept = unusable ? Optional.empty() : interpreter.get();
    if (kept.isPresent()) {
      try {
        return action.apply(kept);
      } catch (SnapshotException e) {
        unusable = true;
      }
    }
    return action.apply(Optional.empty());
  }
}

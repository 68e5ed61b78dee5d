package dev.capsule.task.guest.sandbox;

import dev.capsule.wasi.clocks.Clocks;
import dev.capsule.wasi.clocks.Datetime;
import dev.capsule.wasi.io.Pollable;
import dev.capsule.wasi.random.RandomSource;
import java.nio.ByteBuffer;
import java.util.OptionalLong;

/**
 * Clocks and randomness that are the same in every start of an interpreter, and the host's from the
 * moment that a task's own code begins: so the state in which the task finds the interpreter is
 * always the same, and with it the fuel that the task takes.
 */
final class StartUp implements Clocks, RandomSource {
  /** 2020-01-01. */
  private static final long EPOCH = 1_577_836_800L;

  private final OptionalLong seed;
  private Clocks clocks = Clocks.virtual(EPOCH);
  private RandomSource random = RandomSource.seeded(0);

  /**
   * What a guest starts with.
   *
   * @param seed for the task's own code: if present, it gets random bytes from this seed and
   *     virtual time
   */
  StartUp(OptionalLong seed) {
    this.seed = seed;
  }

  /**
   * Begins again, where a kept interpreter goes on: what it has taken before must not make a
   * difference.
   */
  void restart() {
    clocks = Clocks.virtual(EPOCH);
    random = RandomSource.seeded(0);
  }

  /** Goes over to what the task's own code gets. */
  void end() {
    clocks = seed.isPresent() ? Clocks.virtual(EPOCH) : Clocks.host();
    random = seed.isPresent() ? RandomSource.seeded(seed.getAsLong()) : RandomSource.secure();
  }

  @Override
  public Datetime wallNow() {
    return clocks.wallNow();
  }

  @Override
  public long monotonicNow() {
    return clocks.monotonicNow();
  }

  @Override
  public long resolution() {
    return clocks.resolution();
  }

  @Override
  public Pollable subscribeInstant(long instant) {
    return clocks.subscribeInstant(instant);
  }

  @Override
  public Pollable subscribeWallInstant(long nanos) {
    return clocks.subscribeWallInstant(nanos);
  }

  @Override
  public void fill(ByteBuffer into) {
    random.fill(into);
  }
}

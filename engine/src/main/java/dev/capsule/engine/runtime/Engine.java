package dev.capsule.engine.runtime;

import dev.capsule.engine.exec.EngineConfig;
import dev.capsule.engine.exec.EngineState;
import dev.capsule.engine.exec.ExecStore;
import dev.capsule.engine.module.Feature;
import dev.capsule.engine.module.Module;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Configuration, and the code that was made of modules under it. Safe for use by many threads; one
 * per process is enough. Code lives as long as both its module and its engine.
 */
public final class Engine {
  private final EngineState state;

  private Engine(EngineConfig config) {
    this.state = new EngineState(config);
  }

  /** An engine with the default configuration of {@link Builder}. */
  public static Engine create() {
    return builder().build();
  }

  public static Builder builder() {
    return new Builder();
  }

  /** The tier in use: {@code INTERPRETER} where compiled code was asked for but is impossible. */
  public Tier tier() {
    return state.config().tier();
  }

  public FuelMode fuelMode() {
    return state.config().fuelMode();
  }

  /** The parts of the language that modules may use. */
  public Set<Feature> features() {
    return state.config().features();
  }

  /** Whether NaNs are canonical where Wasm leaves a choice. */
  public boolean deterministic() {
    return state.config().deterministic();
  }

  /**
   * Validates a module; does nothing if this engine has done so before. Instantiation does it too.
   *
   * @throws dev.capsule.engine.module.InvalidException if the module is invalid, or uses a feature
   *     that this engine does not have
   * @throws dev.capsule.engine.module.MalformedException if a function body is malformed
   */
  public void prepare(Module module) {
    state.prepare(module);
  }

  /**
   * Compiles all functions of a module, in several threads, and waits for it; with a code cache,
   * they are in it afterwards. Does nothing where code is only interpreted.
   *
   * @throws dev.capsule.engine.module.InvalidException if the module is invalid
   * @throws java.util.concurrent.CancellationException if this thread is interrupted; what is
   *     compiled by then stays so
   */
  public void precompile(Module module) {
    state.precompile(module);
  }

  /** How functions run at this moment, and what was compiled so far. */
  public EngineStatistics statistics() {
    return state.statistics();
  }

  /** A store with {@link StoreLimits#DEFAULT}. */
  public Store newStore() {
    return newStore(StoreLimits.DEFAULT);
  }

  /** An empty store with unlimited fuel and no deadline. */
  public Store newStore(StoreLimits limits) {
    return new ExecStore(this, state, limits);
  }

  /** What an engine is made with. */
  public static final class Builder {
    private Tier tier = Tier.TIERED;
    private FuelMode fuelMode = FuelMode.EXACT;
    private final Set<Feature> features = EnumSet.allOf(Feature.class);
    private boolean background = true;
    private Optional<Path> codeCache = Optional.empty();
    private boolean forbidClassDefinition;
    private boolean deterministic;

    private Builder() {}

    /** How code runs; {@code TIERED} by default. */
    public Builder tier(Tier tier) {
      this.tier = Objects.requireNonNull(tier);
      return this;
    }

    /** What compiled code counts; {@code EXACT} by default. */
    public Builder fuelMode(FuelMode mode) {
      this.fuelMode = Objects.requireNonNull(mode);
      return this;
    }

    /** Switches a part of the language on or off; all are on by default. */
    public Builder feature(Feature feature, boolean on) {
      if (on) {
        features.add(feature);
      } else if (feature == Feature.MVP) {
        throw new IllegalArgumentException("feature mvp is always on");
      } else {
        features.remove(feature);
      }
      return this;
    }

    /** Allows exactly these parts of the language, besides the MVP. */
    public Builder features(Set<Feature> allowed) {
      features.clear();
      features.add(Feature.MVP);
      features.addAll(allowed);
      return this;
    }

    /** Whether code is compiled in background threads; on by default. */
    public Builder background(boolean on) {
      this.background = on;
      return this;
    }

    /**
     * A directory that keeps compiled code between processes; none by default. It is made if it is
     * missing. Whoever can write to it can make this program run any code: it must belong to the
     * user alone, and must not be granted to guests, nor any directory above it.
     */
    public Builder codeCache(Path directory) {
      this.codeCache = Optional.of(directory);
      return this;
    }

    /** Forbids the engine to define classes: all code is interpreted. */
    public Builder forbidClassDefinition(boolean forbid) {
      this.forbidClassDefinition = forbid;
      return this;
    }

    /** Makes NaNs canonical where Wasm leaves a choice; off by default. */
    public Builder deterministic(boolean on) {
      this.deterministic = on;
      return this;
    }

    /**
     * @throws IllegalStateException if tier {@code JIT} was asked for and the compiler's library,
     *     ASM, is not there
     * @throws IllegalArgumentException if the code cache's directory cannot be made, or others may
     *     write to it
     */
    public Engine build() {
      return new Engine(
          new EngineConfig(
              tier,
              fuelMode,
              Set.copyOf(features),
              background,
              codeCache,
              forbidClassDefinition,
              deterministic));
    }
  }
}

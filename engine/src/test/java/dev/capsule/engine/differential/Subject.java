package dev.capsule.engine.differential;

import dev.capsule.engine.exec.EngineState;
import dev.capsule.engine.exec.ExecStore;
import dev.capsule.engine.exec.ExecutionTier;
import dev.capsule.engine.exec.FunctionCode;
import dev.capsule.engine.interpreter.ReferenceTier;
import dev.capsule.engine.module.Module;
import dev.capsule.engine.runtime.Engine;
import dev.capsule.engine.runtime.FuelMode;
import dev.capsule.engine.runtime.Store;
import dev.capsule.engine.runtime.StoreLimits;
import dev.capsule.engine.runtime.Tier;
import java.lang.reflect.Field;
import java.util.List;
import java.util.stream.Stream;

/**
 * A way to run code: an engine that makes NaNs canonical, and one that does not.
 *
 * @param mixed whether some functions are warm from the start and slices of fuel are short, so that
 *     calls between tiers and loops that change theirs are frequent
 */
record Subject(String name, Engine deterministic, Engine open, boolean mixed) {
  private static final int SHORT_SLICE = 40;

  /** At this heat the next call makes a function worth compiling. */
  private static final int WARM = 0xFFFF;

  /** By number of a function: how warm it is. All but the coldest are compiled for their loops. */
  private static final int[] HEAT = {0, WARM, 1_000_000, WARM - 1, 0, WARM - 2, 1_000_000};

  /** One of the engine's own ways; compilation happens in the thread that asks for it. */
  static Subject of(Tier tier) {
    return new Subject(
        tier.toString(), engine(tier, true), engine(tier, false), tier == Tier.TIERED);
  }

  /** The compiler where fuel is not exact. */
  static Subject of(FuelMode mode) {
    return new Subject(
        mode.toString(), engine(Tier.JIT, mode, true), engine(Tier.JIT, mode, false), false);
  }

  /** The interpreter that takes one instruction after the other from the module's bytes. */
  static Subject reference() {
    return new Subject(
        "REFERENCE",
        referring(true, new ReferenceTier(true)),
        referring(false, new ReferenceTier(false)),
        false);
  }

  /** A tier of the test's own, whatever a case says about NaNs. */
  static Subject of(String name, ExecutionTier tier) {
    return new Subject(name, referring(true, tier), referring(false, tier), false);
  }

  private static Engine engine(Tier tier, boolean deterministic) {
    return engine(tier, FuelMode.EXACT, deterministic);
  }

  private static Engine engine(Tier tier, FuelMode mode, boolean deterministic) {
    return Engine.builder()
        .tier(tier)
        .fuelMode(mode)
        .background(false)
        .deterministic(deterministic)
        .build();
  }

  /** An engine that is given another tier than it can be built with. */
  private static Engine referring(boolean deterministic, ExecutionTier tier) {
    Engine engine = engine(Tier.INTERPRETER, deterministic);
    try {
      Field field = EngineState.class.getDeclaredField("tier");
      field.setAccessible(true);
      field.set(state(engine), tier);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("the engine's tier cannot be replaced", e);
    }
    return engine;
  }

  private static EngineState state(Engine engine) {
    try {
      Field state = Engine.class.getDeclaredField("state");
      state.setAccessible(true);
      return (EngineState) state.get(engine);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("the engine has no state", e);
    }
  }

  /** A store to run a case in. */
  Store store(Case of, StoreLimits limits) {
    Engine engine = of.deterministic() ? deterministic : open;
    ExecStore store = (ExecStore) engine.newStore(limits);
    if (mixed) {
      store.slice = SHORT_SLICE;
      heat(engine, of.other());
      heat(engine, of.main());
    }
    return store;
  }

  private static void heat(Engine engine, Module module) {
    for (FunctionCode function : state(engine).prepare(module).functions) {
      if (function != null && function.heat == 0) {
        function.heat = HEAT[function.index % HEAT.length];
      }
    }
  }

  /** How many functions were compiled. */
  int compiled() {
    return deterministic.statistics().compiled() + open.statistics().compiled();
  }

  /** How many functions could not be compiled. */
  int failures() {
    return deterministic.statistics().failed() + open.statistics().failed();
  }

  /** Why, for the first of them. */
  List<String> reasons() {
    return Stream.of(deterministic, open).flatMap(e -> e.statistics().failures().stream()).toList();
  }
}

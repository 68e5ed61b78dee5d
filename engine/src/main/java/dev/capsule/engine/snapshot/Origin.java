package dev.capsule.engine.snapshot;

import dev.capsule.engine.exec.ModuleDigest;
import dev.capsule.engine.exec.ModuleInstance;
import dev.capsule.engine.module.Feature;
import dev.capsule.engine.runtime.Engine;
import dev.capsule.engine.runtime.FuelMode;
import java.util.Set;

/**
 * Where a snapshot comes from: lowered code, whose form it has, depends on these options of the
 * engine.
 *
 * @param features those by which the module was found valid
 */
record Origin(
    ModuleDigest module, boolean deterministic, FuelMode fuelMode, Set<Feature> features) {
  Origin {
    features = Set.copyOf(features);
  }

  static Origin of(ModuleInstance instance) {
    Engine engine = instance.store.engine();
    return new Origin(
        ModuleDigest.of(instance.module),
        engine.deterministic(),
        engine.fuelMode(),
        engine.features());
  }

  boolean fits(Engine engine) {
    return deterministic == engine.deterministic() && fuelMode == engine.fuelMode();
  }

  /** Whether a module that was valid there is valid here. */
  boolean isValidIn(Engine engine) {
    return engine.features().containsAll(features);
  }
}

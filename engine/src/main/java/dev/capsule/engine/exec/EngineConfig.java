package dev.capsule.engine.exec;

import dev.capsule.engine.module.Feature;
import dev.capsule.engine.runtime.FuelMode;
import dev.capsule.engine.runtime.Tier;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/** What an engine was made with; tiers get this instead of the engine, which must not be held. */
public record EngineConfig(
    Tier tier,
    FuelMode fuelMode,
    Set<Feature> features,
    boolean background,
    Optional<Path> codeCache,
    boolean forbidClassDefinition,
    boolean deterministic) {
  EngineConfig withTier(Tier other) {
    return new EngineConfig(
        other, fuelMode, features, background, codeCache, forbidClassDefinition, deterministic);
  }
}

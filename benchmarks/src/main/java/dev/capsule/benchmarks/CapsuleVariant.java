package dev.capsule.benchmarks;

import dev.capsule.engine.runtime.Engine;
import dev.capsule.engine.runtime.FuelMode;
import dev.capsule.engine.runtime.Store;
import dev.capsule.engine.runtime.StoreLimits;
import dev.capsule.engine.runtime.Tier;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * This project's engine with limits: {@code capsule-TIER}, and what is added to it or taken from it
 * behind plus signs, such as {@code capsule-jit+epoch} or {@code capsule-jit+fuel+timeout}.
 *
 * @param tier how code runs
 * @param limits {@code off} or {@code epoch} for the way to count, else exact; {@code fuel}, {@code
 *     timeout}, {@code ram}: limits that are far away; {@code vectors}: the JVM has the Vector API;
 *     {@code wide}: its references have 64 bits
 */
public record CapsuleVariant(Tier tier, Set<String> limits) {
  /** In a JVM with the Vector API: who starts it sees to that. */
  public static final String VECTORS = "vectors";

  private static final String WIDE = "wide";
  private static final String PREFIX = "capsule-";
  private static final Set<String> KNOWN =
      Set.of("off", "epoch", "fuel", "timeout", "ram", VECTORS, WIDE);

  /**
   * The variant of a name.
   *
   * @throws BenchmarkException if there is none
   */
  public static CapsuleVariant of(String name) {
    List<String> parts = Arrays.asList(name.split("\\+"));
    Set<String> limits = Set.copyOf(parts.subList(1, parts.size()));
    if (!name.startsWith(PREFIX) || !KNOWN.containsAll(limits)) {
      throw new BenchmarkException("no engine " + name);
    }
    String tier = parts.getFirst().substring(PREFIX.length()).toUpperCase(Locale.ROOT);
    return new CapsuleVariant(Tier.valueOf(tier), limits);
  }

  /** Whether an engine's name says what is added or taken. */
  static boolean isChanged(String name) {
    return name.startsWith(PREFIX) && name.contains("+");
  }

  /** What the JVM has to be started with. */
  public List<String> jvmOptions() {
    List<String> options = new ArrayList<>();
    if (limits.contains(VECTORS)) {
      options.add("--add-modules=jdk.incubator.vector");
    }
    if (limits.contains(WIDE)) {
      options.add("-XX:-UseCompressedOops");
    }
    return options;
  }

  /** An engine of this tier that counts this way. */
  public Engine engine() {
    FuelMode mode =
        limits.contains("off")
            ? FuelMode.OFF
            : limits.contains("epoch") ? FuelMode.EPOCH : FuelMode.EXACT;
    return Engine.builder().tier(tier).fuelMode(mode).build();
  }

  /** A store of such an engine with these limits. */
  public Store store(Engine engine) {
    StoreLimits memory =
        limits.contains("ram")
            ? StoreLimits.DEFAULT.withMemoryBytes(512L << 20)
            : StoreLimits.DEFAULT;
    Store store = engine.newStore(memory);
    if (limits.contains("fuel")) {
      store.setFuel(Long.MAX_VALUE / 2);
    }
    if (limits.contains("timeout")) {
      store.setDeadline(Duration.ofHours(12));
    }
    return store;
  }
}

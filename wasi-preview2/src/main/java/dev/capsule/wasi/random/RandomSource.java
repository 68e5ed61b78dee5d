package dev.capsule.wasi.random;

import java.nio.ByteBuffer;

/** Where a guest's random bytes come from. */
public interface RandomSource {
  /** Fills all of {@code into}. */
  void fill(ByteBuffer into);

  /** Cryptographically secure bytes of the host. */
  static RandomSource secure() {
    return new SecureSource();
  }

  /** The sequence that {@code seed} determines, the same on every machine; not secure. */
  static RandomSource seeded(long seed) {
    return new SeededSource(seed);
  }
}

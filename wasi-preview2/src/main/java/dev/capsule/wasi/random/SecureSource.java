package dev.capsule.wasi.random;

import java.nio.ByteBuffer;
import java.security.SecureRandom;

/** The host's secure random bytes. */
final class SecureSource implements RandomSource {
  private static final int CHUNK = 4096;

  private final SecureRandom random = new SecureRandom();

  @Override
  public void fill(ByteBuffer into) {
    while (into.hasRemaining()) {
      byte[] part = new byte[Math.min(CHUNK, into.remaining())];
      random.nextBytes(part);
      into.put(part);
    }
  }
}

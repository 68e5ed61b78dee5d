package dev.capsule.task.guest.javascript;

import dev.capsule.task.guest.protocol.RefusedException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Removes the types from TypeScript. What was stripped before is found again by the digest of its
 * text, so a program that was built needs no transpiler to run.
 */
final class TypeStripper {
  /** Names of build outputs begin with this. */
  private static final String PREFIX = "js:";

  private final Transpiler transpiler;
  private final Map<String, byte[]> known;
  private final Map<String, byte[]> made = new ConcurrentHashMap<>();

  /** Strips types from one text; throws {@link RefusedException} if it does not parse. */
  interface Transpiler {
    String strip(String path, String text);
  }

  TypeStripper(Transpiler transpiler, Map<String, byte[]> known) {
    this.transpiler = transpiler;
    this.known = known;
  }

  /** The same program without types, line by line. */
  String strip(String path, String text) {
    String key = PREFIX + digest(text);
    byte[] found = known.getOrDefault(key, made.get(key));
    if (found == null) {
      found = transpiler.strip(path, text).getBytes(StandardCharsets.UTF_8);
      made.put(key, found);
    }
    return new String(found, StandardCharsets.UTF_8);
  }

  /** All that was stripped here, for the build. */
  Map<String, byte[]> made() {
    return Map.copyOf(made);
  }

  private static String digest(String text) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}

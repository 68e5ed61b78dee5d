package dev.capsule.task.policy;

import dev.capsule.task.guest.Preopen;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;

/**
 * A directory granted to a task: {@code HOST[::GUEST][:ro|:rw]}. The host part is relative to the
 * project; the guest part is where the task finds it, and is the host part unless given.
 *
 * @param text as it was written
 * @param host the host part
 * @param guest the guest part, normalised: absolute, without empty, {@code .} or {@code ..} parts
 * @param writable whether the task may write
 */
public record PathSpec(String text, String host, String guest, boolean writable) {
  /** The name of directories that hold caches and traces; never granted, wherever they are. */
  public static final String PRIVATE_DIRECTORY = ".capsule";

  private static final String FORMS = "HOST[::GUEST][:ro|:rw]";

  /** Parses a specification; the directory need not exist yet. */
  public static PathSpec parse(String key, String text) {
    String rest = text;
    boolean writable = true;
    if (rest.endsWith(":ro") || rest.endsWith(":rw")) {
      writable = rest.endsWith("w");
      rest = rest.substring(0, rest.length() - 3);
    }
    int alias = rest.indexOf("::");
    String host = alias < 0 ? rest : rest.substring(0, alias);
    String guest = alias < 0 ? rest : rest.substring(alias + 2);
    if (host.startsWith("/") || host.startsWith("\\") || isAbsolute(key, host)) {
      throw new InvalidConfigException(
          key,
          key
              + ": "
              + Quantities.quote(text)
              + " is not accepted: absolute paths are not allowed; write a directory of the"
              + " project, "
              + FORMS);
    }
    return new PathSpec(text, host, normalise(key, text, guest, alias >= 0), writable);
  }

  /**
   * The directory on this machine.
   *
   * @param root the directory that the host part is relative to and must stay in
   * @throws InvalidConfigException if it does not exist, is no directory, leads out of the root by
   *     {@code ..} or a link, or is private to the host
   */
  public Preopen resolve(String key, Path root) {
    Path realRoot;
    Path real;
    try {
      realRoot = root.toRealPath();
      real = realRoot.resolve(host.isEmpty() ? "." : host).toRealPath();
    } catch (IOException e) {
      throw refuse(key, "the directory does not exist in " + root);
    }
    if (!real.startsWith(realRoot)) {
      throw refuse(key, "it escapes the project directory " + realRoot);
    }
    if (!Files.isDirectory(real)) {
      throw refuse(key, "it is not a directory");
    }
    for (Path part : realRoot.relativize(real)) {
      if (part.toString().equalsIgnoreCase(PRIVATE_DIRECTORY)) {
        throw refuse(key, PRIVATE_DIRECTORY + " belongs to Capsule itself");
      }
    }
    return new Preopen(real, guest, writable, Set.of(PRIVATE_DIRECTORY));
  }

  /** The host part without {@code .} and {@code ..} where they can be resolved; may be empty. */
  Path hostPath() {
    return Path.of(host).normalize();
  }

  /** The same directory, for reading only. */
  public PathSpec readOnly() {
    return new PathSpec(text, host, guest, false);
  }

  private InvalidConfigException refuse(String key, String reason) {
    return new InvalidConfigException(
        key, key + ": " + Quantities.quote(text) + " is not accepted: " + reason);
  }

  private static boolean isAbsolute(String key, String host) {
    try {
      return Path.of(host).isAbsolute();
    } catch (InvalidPathException e) {
      throw InvalidConfigException.of(key, Quantities.quote(host), FORMS);
    }
  }

  private static String normalise(String key, String text, String guest, boolean given) {
    Deque<String> parts = new ArrayDeque<>();
    for (String part : guest.split("/")) {
      if (part.indexOf('\0') >= 0 || (part.equals("..") && given)) {
        throw InvalidConfigException.of(
            key, Quantities.quote(text), "a guest path without \"..\": " + FORMS);
      }
      if (part.equals("..")) {
        parts.pollLast(); // a host part that leaves the project is refused when it is resolved
      } else if (!part.isEmpty() && !part.equals(".")) {
        parts.addLast(part);
      }
    }
    return "/" + String.join("/", parts);
  }
}

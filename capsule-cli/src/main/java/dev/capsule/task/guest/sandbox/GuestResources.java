package dev.capsule.task.guest.sandbox;

import dev.capsule.engine.binary.Decoder;
import dev.capsule.engine.module.Module;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The files of one language's guest: the interpreter and the SDK's sources. */
public final class GuestResources {
  private final Class<?> owner;
  private final Map<String, Optional<byte[]>> files = new ConcurrentHashMap<>();

  /** Files beside the class {@code owner} and in folders there. */
  public GuestResources(Class<?> owner) {
    this.owner = owner;
  }

  /** A file, if it is there. */
  public Optional<byte[]> find(String name) {
    return files.computeIfAbsent(name, this::load);
  }

  private Optional<byte[]> load(String name) {
    try (InputStream in = owner.getResourceAsStream(name)) {
      return in == null ? Optional.empty() : Optional.of(in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * A text that is there.
   *
   * @throws IllegalStateException if it is missing from the distribution
   */
  public String text(String name) {
    return new String(bytes(name), StandardCharsets.UTF_8);
  }

  /** The interpreter, decoded. Its bytes are not kept apart from what the module needs. */
  public Module module(String name) {
    return Decoder.decode(load(name).orElseThrow(() -> missing(name)));
  }

  /**
   * A file that is there.
   *
   * @throws IllegalStateException if it is missing from the distribution
   */
  public byte[] bytes(String name) {
    return find(name).orElseThrow(() -> missing(name));
  }

  private IllegalStateException missing(String name) {
    return new IllegalStateException("the distribution lacks " + name + "; build it with Maven");
  }
}

package dev.capsule.task.guest.sandbox;

import dev.capsule.engine.binary.Decoder;
import dev.capsule.engine.module.Module;
import dev.capsule.engine.runtime.Engine;
import dev.capsule.engine.snapshot.Snapshot;
import dev.capsule.engine.snapshot.SnapshotException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The files of one language's guest: the interpreter and the SDK's sources. */
public final class GuestResources {
  private static final String IDENTITY = "identity";

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
   * The interpreter that was started when the distribution was made, if it is there and of these
   * files, this module and this engine.
   */
  public Optional<Kept> kept(String name, Module module, Engine engine) {
    return load(name).flatMap(file -> unpack(file, module)).filter(k -> k.snapshot().fits(engine));
  }

  private Optional<Kept> unpack(byte[] file, Module module) {
    byte[] identity = bytes(IDENTITY);
    ByteBuffer in = ByteBuffer.wrap(file);
    if (file.length < identity.length + Integer.BYTES
        || !in.slice(0, identity.length).equals(ByteBuffer.wrap(identity))) {
      return Optional.empty();
    }
    int handle = in.getInt(identity.length);
    byte[] rest = Arrays.copyOfRange(file, identity.length + Integer.BYTES, file.length);
    try {
      return Optional.of(new Kept(Snapshot.decode(rest, module), handle));
    } catch (SnapshotException e) {
      // Of another build, or damaged: a new one is started.
      return Optional.empty();
    }
  }

  /** A file for {@link #kept}. */
  public byte[] pack(Kept kept) {
    byte[] identity = bytes(IDENTITY);
    byte[] bytes = kept.snapshot().encode();
    return ByteBuffer.allocate(identity.length + Integer.BYTES + bytes.length)
        .put(identity)
        .putInt(kept.handle())
        .put(bytes)
        .array();
  }

  /** What tells these files from others. */
  public String identity() {
    return text(IDENTITY);
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

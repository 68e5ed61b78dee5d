package dev.capsule.wasi;

import dev.capsule.wasi.cli.Stdio;
import dev.capsule.wasi.clocks.Clocks;
import dev.capsule.wasi.filesystem.Access;
import dev.capsule.wasi.filesystem.Device;
import dev.capsule.wasi.filesystem.FilesystemException;
import dev.capsule.wasi.filesystem.HandleQuota;
import dev.capsule.wasi.filesystem.HostDirectories;
import dev.capsule.wasi.filesystem.MemoryDirectory;
import dev.capsule.wasi.http.OutgoingHandler;
import dev.capsule.wasi.io.StreamException;
import dev.capsule.wasi.io.WaitGuard;
import dev.capsule.wasi.io.WasiInputStream;
import dev.capsule.wasi.io.WasiOutputStream;
import dev.capsule.wasi.random.RandomSource;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Everything one guest has been granted. What the builder was not told is not there: no arguments,
 * no environment, empty input, output that goes nowhere, no files. Clocks and randomness are the
 * host's unless made deterministic.
 *
 * <p>A context serves one guest on one thread and is closed when the guest has ended.
 */
public final class WasiContext implements AutoCloseable {
  private final List<String> arguments;
  private final Map<String, String> environment;
  private final WasiInputStream stdin;
  private final WasiOutputStream stdout;
  private final WasiOutputStream stderr;
  private final Clocks clocks;
  private final RandomSource random;
  private final int maxHandles;
  private final Optional<OutgoingHandler> http;
  private final List<Preopen> preopens;
  private final boolean oneRoot;

  private WasiContext(Builder builder) {
    this.arguments = List.copyOf(builder.arguments);
    this.environment = new LinkedHashMap<>(builder.environment);
    this.stdin = builder.stdin;
    this.stdout = builder.stdout;
    this.stderr = builder.stderr;
    this.clocks = builder.clocks;
    this.random = builder.random;
    this.maxHandles = builder.maxHandles;
    this.http = builder.http;
    this.preopens = new ArrayList<>();
    this.oneRoot = builder.oneRoot;
    HandleQuota quota = new HandleQuota(maxHandles, builder.maxDirectoryNames);
    try {
      for (Mount mount : builder.mounts()) {
        preopens.add(mount.open(quota, clocks));
      }
    } catch (RuntimeException e) {
      closeAll();
      throw e;
    }
  }

  /** Starts with nothing granted. */
  public static Builder builder() {
    return new Builder();
  }

  /** The arguments, the program's name first. */
  public List<String> arguments() {
    return arguments;
  }

  /** The environment in the order it was given. */
  public Map<String, String> environment() {
    return Collections.unmodifiableMap(environment);
  }

  /** The standard input. */
  public WasiInputStream stdin() {
    return stdin;
  }

  /** The standard output. */
  public WasiOutputStream stdout() {
    return stdout;
  }

  /** The standard error. */
  public WasiOutputStream stderr() {
    return stderr;
  }

  /** The clocks. */
  public Clocks clocks() {
    return clocks;
  }

  /** The random bytes. */
  public RandomSource random() {
    return random;
  }

  /** How many handles the guest may have open at once, standard streams included. */
  public int maxHandles() {
    return maxHandles;
  }

  /** Outgoing HTTP, if it was granted. */
  public Optional<OutgoingHandler> http() {
    return http;
  }

  /** The preopened directories, in the order they were granted. */
  public List<Preopen> preopens() {
    return List.copyOf(preopens);
  }

  /** Whether the guest sees them below one root. */
  public boolean oneRoot() {
    return oneRoot;
  }

  /** Waits until the host has taken all output, as far as {@code guard} allows. */
  public void flush(WaitGuard guard) {
    for (WasiOutputStream stream : List.of(stdout, stderr)) {
      try {
        stream.blockingFlush(guard);
      } catch (StreamException e) {
        // The guest has been told about a broken stream when it wrote to it.
        continue;
      }
    }
  }

  /** Asks the host to take all output, and does not wait for it. */
  public void flush() {
    for (WasiOutputStream stream : List.of(stdout, stderr)) {
      try {
        stream.flush();
      } catch (StreamException e) {
        // As above.
        continue;
      }
    }
  }

  /** Closes everything the guest had open. The embedder's own Java streams stay open. */
  @Override
  public void close() {
    closeAll();
    stdin.close();
    stdout.close();
    stderr.close();
    http.ifPresent(OutgoingHandler::close);
  }

  private void closeAll() {
    for (Preopen preopen : preopens) {
      try {
        preopen.directory().close();
      } catch (FilesystemException e) {
        // Nobody is left to be told that closing a directory failed.
        continue;
      }
    }
  }

  /** How one preopened directory comes to be. */
  private interface Mount {
    Preopen open(HandleQuota quota, Clocks clocks);
  }

  /** Grants capabilities. */
  public static final class Builder {
    /** 2020-01-01, the start of virtual time. */
    private static final long VIRTUAL_EPOCH = 1_577_836_800L;

    private static final int HANDLES = 4096;
    private static final int DIRECTORY_NAMES = 250_000;

    private final List<String> arguments = new ArrayList<>();
    private final Map<String, String> environment = new LinkedHashMap<>();
    private final Map<String, Mount> mounts = new LinkedHashMap<>();
    private final Map<String, MemoryDirectory> virtual = new LinkedHashMap<>();
    private WasiInputStream stdin = Stdio.empty();
    private WasiOutputStream stdout = Stdio.discard();
    private WasiOutputStream stderr = Stdio.discard();
    private Clocks clocks = Clocks.host();
    private RandomSource random = RandomSource.secure();
    private Optional<OutgoingHandler> http = Optional.empty();
    private boolean oneRoot;
    private int maxHandles = HANDLES;
    private int maxDirectoryNames = DIRECTORY_NAMES;

    private Builder() {}

    /** Adds arguments; the first of all is the program's name. */
    public Builder arguments(String... more) {
      return arguments(List.of(more));
    }

    /** Adds arguments; the first of all is the program's name. */
    public Builder arguments(List<String> more) {
      for (String argument : more) {
        arguments.add(withoutNul("argument", argument));
      }
      return this;
    }

    /**
     * Adds a variable to the environment.
     *
     * @throws IllegalArgumentException if the name is empty or has a "=" in it
     */
    public Builder environment(String name, String value) {
      if (name.isEmpty() || name.indexOf('=') >= 0) {
        throw new IllegalArgumentException(
            "environment variable name '" + name + "' is empty or contains '='");
      }
      environment.put(
          withoutNul("environment variable", name), withoutNul("environment variable", value));
      return this;
    }

    /** Adds variables to the environment. */
    public Builder environment(Map<String, String> more) {
      more.forEach(this::environment);
      return this;
    }

    private static String withoutNul(String what, String text) {
      if (text.indexOf('\0') >= 0) {
        throw new IllegalArgumentException(what + " contains a NUL character");
      }
      return text;
    }

    /** Where the standard input comes from; see {@link Stdio}. */
    public Builder stdin(WasiInputStream stream) {
      this.stdin = stream;
      return this;
    }

    /** Where the standard output goes; see {@link Stdio}. */
    public Builder stdout(WasiOutputStream stream) {
      this.stdout = stream;
      return this;
    }

    /** Where the standard error goes; see {@link Stdio}. */
    public Builder stderr(WasiOutputStream stream) {
      this.stderr = stream;
      return this;
    }

    /** Uses the standard streams of this process. */
    public Builder inheritStdio() {
      return stdin(Stdio.inheritInput()).stdout(Stdio.inheritOutput()).stderr(Stdio.inheritError());
    }

    /**
     * Grants a directory of the host. It is opened by {@link #build}, which fails if it is missing.
     *
     * @param guestPath the absolute path by which the guest knows it
     */
    public Builder preopen(Path host, String guestPath, Access access) {
      return mount(
          guestPath,
          (quota, clocks) ->
              new Preopen(guestPath, HostDirectories.open(host, access, quota, clocks)));
    }

    /** Grants a directory in memory. */
    public Builder preopen(MemoryDirectory directory, String guestPath, Access access) {
      return mount(
          guestPath,
          (quota, clocks) -> new Preopen(guestPath, directory.open(access, quota, clocks)));
    }

    /**
     * Shows guests of preview 1 a single preopened directory, "/", below which all others are found
     * by their guest paths. C libraries ask for the preopened directories once, when they start: so
     * a guest that was started before anybody knew its directories can still be given them.
     */
    public Builder oneRoot() {
      this.oneRoot = true;
      return this;
    }

    private Builder mount(String guestPath, Mount mount) {
      withoutNul("guest path", guestPath);
      if (guestPath.isEmpty()) {
        throw new IllegalArgumentException("the guest path of a directory is empty; use '/'");
      }
      if (mounts.putIfAbsent(guestPath, mount) != null) {
        throw new IllegalArgumentException(
            "two directories have the guest path '" + guestPath + "'; give one another path");
      }
      return this;
    }

    /** Grants a read-only file with this content. Its directory becomes a preopened one. */
    public Builder file(String guestPath, byte[] content) {
      virtual(guestPath).put(nameOf(guestPath), content);
      return this;
    }

    /** Grants a file served by Java code. Its directory becomes a preopened one. */
    public Builder device(String guestPath, Device device) {
      virtual(guestPath).putDevice(nameOf(guestPath), device);
      return this;
    }

    private MemoryDirectory virtual(String guestPath) {
      int slash = guestPath.lastIndexOf('/');
      if (!guestPath.startsWith("/") || slash == guestPath.length() - 1) {
        throw new IllegalArgumentException(
            "guest path '" + guestPath + "' is not an absolute path of a file");
      }
      String parent = slash == 0 ? "/" : guestPath.substring(0, slash);
      return virtual.computeIfAbsent(parent, p -> MemoryDirectory.create());
    }

    private static String nameOf(String guestPath) {
      return guestPath.substring(guestPath.lastIndexOf('/') + 1);
    }

    private List<Mount> mounts() {
      Builder all = new Builder();
      all.mounts.putAll(mounts);
      virtual.forEach((path, directory) -> all.preopen(directory, path, Access.readOnly()));
      return List.copyOf(all.mounts.values());
    }

    /** The clocks the guest sees. */
    public Builder clocks(Clocks clocks) {
      this.clocks = clocks;
      return this;
    }

    /** The random bytes the guest sees. */
    public Builder random(RandomSource random) {
      this.random = random;
      return this;
    }

    /** Grants outgoing HTTP; the handler is closed with the context. */
    public Builder http(OutgoingHandler handler) {
      this.http = Optional.of(handler);
      return this;
    }

    /** Virtual time from 2020-01-01 on, and random bytes that {@code seed} determines. */
    public Builder deterministic(long seed) {
      return clocks(Clocks.virtual(VIRTUAL_EPOCH)).random(RandomSource.seeded(seed));
    }

    /** How many handles may be open at once, standard streams and preopens included. */
    public Builder maxHandles(int handles) {
      this.maxHandles = handles;
      return this;
    }

    /** How many names open directory streams may hold together. */
    public Builder maxDirectoryNames(int names) {
      this.maxDirectoryNames = names;
      return this;
    }

    /**
     * Opens the granted directories.
     *
     * @throws java.io.UncheckedIOException if one cannot be opened
     */
    public WasiContext build() {
      return new WasiContext(this);
    }
  }
}

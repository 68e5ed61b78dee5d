package dev.capsule.wasi.p1;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * A guest program as a list of calls with constant arguments and expected errnos. It can be played
 * on the functions directly, or written as a Wasm module and run by an engine.
 */
final class Script {
  static final int MEMORY = 65536;

  /** The first preopened directory. */
  static final int ROOT = 3;

  static final int TRAPS = -1;
  static final int CREAT = 1;
  static final int DIRECTORY = 2;
  static final int EXCL = 4;
  static final int TRUNC = 8;
  static final int FOLLOW = 1;
  static final int APPEND = 1;
  static final int NONBLOCK = 4;
  static final long RW = Rights.FD_READ | Rights.FD_WRITE | Rights.FD_SEEK | Rights.FD_TELL;

  /** An argument that is the i32 at an address. */
  record Load(int address) {}

  /** One call; a trap is expected where the errno is {@link #TRAPS}. */
  record Step(String function, List<Object> arguments, int errno, String source) {}

  /** A look at the memory after the last call. */
  private record Check(Consumer<ByteBuffer> look) {}

  final List<Step> steps = new ArrayList<>();
  private final List<Check> checks = new ArrayList<>();
  private final byte[] data = new byte[MEMORY];
  private int next = 1024;

  /** The memory before the first call. */
  byte[] data() {
    return data.clone();
  }

  int alloc(int size) {
    int at = next;
    next += (size + 15) & ~15;
    return at;
  }

  int bytes(byte[] content) {
    int at = alloc(content.length);
    System.arraycopy(content, 0, data, at, content.length);
    return at;
  }

  /** Puts numbers into the memory. */
  void put(int address, int... values) {
    ByteBuffer.wrap(data)
        .order(ByteOrder.LITTLE_ENDIAN)
        .position(address)
        .asIntBuffer()
        .put(values);
  }

  /** A string: two arguments, pointer and length. */
  Object[] str(String s) {
    byte[] utf8 = s.getBytes(StandardCharsets.UTF_8);
    return new Object[] {bytes(utf8), utf8.length};
  }

  /** One vector on content: two arguments, pointer and count. */
  Object[] ciov(String... contents) {
    ByteBuffer vectors = ByteBuffer.allocate(8 * contents.length).order(ByteOrder.LITTLE_ENDIAN);
    for (String content : contents) {
      byte[] utf8 = content.getBytes(StandardCharsets.UTF_8);
      vectors.putInt(bytes(utf8)).putInt(utf8.length);
    }
    return new Object[] {bytes(vectors.array()), contents.length};
  }

  /** One vector on a region: two arguments, pointer and count. */
  Object[] iov(int address, int length) {
    ByteBuffer vector = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
    vector.putInt(address).putInt(length);
    return new Object[] {bytes(vector.array()), 1};
  }

  /** Adds a call; arrays among the arguments are spliced in. */
  Script call(int errno, String function, Object... arguments) {
    List<Object> flat = new ArrayList<>();
    for (Object argument : arguments) {
      if (argument instanceof Object[] several) {
        flat.addAll(List.of(several));
      } else {
        flat.add(argument);
      }
    }
    String source = function + flat;
    steps.add(new Step(function, flat, errno, source));
    return this;
  }

  /** Opens a path with these flags and rights; answers where the new handle's number is. */
  Load open(String path, int oflags, long rights, int fdflags) {
    int fd = alloc(4);
    call(0, "path_open", ROOT, 0, str(path), oflags, rights, 0L, fdflags, fd);
    return new Load(fd);
  }

  Load open(String path) {
    return open(path, 0, RW, 0);
  }

  Load openDirectory(String path) {
    return open(path, DIRECTORY, Rights.FD_READ, 0);
  }

  /** Makes a file with content. */
  Script file(String path, String content) {
    Load fd = open(path, CREAT | TRUNC, RW, 0);
    call(0, "fd_write", fd, ciov(content), alloc(4));
    return call(0, "fd_close", fd);
  }

  /** A stat of a path; answers where it is. */
  int stat(String path) {
    int at = alloc(64);
    call(0, "path_filestat_get", ROOT, 0, str(path), at);
    return at;
  }

  Script i32(int address, int expected) {
    return look(m -> assertEquals(expected, m.getInt(address), "i32 at " + address));
  }

  Script i64(int address, long expected) {
    return look(m -> assertEquals(expected, m.getLong(address), "i64 at " + address));
  }

  Script i8(int address, int expected) {
    return look(m -> assertEquals(expected, m.get(address), "i8 at " + address));
  }

  Script text(int address, String expected) {
    return look(
        m -> {
          byte[] want = expected.getBytes(StandardCharsets.UTF_8);
          byte[] got = new byte[want.length];
          m.get(address, got);
          assertArrayEquals(want, got, () -> new String(got, StandardCharsets.UTF_8));
        });
  }

  Script look(Consumer<ByteBuffer> look) {
    checks.add(new Check(look));
    return this;
  }

  void check(byte[] memory) {
    ByteBuffer view = ByteBuffer.wrap(memory).order(ByteOrder.LITTLE_ENDIAN);
    checks.forEach(c -> c.look().accept(view));
  }

  /** The script as a module that exports {@code run} and {@code memory}. */
  String toWat(Version version, Preview1 types) {
    StringBuilder wat = new StringBuilder("(module\n");
    steps.stream()
        .map(Step::function)
        .distinct()
        .forEach(name -> wat.append(importOf(version, name, types.functions().get(name))));
    wat.append("  (memory (export \"memory\") 1 1)\n");
    wat.append("  (data (i32.const 0) \"").append(escaped(data, next)).append("\")\n");
    wat.append("  (func (export \"run\") (param i32) (result i32)\n");
    // The parameter is the step to run; the result its errno.
    for (int i = 0; i < steps.size(); i++) {
      Step step = steps.get(i);
      wat.append("    (if (i32.eq (local.get 0) (i32.const ").append(i).append(")) (then ");
      wat.append(callOf(step, types.functions().get(step.function()))).append("))\n");
    }
    return wat.append("    (unreachable)))\n").toString();
  }

  private static String importOf(Version version, String name, Preview1.Function function) {
    StringBuilder wat = new StringBuilder("  (import \"" + version.module() + "\" \"" + name);
    wat.append("\" (func $").append(name);
    function
        .parameters()
        .chars()
        .forEach(c -> wat.append(c == 'i' ? " (param i32)" : " (param i64)"));
    return wat.append(function.returns() ? " (result i32)))\n" : "))\n").toString();
  }

  private static String callOf(Step step, Preview1.Function function) {
    StringBuilder call = new StringBuilder("(call $" + step.function());
    for (int i = 0; i < step.arguments().size(); i++) {
      String type = function.parameters().charAt(i) == 'i' ? "i32" : "i64";
      call.append(
          switch (step.arguments().get(i)) {
            case Load load -> " (" + type + ".load (i32.const " + load.address() + "))";
            case Object constant -> " (" + type + ".const " + constant + ")";
          });
    }
    call.append(')');
    return function.returns() ? "(return " + call + ")" : call + " (return (i32.const 0))";
  }

  private static String escaped(byte[] data, int length) {
    StringBuilder s = new StringBuilder();
    for (int i = 0; i < length; i++) {
      s.append(String.format("\\%02x", data[i] & 0xFF));
    }
    return s.toString();
  }

  /** Plays the script on the functions. */
  void playDirectly(Preview1 functions) {
    ArrayGuestMemory memory = new ArrayGuestMemory(MEMORY);
    System.arraycopy(data, 0, memory.bytes, 0, MEMORY);
    for (Step step : steps) {
      Preview1.Function function = functions.functions().get(step.function());
      assertEquals(function.parameters().length(), step.arguments().size(), step.source());
      long[] arguments =
          step.arguments().stream()
              .mapToLong(
                  a ->
                      a instanceof Load load
                          ? memory.getInt(load.address())
                          : ((Number) a).longValue())
              .toArray();
      int errno;
      try {
        errno = function.body().call(memory, arguments);
      } catch (ArrayGuestMemory.Fault e) {
        errno = TRAPS;
      }
      assertEquals(step.errno(), errno, step.source());
    }
    check(memory.bytes);
  }
}

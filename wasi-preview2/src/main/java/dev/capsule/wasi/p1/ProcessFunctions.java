package dev.capsule.wasi.p1;

import dev.capsule.wasi.WasiContext;
import dev.capsule.wasi.cli.ProgramExit;
import dev.capsule.wasi.clocks.Clocks;
import dev.capsule.wasi.io.WaitGuard;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Arguments, environment, clocks, randomness, the process, and sockets, of which there are none.
 */
final class ProcessFunctions {
  private static final int REALTIME = 0;
  private static final int MAX_CLOCK = 3;
  private static final int RANDOM_CHUNK = 64 * 1024;
  private static final int MAX_SIGNAL = 30;

  private final WasiContext context;
  private final HandleTable handles;
  private final WaitGuard guard;
  private final List<byte[]> arguments;
  private final List<byte[]> environment;

  ProcessFunctions(WasiContext context, HandleTable handles, WaitGuard guard) {
    this.context = context;
    this.handles = handles;
    this.guard = guard;
    this.arguments = context.arguments().stream().map(ProcessFunctions::terminated).toList();
    this.environment =
        context.environment().entrySet().stream()
            .map(e -> terminated(e.getKey() + "=" + e.getValue()))
            .toList();
  }

  private static byte[] terminated(String s) {
    return (s + "\0").getBytes(StandardCharsets.UTF_8);
  }

  int argsGet(Call c) {
    return get(c, arguments);
  }

  int argsSizesGet(Call c) {
    return sizes(c, arguments);
  }

  int environGet(Call c) {
    return get(c, environment);
  }

  int environSizesGet(Call c) {
    return sizes(c, environment);
  }

  private static int get(Call c, List<byte[]> strings) {
    GuestMemory memory = c.memory();
    long pointers = c.pointer(0);
    long bytes = c.pointer(1);
    memory.check(pointers, 4L * strings.size());
    memory.check(bytes, size(strings));
    for (byte[] string : strings) {
      memory.putInt(pointers, (int) bytes);
      memory.write(bytes, string, 0, string.length);
      pointers += 4;
      bytes += string.length;
    }
    return Errno.SUCCESS;
  }

  private static int sizes(Call c, List<byte[]> strings) {
    c.memory().check(c.pointer(0), 4);
    c.memory().check(c.pointer(1), 4);
    c.memory().putInt(c.pointer(0), strings.size());
    c.memory().putInt(c.pointer(1), (int) size(strings));
    return Errno.SUCCESS;
  }

  private static long size(List<byte[]> strings) {
    return strings.stream().mapToLong(s -> s.length).sum();
  }

  private static int clock(Call c) {
    int id = c.i32(0);
    if (Integer.compareUnsigned(id, MAX_CLOCK) > 0) {
      throw new Preview1Error(Errno.INVAL);
    }
    return id;
  }

  int clockResGet(Call c) {
    clock(c);
    c.memory().putLong(c.pointer(1), context.clocks().resolution());
    return Errno.SUCCESS;
  }

  /** The two clocks of CPU time count the time since the guest started, like the monotonic one. */
  int clockTimeGet(Call c) {
    Clocks clocks = context.clocks();
    int id = clock(c);
    c.memory().check(c.pointer(2), 8);
    long time = id == REALTIME ? clocks.wallNow().toNanos() : clocks.monotonicNow();
    c.memory().putLong(c.pointer(2), time);
    return Errno.SUCCESS;
  }

  int randomGet(Call c) {
    long to = c.pointer(0);
    long left = c.pointer(1);
    c.memory().check(to, left);
    byte[] chunk = new byte[(int) Math.min(RANDOM_CHUNK, left)];
    while (left > 0) {
      int n = (int) Math.min(chunk.length, left);
      context.random().fill(ByteBuffer.wrap(chunk, 0, n));
      c.memory().write(to, chunk, 0, n);
      to += n;
      left -= n;
      guard.check();
    }
    return Errno.SUCCESS;
  }

  int procExit(Call c) {
    throw new ProgramExit(c.i32(0));
  }

  /** No handler can be installed, so a signal has its default effect on the guest. */
  int procRaise(Call c) {
    int signal = c.i32(0);
    if (Integer.compareUnsigned(signal, MAX_SIGNAL) > 0) {
      throw new Preview1Error(Errno.INVAL);
    }
    return switch (signal) {
      // None, and those ignored by default: CHLD, CONT, URG, WINCH.
      case 0, 16, 17, 22, 27 -> Errno.SUCCESS;
      // Those that stop a process: STOP, TSTP, TTIN, TTOU.
      case 18, 19, 20, 21 -> throw new Preview1Error(Errno.NOTSUP);
      default -> throw new ProgramExit(128 + signal);
    };
  }

  int schedYield(Call c) {
    guard.check();
    return Errno.SUCCESS;
  }

  /** No handle is a socket. */
  int socket(Call c) {
    handles.get(c.i32(0));
    throw new Preview1Error(Errno.NOTSOCK);
  }
}

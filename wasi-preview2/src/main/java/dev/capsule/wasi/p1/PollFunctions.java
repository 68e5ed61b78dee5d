package dev.capsule.wasi.p1;

import dev.capsule.wasi.clocks.Clocks;
import dev.capsule.wasi.io.Pollable;
import dev.capsule.wasi.io.Poller;
import dev.capsule.wasi.io.StreamException;
import dev.capsule.wasi.io.WaitGuard;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** {@code poll_oneoff}. */
final class PollFunctions {
  private static final int CLOCK = 0;
  private static final int FD_READ = 1;
  private static final int FD_WRITE = 2;
  private static final int ABSTIME = 1;
  private static final int REALTIME = 0;
  private static final int MAX_CLOCK = 3;
  private static final int EVENT_SIZE = 32;

  /** More than any program has handles. */
  private static final int MAX_SUBSCRIPTIONS = 8192;

  private final Version version;
  private final HandleTable handles;
  private final Clocks clocks;
  private final WaitGuard guard;

  PollFunctions(Version version, HandleTable handles, Clocks clocks, WaitGuard guard) {
    this.version = version;
    this.handles = handles;
    this.clocks = clocks;
    this.guard = guard;
  }

  /** How much can be read or written, or the errno of why nothing can. */
  private record State(int errno, long bytes) {}

  private record Subscription(long userdata, int type, Pollable pollable, Supplier<State> state) {}

  int pollOneoff(Call c) {
    int count = c.i32(2);
    if (count <= 0 || count > MAX_SUBSCRIPTIONS) {
      throw new Preview1Error(Errno.INVAL);
    }
    GuestMemory memory = c.memory();
    memory.check(c.pointer(0), (long) count * version.subscriptionSize());
    memory.check(c.pointer(1), (long) count * EVENT_SIZE);
    memory.check(c.pointer(3), 4);
    List<Subscription> subscriptions = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      subscriptions.add(subscription(memory, c.pointer(0) + (long) i * version.subscriptionSize()));
    }
    List<Integer> ready =
        Poller.poll(subscriptions.stream().map(Subscription::pollable).toList(), guard);
    long to = c.pointer(1);
    for (int index : ready) {
      putEvent(memory, to, subscriptions.get(index));
      to += EVENT_SIZE;
    }
    memory.putInt(c.pointer(3), ready.size());
    return Errno.SUCCESS;
  }

  private Subscription subscription(GuestMemory memory, long at) {
    long userdata = memory.getLong(at);
    int type = memory.getByte(at + 8);
    return switch (type) {
      case CLOCK ->
          new Subscription(
              userdata,
              type,
              clock(memory, at + version.clockOffset()),
              () -> new State(Errno.SUCCESS, 0));
      case FD_READ, FD_WRITE -> {
        int fd = memory.getInt(at + 16);
        yield type == FD_READ ? readable(userdata, fd) : writable(userdata, fd);
      }
      default -> throw new Preview1Error(Errno.INVAL);
    };
  }

  private Pollable clock(GuestMemory memory, long at) {
    int id = memory.getInt(at);
    long timeout = memory.getLong(at + 8);
    int flags = memory.getShort(at + 24);
    if (Integer.compareUnsigned(id, MAX_CLOCK) > 0 || (flags & ~ABSTIME) != 0) {
      throw new Preview1Error(Errno.INVAL);
    }
    if ((flags & ABSTIME) == 0) {
      return clocks.subscribeDuration(timeout);
    }
    return id == REALTIME ? clocks.subscribeWallInstant(timeout) : clocks.subscribeInstant(timeout);
  }

  private static Subscription now(long userdata, int type, int errno, long bytes) {
    return new Subscription(userdata, type, Pollable.READY, () -> new State(errno, bytes));
  }

  private Subscription readable(long userdata, int fd) {
    return switch (handles.find(fd).orElse(null)) {
      case null -> now(userdata, FD_READ, Errno.BADF, 0);
      case Handle.Input input ->
          new Subscription(
              userdata,
              FD_READ,
              input.stream.subscribe(),
              // How many bytes there are is not known without reading them; one at least.
              () -> new State(Errno.SUCCESS, 1));
      case Handle.Output o -> now(userdata, FD_READ, Errno.BADF, 0);
      case Handle.Directory d -> now(userdata, FD_READ, Errno.BADF, 0);
      case Handle.File f when !f.file.flags().read() -> now(userdata, FD_READ, Errno.BADF, 0);
      case Handle.File f ->
          now(userdata, FD_READ, Errno.SUCCESS, Math.max(0, f.file.size() - f.position));
      case Handle.Dev d -> now(userdata, FD_READ, Errno.SUCCESS, 1);
    };
  }

  private Subscription writable(long userdata, int fd) {
    return switch (handles.find(fd).orElse(null)) {
      case null -> now(userdata, FD_WRITE, Errno.BADF, 0);
      case Handle.Output output ->
          new Subscription(userdata, FD_WRITE, output.stream.subscribe(), () -> room(output));
      case Handle.Input i -> now(userdata, FD_WRITE, Errno.BADF, 0);
      case Handle.Directory d -> now(userdata, FD_WRITE, Errno.BADF, 0);
      case Handle.File f when !f.file.flags().write() -> now(userdata, FD_WRITE, Errno.BADF, 0);
      case Handle.File f -> now(userdata, FD_WRITE, Errno.SUCCESS, 1);
      case Handle.Dev d -> now(userdata, FD_WRITE, Errno.SUCCESS, 1);
    };
  }

  private static State room(Handle.Output output) {
    try {
      return new State(Errno.SUCCESS, output.stream.checkWrite());
    } catch (StreamException e) {
      return new State(Errno.PIPE, 0);
    }
  }

  private static void putEvent(GuestMemory memory, long to, Subscription subscription) {
    State state = subscription.state().get();
    memory.putLong(to, subscription.userdata());
    memory.putLong(to + 8, state.errno() | (long) subscription.type() << 16);
    memory.putLong(to + 16, state.bytes());
    memory.putLong(to + 24, 0);
  }
}

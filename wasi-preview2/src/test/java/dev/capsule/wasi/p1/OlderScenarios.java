package dev.capsule.wasi.p1;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/** Where {@code wasi_unstable} differs: whence, the layouts of stats and of subscriptions. */
final class OlderScenarios {
  private static final int END = Script.MEMORY;
  private static final long HOUR = 3_600_000_000_000L;

  private OlderScenarios() {}

  static Map<String, Consumer<Script>> all() {
    Map<String, Consumer<Script>> all = new LinkedHashMap<>();
    all.put("fd_seek", OlderScenarios::seek);
    all.put("fd_filestat_get", OlderScenarios::handleStat);
    all.put("path_filestat_get", OlderScenarios::pathStat);
    all.put("poll_oneoff", OlderScenarios::poll);
    return all;
  }

  private static void seek(Script s) {
    Script.Load fd = s.open("hello.txt");
    int a = s.alloc(8);
    s.call(0, "fd_seek", fd, 4L, 2, a).i64(a, 4);
    int b = s.alloc(8);
    s.call(0, "fd_seek", fd, 1L, 0, b).i64(b, 5);
    int c = s.alloc(8);
    s.call(0, "fd_seek", fd, -1L, 1, c).i64(c, 10);
    s.call(Errno.INVAL, "fd_seek", fd, 0L, 3, c);
    s.call(Errno.INVAL, "fd_seek", fd, 0L, -1, c);
    s.call(Errno.INVAL, "fd_seek", fd, -1L, 2, c);
  }

  private static void stat(Script s, int at) {
    s.i8(at + 16, 4).i32(at + 20, 1).i64(at + 24, 11);
  }

  private static void handleStat(Script s) {
    Script.Load fd = s.open("hello.txt");
    s.call(0, "fd_filestat_set_times", fd, 3_000_000_001L, 4_000_000_002L, 1 | 4);
    int at = s.alloc(64);
    s.put(at + 56, -1);
    s.call(0, "fd_filestat_get", fd, at);
    stat(s, at);
    s.i64(at + 32, 3_000_000_001L).i64(at + 40, 4_000_000_002L).i32(at + 56, -1);
    s.call(0, "fd_filestat_get", fd, END - 56);
    s.call(Script.TRAPS, "fd_filestat_get", fd, END - 55);
  }

  private static void pathStat(Script s) {
    stat(s, s.stat("hello.txt"));
    s.call(0, "path_filestat_get", Script.ROOT, 0, s.str("dir"), END - 56);
    s.call(Script.TRAPS, "path_filestat_get", Script.ROOT, 0, s.str("dir"), END - 55);
  }

  private static void poll(Script s) {
    ByteBuffer in = ByteBuffer.allocate(3 * 56).order(ByteOrder.LITTLE_ENDIAN);
    // A user's number, the type, an identifier, the clock, when, how exactly, flags.
    in.putLong(7).putLong(0).putLong(99).putLong(1).putLong(HOUR).putLong(0).putLong(0);
    in.putLong(8).putLong(1).putLong(77).position(112);
    in.putLong(9).putLong(0).putLong(98).putLong(1).putLong(0).putLong(0).putLong(1);
    int events = s.alloc(96);
    int n = s.alloc(4);
    int subscriptions = s.bytes(in.array());
    s.call(0, "poll_oneoff", subscriptions, events, 3, n).i32(n, 2);
    s.i64(events, 8).i64(events + 8, Errno.BADF | 1L << 16);
    s.i64(events + 32, 9).i64(events + 40, 0);
    s.call(Script.TRAPS, "poll_oneoff", END - 55, events, 1, n);
  }
}

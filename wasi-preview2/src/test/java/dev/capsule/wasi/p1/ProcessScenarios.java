package dev.capsule.wasi.p1;

import static dev.capsule.wasi.p1.Errno.BADF;
import static dev.capsule.wasi.p1.Errno.INVAL;
import static dev.capsule.wasi.p1.Errno.NOTSOCK;
import static dev.capsule.wasi.p1.Errno.NOTSUP;
import static dev.capsule.wasi.p1.FileScenarios.NONE;
import static dev.capsule.wasi.p1.Script.ROOT;
import static dev.capsule.wasi.p1.Script.TRAPS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.capsule.wasi.p1.Script.Load;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** What the functions beyond files do: success, each error, boundaries. */
final class ProcessScenarios {
  private static final int END = Script.MEMORY;
  private final Map<String, Consumer<Script>> all = new LinkedHashMap<>();

  static Map<String, Consumer<Script>> all() {
    ProcessScenarios scenarios = new ProcessScenarios();
    scenarios.strings();
    scenarios.clocks();
    scenarios.process();
    scenarios.sockets();
    scenarios.polling();
    return scenarios.all;
  }

  private void on(String name, Consumer<Script> scenario) {
    all.put(name, scenario);
  }

  private void strings() {
    on(
        "args_sizes_get",
        s -> {
          int at = s.alloc(8);
          s.call(0, "args_sizes_get", at, at + 4);
          s.i32(at, 3).i32(at + 4, 5 + 1 + 4);
          s.call(TRAPS, "args_sizes_get", END - 3, at + 4);
          s.call(TRAPS, "args_sizes_get", at, END);
        });
    on(
        "args_get",
        s -> {
          int pointers = s.alloc(12);
          int bytes = s.alloc(16);
          s.call(0, "args_get", pointers, bytes);
          s.i32(pointers, bytes).i32(pointers + 4, bytes + 5).i32(pointers + 8, bytes + 6);
          s.text(bytes, "prog\0\0\u00e9a\0");
          s.call(TRAPS, "args_get", END - 11, bytes);
          s.call(TRAPS, "args_get", pointers, END - 9);
        });
    on(
        "environ_sizes_get",
        s -> {
          int at = s.alloc(8);
          s.call(0, "environ_sizes_get", at, at + 4);
          s.i32(at, 2).i32(at + 4, 4 + 7);
          s.call(TRAPS, "environ_sizes_get", END, at);
        });
    on(
        "environ_get",
        s -> {
          int pointers = s.alloc(8);
          int bytes = s.alloc(16);
          s.call(0, "environ_get", pointers, bytes);
          s.text(bytes, "A=1\0EMPTY=\0");
          s.i32(pointers + 4, bytes + 4);
          s.call(TRAPS, "environ_get", END - 7, bytes);
          s.call(TRAPS, "environ_get", pointers, END - 10);
        });
  }

  private void clocks() {
    on(
        "clock_res_get",
        s -> {
          int at = s.alloc(8);
          for (int clock = 0; clock <= 3; clock++) {
            s.call(0, "clock_res_get", clock, at);
          }
          s.look(m -> assertTrue(m.getLong(at) > 0));
          s.call(INVAL, "clock_res_get", 4, at);
          s.call(INVAL, "clock_res_get", -1, at);
          s.call(TRAPS, "clock_res_get", 0, END - 7);
        });
    on(
        "clock_time_get",
        s -> {
          int a = s.alloc(8);
          int b = s.alloc(8);
          s.call(0, "clock_time_get", 1, 0L, a);
          s.call(0, "clock_time_get", 1, 0L, b);
          s.look(m -> assertTrue(m.getLong(a) <= m.getLong(b)));
          int wall = s.alloc(8);
          s.call(0, "clock_time_get", 0, 1000L, wall);
          s.look(m -> assertTrue(m.getLong(wall) > 1_500_000_000_000_000_000L));
          s.call(0, "clock_time_get", 2, 0L, s.alloc(8));
          s.call(0, "clock_time_get", 3, 0L, s.alloc(8));
          s.call(INVAL, "clock_time_get", 4, 0L, a + 8);
          s.call(TRAPS, "clock_time_get", 0, 0L, END - 7);
        });
    on(
        "random_get",
        s -> {
          int a = s.alloc(16);
          int b = s.alloc(16);
          s.call(0, "random_get", a, 16);
          s.call(0, "random_get", b, 16);
          s.look(m -> assertNotEquals(m.getLong(a), m.getLong(b)));
          s.call(0, "random_get", END, 0);
          s.call(0, "random_get", END - 1, 1);
          s.call(TRAPS, "random_get", END - 1, 2);
          s.call(TRAPS, "random_get", 0, -1);
        });
  }

  private void process() {
    on(
        "proc_raise",
        s -> {
          s.call(0, "proc_raise", 0);
          s.call(0, "proc_raise", 16);
          s.call(NOTSUP, "proc_raise", 18);
          s.call(INVAL, "proc_raise", 31);
          s.call(INVAL, "proc_raise", -1);
        });
    on("sched_yield", s -> s.call(0, "sched_yield"));
  }

  private void sockets() {
    on("sock_accept", s -> socket(s, "sock_accept", 0, 64));
    on("sock_recv", s -> socket(s, "sock_recv", s.iov(64, 4), 0, 72, 76));
    on("sock_send", s -> socket(s, "sock_send", s.iov(64, 4), 0, 72));
    on("sock_shutdown", s -> socket(s, "sock_shutdown", 3));
  }

  private static void socket(Script s, String function, Object... rest) {
    List<Object> arguments = new ArrayList<>();
    for (Object argument : rest) {
      arguments.addAll(argument instanceof Object[] pair ? List.of(pair) : List.of(argument));
    }
    s.call(NOTSOCK, function, ROOT, arguments.toArray());
    s.call(NOTSOCK, function, 1, arguments.toArray());
    s.call(BADF, function, NONE, arguments.toArray());
  }

  private static ByteBuffer subscriptions(int count) {
    return ByteBuffer.allocate(48 * count).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static void clock(ByteBuffer to, long userdata, int id, long timeout, int flags) {
    to.putLong(userdata).putLong(0).putLong(id).putLong(timeout).putLong(0).putLong(flags);
  }

  private static void handle(ByteBuffer to, long userdata, int type, int fd) {
    to.putLong(userdata).putLong(type).putLong(fd).putLong(0).putLong(0).putLong(0);
  }

  private void polling() {
    on(
        "poll_oneoff: handles are ready or wrong at once",
        s -> {
          Load file = s.open("hello.txt");
          ByteBuffer in = subscriptions(6);
          handle(in, 10, 1, 4);
          handle(in, 11, 2, 1);
          handle(in, 12, 1, NONE);
          handle(in, 13, 1, ROOT);
          handle(in, 14, 2, 0);
          clock(in, 15, 1, 3_600_000_000_000L, 0);
          int events = s.alloc(6 * 32);
          int n = s.alloc(4);
          // The file's number: the first after the two preopens.
          in.putInt(16, 5);
          s.call(0, "poll_oneoff", s.bytes(in.array()), events, 6, n);
          s.i32(file.address(), 5).i32(n, 5);
          s.i64(events, 10).i64(events + 8, 1L << 16).i64(events + 16, 11);
          s.i64(events + 32, 11).i64(events + 40, 2L << 16);
          s.i64(events + 64, 12).i64(events + 72, BADF | 1L << 16);
          s.i64(events + 96, 13).i64(events + 104, BADF | 1L << 16);
          s.i64(events + 128, 14).i64(events + 136, BADF | 2L << 16);
        });
    on(
        "poll_oneoff: clocks",
        s -> {
          ByteBuffer in = subscriptions(3);
          clock(in, 1, 1, 2_000_000, 0);
          clock(in, 2, 0, 3_600_000_000_000L, 0);
          clock(in, 3, 1, -1, 1);
          int events = s.alloc(96);
          int n = s.alloc(4);
          s.call(0, "poll_oneoff", s.bytes(in.array()), events, 3, n);
          s.i32(n, 1).i64(events, 1).i64(events + 8, 0);
          ByteBuffer past = subscriptions(2);
          clock(past, 4, 0, 5, 1);
          clock(past, 5, 3, 0, 0);
          int old = s.alloc(64);
          int m = s.alloc(4);
          s.call(0, "poll_oneoff", s.bytes(past.array()), old, 2, m);
          s.i32(m, 2).i64(old, 4).i64(old + 32, 5);
        });
    on(
        "poll_oneoff: wrong arguments",
        s -> {
          ByteBuffer type = subscriptions(1);
          handle(type, 1, 3, 0);
          int events = s.alloc(32);
          int n = s.alloc(4);
          s.call(INVAL, "poll_oneoff", s.bytes(type.array()), events, 1, n);
          ByteBuffer id = subscriptions(1);
          clock(id, 1, 4, 0, 0);
          s.call(INVAL, "poll_oneoff", s.bytes(id.array()), events, 1, n);
          ByteBuffer flags = subscriptions(1);
          clock(flags, 1, 0, 0, 2);
          s.call(INVAL, "poll_oneoff", s.bytes(flags.array()), events, 1, n);
          s.call(INVAL, "poll_oneoff", 0, events, 0, n);
          s.call(INVAL, "poll_oneoff", 0, events, -1, n);
          s.call(TRAPS, "poll_oneoff", END - 47, events, 1, n);
          s.call(TRAPS, "poll_oneoff", 0, END - 31, 1, n);
          s.call(TRAPS, "poll_oneoff", 0, events, 1, END - 3);
        });
    on(
        "poll_oneoff: standard input",
        s -> {
          ByteBuffer in = subscriptions(2);
          handle(in, 1, 1, 0);
          clock(in, 2, 1, 3_600_000_000_000L, 0);
          int events = s.alloc(64);
          int n = s.alloc(4);
          s.call(0, "poll_oneoff", s.bytes(in.array()), events, 2, n);
          s.i32(n, 1).i64(events, 1);
          s.look(m -> assertEquals(0, m.getShort(events + 8)));
        });
  }
}

package dev.capsule.wasi.p1;

import static dev.capsule.wasi.p1.Errno.BADF;
import static dev.capsule.wasi.p1.Errno.FBIG;
import static dev.capsule.wasi.p1.Errno.INVAL;
import static dev.capsule.wasi.p1.Errno.ISDIR;
import static dev.capsule.wasi.p1.Errno.NAMETOOLONG;
import static dev.capsule.wasi.p1.Errno.NOTCAPABLE;
import static dev.capsule.wasi.p1.Errno.NOTDIR;
import static dev.capsule.wasi.p1.Errno.NOTSUP;
import static dev.capsule.wasi.p1.Errno.OVERFLOW;
import static dev.capsule.wasi.p1.Errno.SPIPE;
import static dev.capsule.wasi.p1.Script.APPEND;
import static dev.capsule.wasi.p1.Script.CREAT;
import static dev.capsule.wasi.p1.Script.NONBLOCK;
import static dev.capsule.wasi.p1.Script.ROOT;
import static dev.capsule.wasi.p1.Script.RW;
import static dev.capsule.wasi.p1.Script.TRAPS;
import static dev.capsule.wasi.p1.Script.TRUNC;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.capsule.wasi.p1.Script.Load;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/** What the functions on handles do: success, each error, boundaries. */
final class FileScenarios {
  /** No handle ever has this number. */
  static final int NONE = 77;

  private static final int END = Script.MEMORY;
  private final Map<String, Consumer<Script>> all = new LinkedHashMap<>();

  static Map<String, Consumer<Script>> all() {
    FileScenarios scenarios = new FileScenarios();
    scenarios.advice();
    scenarios.closing();
    scenarios.stats();
    scenarios.flagsAndRights();
    scenarios.sizes();
    scenarios.times();
    scenarios.largeFiles();
    scenarios.reading();
    scenarios.writing();
    scenarios.positions();
    scenarios.preopens();
    scenarios.directories();
    return scenarios.all;
  }

  private void on(String name, Consumer<Script> scenario) {
    all.put(name, scenario);
  }

  private void advice() {
    on(
        "fd_advise",
        s -> {
          Load fd = s.open("hello.txt");
          for (int advice = 0; advice <= 5; advice++) {
            s.call(0, "fd_advise", fd, 0L, 5L, advice);
          }
          s.call(INVAL, "fd_advise", fd, 0L, 5L, 6);
          s.call(INVAL, "fd_advise", fd, 0L, 5L, -1);
          s.call(INVAL, "fd_advise", fd, -1L, 5L, 0);
          s.call(INVAL, "fd_advise", fd, Long.MAX_VALUE, 5L, 0);
          s.call(BADF, "fd_advise", ROOT, 0L, 5L, 0);
          s.call(SPIPE, "fd_advise", 0, 0L, 5L, 0);
          s.call(BADF, "fd_advise", NONE, 0L, 5L, 0);
        });
    on(
        "fd_allocate",
        s -> {
          Load fd = s.open("hello.txt");
          s.call(0, "fd_allocate", fd, 3L, 2L);
          s.i64(s.stat("hello.txt") + 32, 11);
          s.call(0, "fd_allocate", fd, 10L, 90L);
          s.i64(s.stat("hello.txt") + 32, 100);
          s.call(INVAL, "fd_allocate", fd, 0L, 0L);
          s.call(FBIG, "fd_allocate", fd, Long.MAX_VALUE, 2L);
          s.call(FBIG, "fd_allocate", fd, -1L, 2L);
          Load readOnly = s.open("hello.txt", 0, Rights.FD_READ, 0);
          s.call(BADF, "fd_allocate", readOnly, 0L, 200L);
          s.call(BADF, "fd_allocate", ROOT, 0L, 200L);
          s.call(SPIPE, "fd_allocate", 1, 0L, 200L);
          s.call(BADF, "fd_allocate", NONE, 0L, 200L);
        });
  }

  private void closing() {
    on(
        "fd_close",
        s -> {
          Load fd = s.open("hello.txt");
          s.call(0, "fd_close", fd);
          s.call(BADF, "fd_close", fd);
          s.call(BADF, "fd_close", NONE);
          s.call(BADF, "fd_close", -1);
          s.call(0, "fd_close", 0);
          s.call(BADF, "fd_read", 0, s.iov(0, 4), 16);
          s.call(0, "fd_close", ROOT);
          s.call(BADF, "path_create_directory", ROOT, s.str("x"));
        });
    on(
        "fd_close: the lowest number is given again",
        s -> {
          Load first = s.open("hello.txt");
          Load second = s.open("hello.txt");
          s.call(0, "fd_close", first);
          Load third = s.open("hello.txt");
          s.i32(second.address(), 6).i32(third.address(), 5);
        });
    on(
        "fd_renumber",
        s -> {
          Load from = s.open("hello.txt");
          Load to = s.open("dir/inner.txt");
          s.call(0, "fd_renumber", from, to);
          s.call(BADF, "fd_close", from);
          int buffer = s.alloc(16);
          s.call(0, "fd_read", to, s.iov(buffer, 5), s.alloc(4));
          s.text(buffer, "hello");
          s.call(0, "fd_renumber", to, to);
          s.call(BADF, "fd_renumber", to, from);
          s.call(BADF, "fd_renumber", NONE, to);
          s.call(BADF, "fd_renumber", to, NONE);
          s.call(BADF, "fd_renumber", to, -1);
          s.call(0, "fd_renumber", to, ROOT);
          s.call(NOTDIR, "path_create_directory", ROOT, s.str("x"));
          s.call(BADF, "fd_prestat_get", ROOT, 0);
        });
  }

  private void stats() {
    on(
        "fd_fdstat_get",
        s -> {
          int root = s.alloc(24);
          s.call(0, "fd_fdstat_get", ROOT, root);
          s.i8(root, 3).i64(root + 8, Rights.DIRECTORY);
          s.i64(root + 16, Rights.DIRECTORY | Rights.FILE);
          Load fd = s.open("hello.txt", 0, Rights.FD_READ, APPEND);
          int file = s.alloc(24);
          s.call(0, "fd_fdstat_get", fd, file);
          s.i8(file, 4).i8(file + 2, APPEND);
          s.look(m -> assertEquals(0, m.getLong(file + 8) & Rights.FD_WRITE));
          s.look(m -> assertNotEquals(0, m.getLong(file + 8) & Rights.FD_READ));
          int stdin = s.alloc(24);
          s.call(0, "fd_fdstat_get", 0, stdin);
          s.look(m -> assertEquals(Rights.FD_READ, m.getLong(stdin + 8) & (RW)));
          int stdout = s.alloc(24);
          s.call(0, "fd_fdstat_get", 1, stdout);
          s.look(m -> assertEquals(Rights.FD_WRITE, m.getLong(stdout + 8) & (RW)));
          s.call(BADF, "fd_fdstat_get", NONE, root);
          s.call(TRAPS, "fd_fdstat_get", ROOT, END - 23);
          s.call(0, "fd_fdstat_get", ROOT, END - 24);
        });
    on(
        "fd_filestat_get",
        s -> {
          Load fd = s.open("hello.txt");
          int stat = s.alloc(64);
          s.call(0, "fd_filestat_get", fd, stat);
          s.i8(stat + 16, 4).i64(stat + 24, 1).i64(stat + 32, 11);
          int byPath = s.stat("hello.txt");
          s.look(m -> assertEquals(m.getLong(stat), m.getLong(byPath), "device"));
          s.look(m -> assertEquals(m.getLong(stat + 8), m.getLong(byPath + 8), "inode"));
          int root = s.alloc(64);
          s.call(0, "fd_filestat_get", ROOT, root);
          s.i8(root + 16, 3);
          s.call(0, "fd_filestat_get", 1, s.alloc(64));
          s.call(BADF, "fd_filestat_get", NONE, stat);
          s.call(TRAPS, "fd_filestat_get", fd, END - 63);
        });
    on(
        "fd_filestat_get: after a rename and after removal",
        s -> {
          Load fd = s.open("hello.txt");
          int before = s.alloc(64);
          s.call(0, "fd_filestat_get", fd, before);
          s.call(0, "path_rename", ROOT, s.str("hello.txt"), ROOT, s.str("dir/new.txt"));
          s.call(0, "fd_write", fd, s.ciov("longer than before"), s.alloc(4));
          int moved = s.alloc(64);
          s.call(0, "fd_filestat_get", fd, moved);
          s.i64(moved + 32, 18);
          s.look(m -> assertEquals(m.getLong(before + 8), m.getLong(moved + 8)));
          s.call(0, "path_unlink_file", ROOT, s.str("dir/new.txt"));
          s.call(0, "fd_write", fd, s.ciov("!!"), s.alloc(4));
          int removed = s.alloc(64);
          s.call(0, "fd_filestat_get", fd, removed);
          s.i64(removed + 32, 20);
          int buffer = s.alloc(8);
          s.call(0, "fd_pread", fd, s.iov(buffer, 6), 0L, s.alloc(4));
          s.text(buffer, "longer");
        });
  }

  private void flagsAndRights() {
    on(
        "fd_fdstat_set_flags",
        s -> {
          s.file("log", "ab");
          Load fd = s.open("log", 0, RW, APPEND);
          s.call(0, "fd_write", fd, s.ciov("cd"), s.alloc(4));
          s.call(0, "fd_fdstat_set_flags", fd, 0);
          s.call(0, "fd_seek", fd, 0L, 0, s.alloc(8));
          s.call(0, "fd_write", fd, s.ciov("X"), s.alloc(4));
          s.call(0, "fd_fdstat_set_flags", fd, APPEND | NONBLOCK);
          s.call(0, "fd_write", fd, s.ciov("ef"), s.alloc(4));
          int buffer = s.alloc(8);
          s.call(0, "fd_pread", fd, s.iov(buffer, 8), 0L, s.alloc(4));
          s.text(buffer, "Xbcdef");
          s.call(NOTSUP, "fd_fdstat_set_flags", fd, 16);
          s.call(INVAL, "fd_fdstat_set_flags", fd, 32);
          s.call(BADF, "fd_fdstat_set_flags", NONE, 0);
        });
    on(
        "fd_fdstat_set_rights",
        s -> {
          Load fd = s.open("hello.txt");
          s.call(0, "fd_fdstat_set_rights", fd, Rights.FD_SEEK | Rights.FD_TELL, 0L);
          s.call(NOTCAPABLE, "fd_read", fd, s.iov(0, 4), 16);
          s.call(NOTCAPABLE, "fd_write", fd, s.ciov("x"), 16);
          s.call(0, "fd_tell", fd, s.alloc(8));
          s.call(NOTCAPABLE, "fd_fdstat_set_rights", fd, Rights.FD_READ, 0L);
          int stat = s.alloc(24);
          s.call(0, "fd_fdstat_get", fd, stat);
          s.i64(stat + 8, Rights.FD_SEEK | Rights.FD_TELL);
          s.call(BADF, "fd_fdstat_set_rights", NONE, 0L, 0L);
        });
    on(
        "fd_fdstat_set_rights: of a directory, for it and what is opened through it",
        s -> {
          long base = Rights.DIRECTORY & ~Rights.PATH_FILESTAT_SET_SIZE;
          long inheriting = (Rights.DIRECTORY | Rights.FILE) & ~Rights.FD_WRITE;
          s.call(0, "fd_fdstat_set_rights", ROOT, base, inheriting);
          s.call(NOTCAPABLE, "path_open", ROOT, 0, s.str("hello.txt"), TRUNC, 0L, 0L, 0, 16);
          Load fd = s.open("hello.txt");
          s.call(NOTCAPABLE, "fd_write", fd, s.ciov("x"), 16);
          s.call(0, "fd_read", fd, s.iov(64, 4), 16);
        });
  }

  private void sizes() {
    on(
        "fd_filestat_set_size",
        s -> {
          Load fd = s.open("hello.txt");
          s.call(0, "fd_filestat_set_size", fd, 5L);
          s.i64(s.stat("hello.txt") + 32, 5);
          s.call(0, "fd_filestat_set_size", fd, 9L);
          int buffer = s.bytes("????????????".getBytes(StandardCharsets.UTF_8));
          s.call(0, "fd_pread", fd, s.iov(buffer, 12), 0L, s.alloc(4));
          s.text(buffer, "hello\0\0\0\0???");
          s.call(FBIG, "fd_filestat_set_size", fd, -1L);
          Load readOnly = s.open("hello.txt", 0, Rights.FD_READ, 0);
          s.call(BADF, "fd_filestat_set_size", readOnly, 0L);
          s.call(BADF, "fd_filestat_set_size", ROOT, 0L);
          s.call(INVAL, "fd_filestat_set_size", 1, 0L);
          s.call(BADF, "fd_filestat_set_size", NONE, 0L);
        });
    on(
        "fd_sync",
        s -> {
          s.call(0, "fd_sync", s.open("hello.txt"));
          s.call(0, "fd_sync", ROOT);
          s.call(0, "fd_sync", s.open("hello.txt", 0, Rights.FD_READ, 0));
          s.call(0, "fd_sync", 1);
          s.call(INVAL, "fd_sync", 0);
          s.call(BADF, "fd_sync", -1);
          s.call(BADF, "fd_sync", NONE);
        });
    on(
        "fd_datasync",
        s -> {
          s.call(0, "fd_datasync", s.open("hello.txt"));
          s.call(0, "fd_datasync", s.open("hello.txt", 0, Rights.FD_READ, 0));
          s.call(0, "fd_datasync", ROOT);
          s.call(0, "fd_datasync", 1);
          s.call(INVAL, "fd_datasync", 0);
          s.call(BADF, "fd_datasync", NONE);
        });
  }

  /** Beyond what 32 bits count; the files are sparse. */
  private void largeFiles() {
    on(
        "fd_seek: in a file of 5 GiB",
        s -> {
          long end = 5L << 30;
          Load fd = s.open("large", CREAT, RW, 0);
          int at = s.alloc(8);
          s.call(0, "fd_seek", fd, end - 3, 0, at).i64(at, end - 3);
          int n = s.alloc(4);
          s.call(0, "fd_write", fd, s.ciov("end"), n).i32(n, 3);
          s.i64(s.stat("large") + 32, end);
          int last = s.alloc(8);
          s.call(0, "fd_seek", fd, -5L, 2, last).i64(last, end - 5);
          int buffer = s.alloc(8);
          int got = s.alloc(4);
          s.call(0, "fd_read", fd, s.iov(buffer, 8), got).i32(got, 5).text(buffer, "\0\0end");
          s.call(0, "fd_pwrite", fd, s.ciov("x"), 2 * end, s.alloc(4));
          int tell = s.alloc(8);
          s.call(0, "fd_tell", fd, tell).i64(tell, end);
          s.call(0, "fd_allocate", fd, 2 * end, 100L);
          s.i64(s.stat("large") + 32, 2 * end + 100);
          s.call(0, "fd_advise", fd, end, end, 4);
          ByteBuffer in = ByteBuffer.allocate(48).order(ByteOrder.LITTLE_ENDIAN);
          in.putLong(1).putLong(1).putInt(5);
          int events = s.alloc(32);
          s.call(0, "poll_oneoff", s.bytes(in.array()), events, 1, s.alloc(4));
          s.i64(events + 16, end + 100);
          s.call(0, "fd_filestat_set_size", fd, end);
          s.i64(s.stat("large") + 32, end);
        });
  }

  private void times() {
    on(
        "fd_filestat_set_times",
        s -> {
          Load fd = s.open("hello.txt");
          s.call(0, "fd_filestat_set_times", fd, 1_000_000_123L, 2_000_000_456L, 1 | 4);
          int stat = s.alloc(64);
          s.call(0, "fd_filestat_get", fd, stat);
          s.i64(stat + 40, 1_000_000_123L).i64(stat + 48, 2_000_000_456L);
          s.call(0, "fd_filestat_set_times", fd, 0L, 0L, 2 | 8);
          int now = s.alloc(64);
          s.call(0, "fd_filestat_get", fd, now);
          s.look(m -> assertNotEquals(2_000_000_456L, m.getLong(now + 48)));
          s.call(INVAL, "fd_filestat_set_times", fd, 0L, 0L, 1 | 2);
          s.call(INVAL, "fd_filestat_set_times", fd, 0L, 0L, 4 | 8);
          s.call(INVAL, "fd_filestat_set_times", fd, 0L, 0L, 16);
          s.call(0, "fd_filestat_set_times", ROOT, 1_000_000_000L, 1_000_000_000L, 1 | 4);
          s.call(NOTSUP, "fd_filestat_set_times", 1, 0L, 0L, 1);
          s.call(BADF, "fd_filestat_set_times", NONE, 0L, 0L, 1);
        });
  }

  private void reading() {
    on(
        "fd_read",
        s -> {
          Load fd = s.open("hello.txt");
          int a = s.alloc(16);
          int n = s.alloc(4);
          s.call(0, "fd_read", fd, s.iov(a, 5), n);
          s.i32(n, 5).text(a, "hello");
          int b = s.alloc(16);
          int rest = s.alloc(4);
          s.call(0, "fd_read", fd, s.iov(b, 100), rest);
          s.i32(rest, 6).text(b, " world");
          int end = s.bytes(new byte[] {9, 9, 9, 9});
          s.call(0, "fd_read", fd, s.iov(b, 100), end);
          s.i32(end, 0);
          s.call(0, "fd_read", fd, 0, 0, n + 4);
          Load writeOnly = s.open("hello.txt", 0, Rights.FD_WRITE, 0);
          s.call(BADF, "fd_read", writeOnly, s.iov(a, 5), n + 4);
          s.call(BADF, "fd_read", writeOnly, 0, 0, n + 4);
          s.call(ISDIR, "fd_read", ROOT, s.iov(a, 5), n + 4);
          s.call(BADF, "fd_read", 1, s.iov(a, 5), n + 4);
          s.call(BADF, "fd_read", NONE, s.iov(a, 5), n + 4);
        });
    on(
        "fd_read: vectors",
        s -> {
          Load fd = s.open("hello.txt");
          int a = s.alloc(16);
          int n = s.alloc(4);
          ByteBuffer v = ByteBuffer.allocate(24).order(ByteOrder.LITTLE_ENDIAN);
          v.putInt(a + 8).putInt(3).putInt(0).putInt(0).putInt(a).putInt(4);
          s.call(0, "fd_read", fd, s.bytes(v.array()), 3, n);
          s.i32(n, 7).text(a + 8, "hel").text(a, "lo w");
          s.call(TRAPS, "fd_read", fd, s.iov(END - 3, 4), n + 4);
          s.call(TRAPS, "fd_read", fd, s.iov(-1, 4), n + 4);
          s.call(TRAPS, "fd_read", fd, s.iov(8, -1), n + 4);
          s.call(TRAPS, "fd_read", fd, END - 4, 1, n + 4);
          s.call(TRAPS, "fd_read", fd, s.iov(8, 1), END - 3);
          s.call(INVAL, "fd_read", fd, 0, 1025, n + 4);
          s.call(INVAL, "fd_read", fd, 0, -1, n + 4);
          int after = s.alloc(8);
          s.call(0, "fd_tell", fd, after);
          s.i64(after, 7);
        });
    on(
        "fd_read: standard input",
        s -> {
          int a = s.alloc(16);
          int n = s.alloc(4);
          s.call(0, "fd_read", 0, s.iov(a, 3), n);
          s.i32(n, 3).text(a, "inp");
          int m = s.alloc(4);
          s.call(0, "fd_read", 0, s.iov(a + 4, 12), m);
          s.i32(m, 2).text(a + 4, "ut");
          int end = s.bytes(new byte[] {9, 9, 9, 9});
          s.call(0, "fd_read", 0, s.iov(a, 3), end);
          s.i32(end, 0);
        });
    on(
        "fd_pread",
        s -> {
          Load fd = s.open("hello.txt");
          int a = s.alloc(16);
          int n = s.alloc(4);
          s.call(0, "fd_pread", fd, s.iov(a, 5), 6L, n);
          s.i32(n, 5).text(a, "world");
          int none = s.bytes(new byte[] {9, 9, 9, 9});
          s.call(0, "fd_pread", fd, s.iov(a, 5), 11L, none);
          s.call(0, "fd_pread", fd, s.iov(a, 5), Long.MAX_VALUE, none);
          s.i32(none, 0);
          int position = s.alloc(8);
          s.call(0, "fd_tell", fd, position);
          s.i64(position, 0);
          s.call(INVAL, "fd_pread", fd, s.iov(a, 5), -1L, n + 4);
          s.call(ISDIR, "fd_pread", ROOT, s.iov(a, 5), 0L, n + 4);
          s.call(SPIPE, "fd_pread", 0, s.iov(a, 5), 0L, n + 4);
          s.call(BADF, "fd_pread", NONE, s.iov(a, 5), 0L, n + 4);
          Load writeOnly = s.open("hello.txt", 0, Rights.FD_WRITE, 0);
          s.call(BADF, "fd_pread", writeOnly, s.iov(a, 5), 0L, n + 4);
          s.call(TRAPS, "fd_pread", fd, s.iov(END, 1), 0L, n + 4);
        });
  }

  private void writing() {
    on(
        "fd_write",
        s -> {
          Load fd = s.open("new.txt", CREAT, RW, 0);
          int n = s.alloc(4);
          s.call(0, "fd_write", fd, s.ciov("one ", "", "two"), n);
          s.i32(n, 7).i64(s.stat("new.txt") + 32, 7);
          int zero = s.bytes(new byte[] {9, 9, 9, 9});
          s.call(0, "fd_write", fd, 0, 0, zero);
          s.i32(zero, 0);
          Load readOnly = s.open("new.txt", 0, Rights.FD_READ, 0);
          s.call(BADF, "fd_write", readOnly, s.ciov("x"), n + 4);
          s.call(BADF, "fd_write", ROOT, s.ciov("x"), n + 4);
          s.call(BADF, "fd_write", 0, s.ciov("x"), n + 4);
          s.call(BADF, "fd_write", NONE, s.ciov("x"), n + 4);
          s.call(TRAPS, "fd_write", fd, s.iov(END - 3, 4), n + 4);
          s.call(INVAL, "fd_write", fd, 0, 1025, n + 4);
          s.call(0, "fd_seek", fd, Long.MAX_VALUE, 0, s.alloc(8));
          s.call(FBIG, "fd_write", fd, s.ciov("x"), n + 4);
        });
    on(
        "fd_write: appends",
        s -> {
          Load fd = s.open("hello.txt", 0, RW, APPEND);
          s.call(0, "fd_write", fd, s.ciov("!"), s.alloc(4));
          int position = s.alloc(8);
          s.call(0, "fd_tell", fd, position);
          s.i64(position, 12).i64(s.stat("hello.txt") + 32, 12);
          s.call(0, "fd_pwrite", fd, s.ciov("J"), 0L, s.alloc(4));
          s.i64(s.stat("hello.txt") + 32, 12);
          int buffer = s.alloc(16);
          s.call(0, "fd_pread", fd, s.iov(buffer, 12), 0L, s.alloc(4));
          s.text(buffer, "Jello world!");
        });
    on(
        "fd_pwrite",
        s -> {
          Load fd = s.open("hello.txt");
          int n = s.alloc(4);
          s.call(0, "fd_pwrite", fd, s.ciov("W", "ORLD!"), 6L, n);
          s.i32(n, 6);
          s.call(0, "fd_pwrite", fd, s.ciov("end"), 14L, n + 4);
          int buffer = s.alloc(32);
          s.call(0, "fd_read", fd, s.iov(buffer, 32), n + 4);
          s.text(buffer, "hello WORLD!\0\0end");
          s.call(INVAL, "fd_pwrite", fd, s.ciov("x"), -1L, n + 4);
          s.call(FBIG, "fd_pwrite", fd, s.ciov("xx"), Long.MAX_VALUE, n + 4);
          s.call(SPIPE, "fd_pwrite", 1, s.ciov("x"), 0L, n + 4);
          s.call(BADF, "fd_pwrite", ROOT, s.ciov("x"), 0L, n + 4);
          s.call(BADF, "fd_pwrite", NONE, s.ciov("x"), 0L, n + 4);
          Load readOnly = s.open("hello.txt", 0, Rights.FD_READ, 0);
          s.call(BADF, "fd_pwrite", readOnly, s.ciov("x"), 0L, n + 4);
        });
  }

  private void positions() {
    on(
        "fd_seek",
        s -> {
          Load fd = s.open("hello.txt");
          int a = s.alloc(8);
          s.call(0, "fd_seek", fd, 4L, 0, a);
          int b = s.alloc(8);
          s.call(0, "fd_seek", fd, -1L, 1, b);
          int c = s.alloc(8);
          s.call(0, "fd_seek", fd, -2L, 2, c);
          int d = s.alloc(8);
          s.call(0, "fd_seek", fd, 1000L, 2, d);
          s.i64(a, 4).i64(b, 3).i64(c, 9).i64(d, 1011);
          s.call(INVAL, "fd_seek", fd, -1L, 0, s.alloc(8));
          s.call(INVAL, "fd_seek", fd, -12L, 2, s.alloc(8));
          s.call(OVERFLOW, "fd_seek", fd, Long.MAX_VALUE, 1, s.alloc(8));
          s.call(INVAL, "fd_seek", fd, 0L, 3, s.alloc(8));
          s.call(INVAL, "fd_seek", fd, 0L, -1, s.alloc(8));
          s.call(BADF, "fd_seek", ROOT, 0L, 0, s.alloc(8));
          s.call(SPIPE, "fd_seek", 1, 0L, 0, s.alloc(8));
          s.call(BADF, "fd_seek", NONE, 0L, 0, s.alloc(8));
          s.call(TRAPS, "fd_seek", fd, 0L, 0, END - 7);
          int unmoved = s.alloc(8);
          s.call(0, "fd_tell", fd, unmoved);
          s.i64(unmoved, 1011);
        });
    on(
        "fd_tell",
        s -> {
          Load fd = s.open("hello.txt");
          s.call(0, "fd_read", fd, s.iov(s.alloc(8), 3), s.alloc(4));
          int at = s.alloc(8);
          s.call(0, "fd_tell", fd, at);
          s.i64(at, 3);
          s.call(BADF, "fd_tell", ROOT, at + 8);
          s.call(SPIPE, "fd_tell", 0, at + 8);
          s.call(BADF, "fd_tell", NONE, at + 8);
          s.call(TRAPS, "fd_tell", fd, END);
        });
  }

  private void preopens() {
    on(
        "fd_prestat_get",
        s -> {
          int at = s.bytes(new byte[] {9, 9, 9, 9, 9, 9, 9, 9});
          s.call(0, "fd_prestat_get", ROOT, at);
          s.i32(at, 0).i32(at + 4, 5);
          s.call(BADF, "fd_prestat_get", NONE, at + 8);
          s.call(BADF, "fd_prestat_get", 0, at + 8);
          s.call(BADF, "fd_prestat_get", s.openDirectory("dir"), at + 8);
          s.call(TRAPS, "fd_prestat_get", ROOT, END - 7);
        });
    on(
        "fd_prestat_dir_name",
        s -> {
          int at = s.alloc(16);
          s.call(0, "fd_prestat_dir_name", ROOT, at, 5);
          s.text(at, "/data");
          s.call(0, "fd_prestat_dir_name", ROOT, at, 6);
          s.call(NAMETOOLONG, "fd_prestat_dir_name", ROOT, at, 4);
          s.call(NAMETOOLONG, "fd_prestat_dir_name", ROOT, at, 0);
          s.call(BADF, "fd_prestat_dir_name", NONE, at, 5);
          s.call(BADF, "fd_prestat_dir_name", 1, at, 5);
          s.call(TRAPS, "fd_prestat_dir_name", ROOT, END - 4, 5);
        });
  }

  private void directories() {
    on(
        "fd_readdir",
        s -> {
          int buffer = s.alloc(256);
          int n = s.alloc(4);
          s.call(0, "fd_readdir", ROOT, buffer, 256, 0L, n);
          s.look(
              m ->
                  assertEquals(
                      Set.of(".:3", "..:3", "dir:3", "hello.txt:4"),
                      names(m, buffer, m.getInt(n))));
          s.call(NOTDIR, "fd_readdir", s.open("hello.txt"), buffer, 256, 0L, n + 4);
          s.call(BADF, "fd_readdir", 0, buffer, 256, 0L, n + 4);
          s.call(BADF, "fd_readdir", NONE, buffer, 256, 0L, n + 4);
          s.call(TRAPS, "fd_readdir", ROOT, END - 255, 256, 0L, n + 4);
          int past = s.bytes(new byte[] {9, 9, 9, 9});
          s.call(0, "fd_readdir", ROOT, buffer, 0, 0L, past);
          s.call(0, "fd_readdir", ROOT, buffer, 256, 99L, past);
          s.call(0, "fd_readdir", ROOT, buffer, 256, -1L, past);
          s.i32(past, 0);
        });
    on(
        "fd_readdir: fills a short buffer and goes on from a cookie",
        s -> {
          int buffer = s.alloc(64);
          int n = s.alloc(4);
          s.call(0, "fd_readdir", ROOT, buffer, 60, 0L, n);
          // "." and "..", and the first bytes of the third entry.
          s.i32(n, 60).i64(buffer, 1).i64(buffer + 25, 2).i64(buffer + 51, 3);
          int rest = s.alloc(128);
          int m = s.alloc(4);
          s.call(0, "fd_readdir", ROOT, rest, 128, 2L, m);
          s.look(x -> assertEquals(Set.of("dir:3", "hello.txt:4"), names(x, rest, x.getInt(m))));
        });
    on(
        "fd_readdir: cookies hold while the directory changes",
        s -> {
          for (String name : new String[] {"a", "b", "c"}) {
            s.file("dir/" + name, "");
          }
          Load dir = s.openDirectory("dir");
          int first = s.alloc(128);
          s.call(0, "fd_readdir", dir, first, 76, 0L, s.alloc(4));
          // Three entries have been seen: ".", ".." and "a".
          s.call(0, "path_unlink_file", ROOT, s.str("dir/a"));
          s.call(0, "path_unlink_file", ROOT, s.str("dir/b"));
          s.file("dir/aa", "");
          int rest = s.alloc(128);
          int n = s.alloc(4);
          s.call(0, "fd_readdir", dir, rest, 128, 3L, n);
          s.look(m -> assertEquals(Set.of("c:4", "inner.txt:4"), names(m, rest, m.getInt(n))));
          int again = s.alloc(256);
          int all = s.alloc(4);
          s.call(0, "fd_readdir", dir, again, 256, 0L, all);
          s.look(
              m ->
                  assertEquals(
                      Set.of(".:3", "..:3", "aa:4", "c:4", "inner.txt:4"),
                      names(m, again, m.getInt(all))));
        });
  }

  /** The names in a buffer filled by fd_readdir, each with its type. */
  static Set<String> names(ByteBuffer memory, int buffer, int length) {
    Set<String> names = new TreeSet<>();
    int at = buffer;
    while (at + 24 <= buffer + length) {
      int size = memory.getInt(at + 16);
      byte[] name = new byte[size];
      memory.get(at + 24, name);
      names.add(new String(name, StandardCharsets.UTF_8) + ":" + memory.get(at + 20));
      at += 24 + size;
    }
    return names;
  }
}

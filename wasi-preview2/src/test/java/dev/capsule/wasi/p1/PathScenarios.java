package dev.capsule.wasi.p1;

import static dev.capsule.wasi.p1.Errno.BADF;
import static dev.capsule.wasi.p1.Errno.BUSY;
import static dev.capsule.wasi.p1.Errno.EXIST;
import static dev.capsule.wasi.p1.Errno.ILSEQ;
import static dev.capsule.wasi.p1.Errno.INVAL;
import static dev.capsule.wasi.p1.Errno.ISDIR;
import static dev.capsule.wasi.p1.Errno.LOOP;
import static dev.capsule.wasi.p1.Errno.NAMETOOLONG;
import static dev.capsule.wasi.p1.Errno.NOENT;
import static dev.capsule.wasi.p1.Errno.NOTDIR;
import static dev.capsule.wasi.p1.Errno.NOTEMPTY;
import static dev.capsule.wasi.p1.Errno.PERM;
import static dev.capsule.wasi.p1.FileScenarios.NONE;
import static dev.capsule.wasi.p1.Script.CREAT;
import static dev.capsule.wasi.p1.Script.DIRECTORY;
import static dev.capsule.wasi.p1.Script.EXCL;
import static dev.capsule.wasi.p1.Script.FOLLOW;
import static dev.capsule.wasi.p1.Script.ROOT;
import static dev.capsule.wasi.p1.Script.RW;
import static dev.capsule.wasi.p1.Script.TRAPS;
import static dev.capsule.wasi.p1.Script.TRUNC;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.capsule.wasi.p1.Script.Load;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/** What the functions on paths do: success, each error, boundaries. */
final class PathScenarios {
  private static final int END = Script.MEMORY;
  private static final int RO = 4;
  private final Map<String, Consumer<Script>> all = new LinkedHashMap<>();

  static Map<String, Consumer<Script>> all() {
    PathScenarios scenarios = new PathScenarios();
    scenarios.opening();
    scenarios.openingLinks();
    scenarios.directories();
    scenarios.stats();
    scenarios.links();
    scenarios.renaming();
    scenarios.removing();
    scenarios.paths();
    scenarios.readOnly();
    return scenarios.all;
  }

  private void on(String name, Consumer<Script> scenario) {
    all.put(name, scenario);
  }

  private static void open(Script s, int errno, String path, int oflags, long rights) {
    s.call(errno, "path_open", ROOT, 0, s.str(path), oflags, rights, 0L, 0, s.alloc(4));
  }

  private static void openFollowing(Script s, int errno, String path, int oflags) {
    s.call(
        errno, "path_open", ROOT, FOLLOW, s.str(path), oflags, Rights.FD_READ, 0L, 0, s.alloc(4));
  }

  private static Script symlink(Script s, String target, String path) {
    return s.call(0, "path_symlink", s.str(target), ROOT, s.str(path));
  }

  private void opening() {
    on(
        "path_open",
        s -> {
          open(s, 0, "hello.txt", 0, Rights.FD_READ);
          open(s, 0, "hello.txt", CREAT, RW);
          open(s, 0, "dir", 0, Rights.FD_READ);
          open(s, 0, "dir", DIRECTORY, 0);
          open(s, 0, "dir/", 0, 0);
          open(s, 0, ".", 0, 0);
          open(s, 0, "dir/.", DIRECTORY, Rights.FD_READ);
          open(s, 0, "dir/..", DIRECTORY, Rights.FD_READ);
          open(s, NOENT, "missing", 0, Rights.FD_READ);
          open(s, NOENT, "missing/x", 0, Rights.FD_READ);
          open(s, NOENT, "", 0, Rights.FD_READ);
          open(s, NOTDIR, "hello.txt/x", 0, Rights.FD_READ);
          open(s, NOTDIR, "hello.txt/", 0, Rights.FD_READ);
          open(s, NOTDIR, "hello.txt///", 0, Rights.FD_READ);
          open(s, NOTDIR, "hello.txt/.", 0, Rights.FD_READ);
          open(s, NOTDIR, "hello.txt", DIRECTORY, Rights.FD_READ);
          open(s, ISDIR, "dir", 0, RW);
          open(s, ISDIR, "dir", DIRECTORY, RW);
          open(s, ISDIR, ".", DIRECTORY, RW);
          open(s, ISDIR, "dir", TRUNC, Rights.FD_READ);
          open(s, EXIST, "hello.txt", CREAT | EXCL, RW);
          open(s, EXIST, "dir", CREAT | EXCL, RW);
          open(s, 0, "fresh", CREAT | EXCL, RW);
          open(s, INVAL, "other", CREAT | DIRECTORY, Rights.FD_READ);
          open(s, ISDIR, "other/", CREAT, RW);
          open(s, INVAL, "hello.txt", 16, RW);
          s.call(INVAL, "path_open", ROOT, 2, s.str("a"), 0, 0L, 0L, 0, s.alloc(4));
          s.call(INVAL, "path_open", ROOT, 0, s.str("a"), 0, 0L, 0L, 32, s.alloc(4));
          s.call(BADF, "path_open", NONE, 0, s.str("a"), 0, 0L, 0L, 0, s.alloc(4));
          s.call(NOTDIR, "path_open", 0, 0, s.str("a"), 0, 0L, 0L, 0, s.alloc(4));
          Load file = s.open("hello.txt");
          s.call(NOTDIR, "path_open", file, 0, s.str("a"), 0, 0L, 0L, 0, s.alloc(4));
          s.call(TRAPS, "path_open", ROOT, 0, s.str("hello.txt"), 0, 0L, 0L, 0, END - 3);
          s.call(TRAPS, "path_open", ROOT, 0, END - 1, 2, 0, 0L, 0L, 0, s.alloc(4));
          s.call(TRAPS, "path_open", ROOT, 0, 8, -1, 0, 0L, 0L, 0, s.alloc(4));
        });
    on(
        "path_open: creates, truncates, and keeps what it should",
        s -> {
          open(s, 0, "hello.txt", CREAT, RW);
          s.i64(s.stat("hello.txt") + 32, 11);
          open(s, 0, "hello.txt", TRUNC, RW);
          s.i64(s.stat("hello.txt") + 32, 0);
          open(s, 0, "made", CREAT, Rights.FD_READ);
          s.i8(s.stat("made") + 16, 4);
        });
    on(
        "path_open: without rights reads and writes what can be",
        s -> {
          Load fd = s.open("hello.txt", 0, 0, 0);
          s.call(0, "fd_write", fd, s.ciov("J"), s.alloc(4));
          int buffer = s.alloc(8);
          s.call(0, "fd_read", fd, s.iov(buffer, 4), s.alloc(4));
          s.text(buffer, "ello");
        });
    on(
        "path_open: relative to an opened directory",
        s -> {
          Load dir = s.openDirectory("dir");
          s.call(0, "path_open", dir, 0, s.str("inner.txt"), 0, RW, 0L, 0, s.alloc(4));
          s.call(PERM, "path_open", dir, 0, s.str("../hello.txt"), 0, RW, 0L, 0, s.alloc(4));
          s.call(0, "path_rename", ROOT, s.str("dir"), ROOT, s.str("moved"));
          s.call(0, "path_open", dir, 0, s.str("inner.txt"), 0, RW, 0L, 0, s.alloc(4));
          s.call(0, "path_create_directory", dir, s.str("made"));
          s.i8(s.stat("moved/made") + 16, 3);
        });
  }

  private void openingLinks() {
    on(
        "path_open: symbolic links",
        s -> {
          symlink(s, "hello.txt", "link");
          symlink(s, "dir", "dirlink");
          symlink(s, "nothing", "dangling");
          symlink(s, "loop2", "loop1");
          symlink(s, "loop1", "loop2");
          symlink(s, "self/x", "self");
          symlink(s, "../hello.txt", "dir/up");
          open(s, LOOP, "link", 0, Rights.FD_READ);
          openFollowing(s, 0, "link", 0);
          open(s, LOOP, "dirlink", DIRECTORY, Rights.FD_READ);
          openFollowing(s, 0, "dirlink", DIRECTORY);
          openFollowing(s, NOTDIR, "link", DIRECTORY);
          open(s, 0, "dirlink/", 0, Rights.FD_READ);
          open(s, 0, "dirlink/inner.txt", 0, Rights.FD_READ);
          open(s, NOTDIR, "link/x", 0, Rights.FD_READ);
          openFollowing(s, NOENT, "dangling", 0);
          openFollowing(s, LOOP, "loop1", 0);
          open(s, LOOP, "loop1/x", 0, Rights.FD_READ);
          openFollowing(s, LOOP, "self", 0);
          openFollowing(s, 0, "dir/up", 0);
          open(s, EXIST, "dangling", CREAT | EXCL, RW);
          openFollowing(s, EXIST, "link", CREAT | EXCL);
          openFollowing(s, 0, "dangling", CREAT);
          s.i8(s.stat("nothing") + 16, 4);
        });
    on(
        "path_open: a chain of links has an end",
        s -> {
          symlink(s, "hello.txt", "l0");
          for (int i = 1; i <= 40; i++) {
            symlink(s, "l" + (i - 1), "l" + i);
          }
          openFollowing(s, 0, "l39", 0);
          openFollowing(s, LOOP, "l40", 0);
        });
  }

  private void directories() {
    on(
        "path_create_directory",
        s -> {
          s.call(0, "path_create_directory", ROOT, s.str("new"));
          s.call(0, "path_create_directory", ROOT, s.str("new/sub/"));
          s.i8(s.stat("new/sub") + 16, 3);
          s.call(EXIST, "path_create_directory", ROOT, s.str("new"));
          s.call(EXIST, "path_create_directory", ROOT, s.str("hello.txt"));
          s.call(EXIST, "path_create_directory", ROOT, s.str("."));
          s.call(NOENT, "path_create_directory", ROOT, s.str("no/sub"));
          s.call(NOENT, "path_create_directory", ROOT, s.str(""));
          s.call(NOTDIR, "path_create_directory", ROOT, s.str("hello.txt/sub"));
          s.call(PERM, "path_create_directory", ROOT, s.str("../sub"));
          s.call(PERM, "path_create_directory", ROOT, s.str("/sub"));
          symlink(s, "nowhere", "dangling");
          s.call(EXIST, "path_create_directory", ROOT, s.str("dangling"));
          s.call(BADF, "path_create_directory", NONE, s.str("x"));
          s.call(NOTDIR, "path_create_directory", 1, s.str("x"));
          s.call(TRAPS, "path_create_directory", ROOT, END, 1);
        });
    on(
        "path_remove_directory",
        s -> {
          s.call(0, "path_create_directory", ROOT, s.str("new"));
          s.call(0, "path_remove_directory", ROOT, s.str("new"));
          s.call(NOENT, "path_remove_directory", ROOT, s.str("new"));
          s.call(0, "path_create_directory", ROOT, s.str("new"));
          s.call(0, "path_remove_directory", ROOT, s.str("new/"));
          s.call(NOTEMPTY, "path_remove_directory", ROOT, s.str("dir"));
          s.call(NOTDIR, "path_remove_directory", ROOT, s.str("hello.txt"));
          s.call(NOTDIR, "path_remove_directory", ROOT, s.str("hello.txt/"));
          s.call(INVAL, "path_remove_directory", ROOT, s.str("."));
          s.call(INVAL, "path_remove_directory", ROOT, s.str("dir/."));
          s.call(NOTEMPTY, "path_remove_directory", ROOT, s.str("dir/.."));
          s.call(PERM, "path_remove_directory", ROOT, s.str(".."));
          symlink(s, "dir", "link");
          s.call(NOTDIR, "path_remove_directory", ROOT, s.str("link"));
          s.call(BADF, "path_remove_directory", NONE, s.str("x"));
          s.call(TRAPS, "path_remove_directory", ROOT, END, 1);
          s.call(NOTDIR, "path_remove_directory", 1, s.str("x"));
          s.call(NOENT, "path_remove_directory", ROOT, s.str(""));
        });
    on(
        "path_remove_directory: a removed directory takes no more entries",
        s -> {
          s.call(0, "path_create_directory", ROOT, s.str("new"));
          Load dir = s.openDirectory("new");
          s.call(0, "path_remove_directory", ROOT, s.str("new"));
          s.call(NOENT, "path_create_directory", dir, s.str("x"));
          s.call(NOENT, "path_open", dir, 0, s.str("x"), CREAT, RW, 0L, 0, s.alloc(4));
        });
  }

  private void stats() {
    on(
        "path_filestat_get",
        s -> {
          int file = s.stat("hello.txt");
          s.i8(file + 16, 4).i64(file + 24, 1).i64(file + 32, 11);
          s.i8(s.stat("dir") + 16, 3);
          s.i8(s.stat(".") + 16, 3);
          symlink(s, "hello.txt", "link");
          int link = s.stat("link");
          s.i8(link + 16, 7).i64(link + 32, 9);
          int followed = s.alloc(64);
          s.call(0, "path_filestat_get", ROOT, FOLLOW, s.str("link"), followed);
          s.i8(followed + 16, 4);
          s.look(m -> assertEquals(m.getLong(file + 8), m.getLong(followed + 8)));
          s.look(m -> assertNotEquals(m.getLong(file + 8), m.getLong(link + 8)));
          int at = s.alloc(64);
          s.call(NOENT, "path_filestat_get", ROOT, 0, s.str("missing"), at);
          s.call(NOTDIR, "path_filestat_get", ROOT, 0, s.str("hello.txt/"), at);
          s.call(PERM, "path_filestat_get", ROOT, 0, s.str(".."), at);
          s.call(PERM, "path_filestat_get", ROOT, 0, s.str("/etc"), at);
          s.call(INVAL, "path_filestat_get", ROOT, 2, s.str("dir"), at);
          s.call(BADF, "path_filestat_get", NONE, 0, s.str("dir"), at);
          s.call(TRAPS, "path_filestat_get", ROOT, 0, s.str("dir"), END - 63);
          s.call(TRAPS, "path_filestat_get", ROOT, 0, END, 1, at);
          s.call(NOTDIR, "path_filestat_get", 0, 0, s.str("dir"), at);
          s.call(NOENT, "path_filestat_get", ROOT, 0, s.str(""), at);
        });
    on(
        "path_filestat_set_times",
        s -> {
          String f = "path_filestat_set_times";
          s.call(0, f, ROOT, 0, s.str("hello.txt"), 5_000_000_007L, 6_000_000_008L, 1 | 4);
          int a = s.stat("hello.txt");
          s.i64(a + 40, 5_000_000_007L).i64(a + 48, 6_000_000_008L);
          s.call(0, f, ROOT, 0, s.str("hello.txt"), 0L, 7_000_000_009L, 4);
          int b = s.stat("hello.txt");
          s.i64(b + 40, 5_000_000_007L).i64(b + 48, 7_000_000_009L);
          symlink(s, "hello.txt", "link");
          s.call(0, f, ROOT, FOLLOW, s.str("link"), 0L, 8_000_000_010L, 4);
          s.i64(s.stat("hello.txt") + 48, 8_000_000_010L);
          s.call(0, f, ROOT, 0, s.str("dir"), 1L, 1_000_000_000L, 4);
          s.i64(s.stat("dir") + 48, 1_000_000_000L);
          s.call(INVAL, f, ROOT, 0, s.str("hello.txt"), 0L, 0L, 4 | 8);
          s.call(INVAL, f, ROOT, 0, s.str("hello.txt"), 0L, 0L, 1 | 2);
          s.call(INVAL, f, ROOT, 0, s.str("hello.txt"), 0L, 0L, 32);
          s.call(INVAL, f, ROOT, 8, s.str("hello.txt"), 0L, 0L, 4);
          s.call(NOENT, f, ROOT, 0, s.str("missing"), 0L, 0L, 4);
          s.call(PERM, f, ROOT, 0, s.str("../x"), 0L, 0L, 4);
          s.call(BADF, f, NONE, 0, s.str("x"), 0L, 0L, 4);
          s.call(TRAPS, f, ROOT, 0, END, 1, 0L, 0L, 4);
          s.call(NOTDIR, f, 0, 0, s.str("x"), 0L, 0L, 4);
          s.call(NOTDIR, f, ROOT, 0, s.str("hello.txt/"), 0L, 0L, 4);
        });
  }

  private void links() {
    on(
        "path_symlink",
        s -> {
          symlink(s, "hello.txt", "link");
          symlink(s, "../../anything", "dir/far");
          s.call(EXIST, "path_symlink", s.str("a"), ROOT, s.str("hello.txt"));
          s.call(EXIST, "path_symlink", s.str("a"), ROOT, s.str("link"));
          s.call(EXIST, "path_symlink", s.str("a"), ROOT, s.str("dir/"));
          s.call(EXIST, "path_symlink", s.str("a"), ROOT, s.str("."));
          s.call(NOTDIR, "path_symlink", s.str("a"), ROOT, s.str("hello.txt/"));
          s.call(NOTDIR, "path_symlink", s.str("a"), 1, s.str("new"));
          s.call(TRAPS, "path_symlink", s.str("a"), ROOT, END, 1);
          s.call(NOENT, "path_symlink", s.str("a"), ROOT, s.str("new/"));
          s.call(NOENT, "path_symlink", s.str("a"), ROOT, s.str("no/new"));
          s.call(NOENT, "path_symlink", s.str(""), ROOT, s.str("new"));
          s.call(PERM, "path_symlink", s.str("/etc/passwd"), ROOT, s.str("new"));
          s.call(PERM, "path_symlink", s.str("a"), ROOT, s.str("../new"));
          s.call(INVAL, "path_symlink", s.str("a\0b"), ROOT, s.str("new"));
          s.call(BADF, "path_symlink", s.str("a"), NONE, s.str("new"));
          s.call(TRAPS, "path_symlink", END, 1, ROOT, s.str("new"));
        });
    on(
        "path_readlink",
        s -> {
          symlink(s, "hello.txt", "link");
          int buffer = s.bytes("............".getBytes(StandardCharsets.UTF_8));
          int n = s.alloc(4);
          s.call(0, "path_readlink", ROOT, s.str("link"), buffer, 12, n);
          s.i32(n, 9).text(buffer, "hello.txt...");
          int part = s.alloc(8);
          int m = s.alloc(4);
          s.call(0, "path_readlink", ROOT, s.str("link"), part, 4, m);
          s.i32(m, 4).text(part, "hell\0");
          int none = s.bytes(new byte[] {9, 9, 9, 9});
          s.call(0, "path_readlink", ROOT, s.str("link"), part, 0, none);
          s.i32(none, 0);
          s.call(INVAL, "path_readlink", ROOT, s.str("hello.txt"), part, 4, n + 4);
          s.call(INVAL, "path_readlink", ROOT, s.str("dir"), part, 4, n + 4);
          s.call(NOENT, "path_readlink", ROOT, s.str("missing"), part, 4, n + 4);
          s.call(PERM, "path_readlink", ROOT, s.str("../link"), part, 4, n + 4);
          s.call(BADF, "path_readlink", NONE, s.str("link"), part, 4, n + 4);
          s.call(NOTDIR, "path_readlink", 0, s.str("link"), part, 4, n + 4);
          s.call(NOTDIR, "path_readlink", ROOT, s.str("link/"), part, 4, n + 4);
          s.call(TRAPS, "path_readlink", ROOT, END, 1, part, 4, n + 4);
          s.call(TRAPS, "path_readlink", ROOT, s.str("link"), END - 3, 4, n + 4);
          s.call(TRAPS, "path_readlink", ROOT, s.str("link"), part, 4, END - 3);
        });
    on(
        "path_link",
        s -> {
          s.call(0, "path_link", ROOT, 0, s.str("hello.txt"), ROOT, s.str("dir/second"));
          int a = s.stat("hello.txt");
          int b = s.stat("dir/second");
          s.look(m -> assertEquals(m.getLong(a + 8), m.getLong(b + 8)));
          s.i64(a + 24, 2).i64(b + 24, 2);
          s.call(EXIST, "path_link", ROOT, 0, s.str("hello.txt"), ROOT, s.str("dir"));
          s.call(EXIST, "path_link", ROOT, 0, s.str("hello.txt"), ROOT, s.str("hello.txt"));
          s.call(PERM, "path_link", ROOT, 0, s.str("dir"), ROOT, s.str("new"));
          s.call(NOENT, "path_link", ROOT, 0, s.str("missing"), ROOT, s.str("new"));
          s.call(NOENT, "path_link", ROOT, 0, s.str("hello.txt"), ROOT, s.str("new/"));
          s.call(NOENT, "path_link", ROOT, 0, s.str("hello.txt"), ROOT, s.str("no/new"));
          s.call(NOTDIR, "path_link", ROOT, 0, s.str("hello.txt/"), ROOT, s.str("new"));
          s.call(INVAL, "path_link", ROOT, FOLLOW, s.str("hello.txt"), ROOT, s.str("new"));
          s.call(INVAL, "path_link", ROOT, 4, s.str("hello.txt"), ROOT, s.str("new"));
          s.call(PERM, "path_link", ROOT, 0, s.str("../x"), ROOT, s.str("new"));
          s.call(PERM, "path_link", ROOT, 0, s.str("hello.txt"), ROOT, s.str("/new"));
          symlink(s, "nowhere", "dangling");
          s.call(0, "path_link", ROOT, 0, s.str("dangling"), ROOT, s.str("linked"));
          s.i8(s.stat("linked") + 16, 7);
          s.call(EXIST, "path_link", ROOT, 0, s.str("hello.txt"), ROOT, s.str("dangling"));
          s.call(BADF, "path_link", NONE, 0, s.str("a"), ROOT, s.str("b"));
          s.call(BADF, "path_link", ROOT, 0, s.str("a"), NONE, s.str("b"));
          s.call(TRAPS, "path_link", ROOT, 0, s.str("a"), ROOT, END, 1);
          s.call(TRAPS, "path_link", ROOT, 0, END, 1, ROOT, s.str("b"));
          s.call(NOTDIR, "path_link", 0, 0, s.str("a"), ROOT, s.str("b"));
          s.call(NOTDIR, "path_link", ROOT, 0, s.str("hello.txt"), 1, s.str("b"));
        });
  }

  private static void rename(Script s, int errno, String from, String to) {
    s.call(errno, "path_rename", ROOT, s.str(from), ROOT, s.str(to));
  }

  private void renaming() {
    on(
        "path_rename",
        s -> {
          rename(s, 0, "hello.txt", "dir/moved.txt");
          s.i64(s.stat("dir/moved.txt") + 32, 11);
          rename(s, NOENT, "hello.txt", "x");
          s.file("a", "a");
          s.file("b", "bb");
          rename(s, 0, "a", "b");
          s.i64(s.stat("b") + 32, 1);
          rename(s, 0, "b", "b");
          rename(s, ISDIR, "b", "dir");
          rename(s, NOTDIR, "dir", "b");
          rename(s, NOTDIR, "b/", "c");
          rename(s, NOTDIR, "b", "c/");
          rename(s, NOENT, "b", "no/c");
          rename(s, BUSY, ".", "c");
          rename(s, BUSY, "b", "dir/.");
          rename(s, PERM, "b", "../c");
          rename(s, PERM, "../b", "c");
          rename(s, INVAL, "dir", "dir/sub");
          s.call(BADF, "path_rename", NONE, s.str("b"), ROOT, s.str("c"));
          s.call(BADF, "path_rename", ROOT, s.str("b"), NONE, s.str("c"));
          s.call(TRAPS, "path_rename", ROOT, s.str("b"), ROOT, END, 1);
          s.call(TRAPS, "path_rename", ROOT, END, 1, ROOT, s.str("b"));
          s.call(NOTDIR, "path_rename", 0, s.str("b"), ROOT, s.str("c"));
          s.call(NOTDIR, "path_rename", ROOT, s.str("b"), 1, s.str("c"));
          rename(s, NAMETOOLONG, "b", "x".repeat(256));
        });
    on(
        "path_rename: directories",
        s -> {
          s.call(0, "path_create_directory", ROOT, s.str("one"));
          s.call(0, "path_create_directory", ROOT, s.str("two"));
          rename(s, 0, "one/", "two");
          rename(s, NOTEMPTY, "two", "dir");
          rename(s, 0, "dir", "two/");
          s.i64(s.stat("two/inner.txt") + 32, 5);
          rename(s, 0, "two/", "three/");
          s.i8(s.stat("three") + 16, 3);
        });
    on(
        "path_rename: two names of one file stay",
        s -> {
          s.call(0, "path_link", ROOT, 0, s.str("hello.txt"), ROOT, s.str("second"));
          rename(s, 0, "hello.txt", "second");
          s.i64(s.stat("hello.txt") + 24, 2);
          s.i64(s.stat("second") + 24, 2);
        });
    on(
        "path_rename: a link, not what it names",
        s -> {
          symlink(s, "hello.txt", "link");
          rename(s, 0, "link", "dir/link");
          s.i8(s.stat("dir/link") + 16, 7);
          s.i8(s.stat("hello.txt") + 16, 4);
        });
  }

  private void removing() {
    on(
        "path_unlink_file",
        s -> {
          s.call(0, "path_unlink_file", ROOT, s.str("dir/inner.txt"));
          s.call(NOENT, "path_unlink_file", ROOT, s.str("dir/inner.txt"));
          s.call(ISDIR, "path_unlink_file", ROOT, s.str("dir"));
          s.call(ISDIR, "path_unlink_file", ROOT, s.str("dir/"));
          s.call(ISDIR, "path_unlink_file", ROOT, s.str("."));
          s.call(NOTDIR, "path_unlink_file", ROOT, s.str("hello.txt/"));
          s.call(NOTDIR, "path_unlink_file", ROOT, s.str("hello.txt/x"));
          s.call(PERM, "path_unlink_file", ROOT, s.str("../x"));
          symlink(s, "hello.txt", "link");
          s.call(0, "path_unlink_file", ROOT, s.str("link"));
          s.i8(s.stat("hello.txt") + 16, 4);
          s.call(BADF, "path_unlink_file", NONE, s.str("x"));
          s.call(TRAPS, "path_unlink_file", ROOT, END, 1);
          s.call(NOTDIR, "path_unlink_file", 1, s.str("x"));
          s.call(NOENT, "path_unlink_file", ROOT, s.str(""));
        });
  }

  private void paths() {
    on(
        "path_open: paths taken literally",
        s -> {
          open(s, 0, "dir/.//../dir/../dir///./inner.txt", 0, Rights.FD_READ);
          open(s, PERM, "dir/../../data/hello.txt", 0, Rights.FD_READ);
          open(s, PERM, "/hello.txt", 0, Rights.FD_READ);
          open(s, PERM, "//", 0, Rights.FD_READ);
          open(s, NOTDIR, "hello.txt/../hello.txt", 0, Rights.FD_READ);
          open(s, INVAL, "hello.txt\0", 0, Rights.FD_READ);
          open(s, INVAL, "\0", 0, Rights.FD_READ);
          open(s, NOENT, "HELLO.TXT\u2024", 0, Rights.FD_READ);
          open(s, NOENT, "dir\\inner.txt", 0, Rights.FD_READ);
          open(s, 0, "na\u00efve \u65e5\u672c \ud83d\ude00", CREAT, RW);
          s.i8(s.stat("na\u00efve \u65e5\u672c \ud83d\ude00") + 16, 4);
          open(s, 0, "x".repeat(255), CREAT, RW);
          open(s, NAMETOOLONG, "x".repeat(256), CREAT, RW);
          open(s, NAMETOOLONG, "\u00e9".repeat(128), CREAT, RW);
          open(s, NAMETOOLONG, "./".repeat(2100) + "hello.txt", 0, Rights.FD_READ);
          int bad = s.bytes(new byte[] {(byte) 0xff, 'a', (byte) 0xc3});
          s.call(ILSEQ, "path_open", ROOT, 0, bad, 3, CREAT, RW, 0L, 0, s.alloc(4));
          s.call(ILSEQ, "path_create_directory", ROOT, bad, 3);
        });
  }

  private void readOnly() {
    on(
        "path_open: in a read-only preopen",
        s -> {
          int fd = s.alloc(4);
          s.call(0, "path_open", RO, 0, s.str("fixed"), 0, Rights.FD_READ, 0L, 0, fd);
          s.call(BADF, "fd_write", new Load(fd), s.ciov("x"), s.alloc(4));
          s.call(PERM, "fd_filestat_set_times", new Load(fd), 0L, 0L, 2);
          s.call(0, "path_open", RO, 0, s.str("fixed"), 0, 0L, 0L, 0, s.alloc(4));
          s.call(PERM, "path_open", RO, 0, s.str("fixed"), 0, RW, 0L, 0, s.alloc(4));
          s.call(PERM, "path_open", RO, 0, s.str("fixed"), TRUNC, 0L, 0L, 0, s.alloc(4));
          s.call(PERM, "path_open", RO, 0, s.str("x"), CREAT, 0L, 0L, 0, s.alloc(4));
          s.call(PERM, "path_create_directory", RO, s.str("x"));
          s.call(PERM, "path_remove_directory", RO, s.str("x"));
          s.call(PERM, "path_unlink_file", RO, s.str("fixed"));
          s.call(PERM, "path_rename", RO, s.str("fixed"), RO, s.str("x"));
          s.call(PERM, "path_rename", RO, s.str("fixed"), ROOT, s.str("x"));
          s.call(PERM, "path_rename", ROOT, s.str("hello.txt"), RO, s.str("x"));
          s.call(PERM, "path_link", RO, 0, s.str("fixed"), ROOT, s.str("x"));
          s.call(PERM, "path_symlink", s.str("a"), RO, s.str("x"));
          s.call(PERM, "path_filestat_set_times", RO, 0, s.str("fixed"), 0L, 0L, 2);
          s.i64(s.stat("hello.txt") + 32, 11);
        });
  }
}

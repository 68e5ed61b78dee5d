package dev.capsule.wasi.p1;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.capsule.wasi.WasiContext;
import dev.capsule.wasi.cli.Stdio;
import dev.capsule.wasi.filesystem.Access;
import dev.capsule.wasi.filesystem.MemoryDirectory;
import dev.capsule.wasi.io.CapturedOutput;
import dev.capsule.wasi.io.WaitGuard;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a guest is told when a quota or a stream ends half-way, and that quotas hold. */
class QuotaTest {
  /** More than one piece in which the host moves bytes. */
  private static final int PIECE = 65536;

  private static final int LARGE = 62_000;

  /** Where no script of this test puts anything. */
  private static final int FREE = 3000;

  @TempDir private Path directory;

  private static void play(WasiContext.Builder granted, Consumer<Script> program) {
    Script script = new Script();
    program.accept(script);
    try (WasiContext context = granted.build();
        Preview1 functions = new Preview1(Version.SNAPSHOT_PREVIEW1, context, WaitGuard.NONE)) {
      script.playDirectly(functions);
    }
  }

  /** Two buffers that are the same large part of memory: together more than a piece. */
  private static Object[] twice(Script s) {
    int vectors = s.alloc(16);
    s.put(vectors, 0, LARGE, 0, LARGE);
    return new Object[] {vectors, 2};
  }

  private static void writesOnePiece(Script s) {
    Script.Load fd = s.open("f", Script.CREAT, Script.RW, 0);
    int n = s.alloc(4);
    s.call(0, "fd_write", fd, twice(s), n).i32(n, PIECE);
    int position = s.alloc(8);
    s.call(0, "fd_tell", fd, position).i64(position, PIECE);
    s.call(Errno.DQUOT, "fd_write", fd, s.ciov("x"), s.alloc(4));
    s.i64(s.stat("f") + 32, PIECE);
  }

  @Test
  void aWriteThatMeetsTheQuotaSaysHowMuchWasWritten() {
    Access access = Access.readWrite().withMaxBytesWritten(PIECE);
    play(WasiContext.builder().preopen(directory, "/", access), QuotaTest::writesOnePiece);
    play(
        WasiContext.builder().preopen(MemoryDirectory.create(), "/", access),
        QuotaTest::writesOnePiece);
  }

  @Test
  void aFullDirectoryInMemorySaysHowMuchWasWritten() {
    MemoryDirectory small = MemoryDirectory.create(PIECE + 100, 10);
    play(
        WasiContext.builder().preopen(small, "/", Access.readWrite()),
        s -> {
          Script.Load fd = s.open("f", Script.CREAT, Script.RW, 0);
          int n = s.alloc(4);
          s.call(0, "fd_write", fd, twice(s), n).i32(n, PIECE);
          s.call(Errno.NOSPC, "fd_write", fd, s.ciov("x"), s.alloc(4));
          s.i64(s.stat("f") + 32, PIECE);
        });
  }

  /** A write that fails in the middle of a piece leaves the file as it was, and costs nothing. */
  @Test
  void aWriteThatDoesNotFitInMemoryChangesNothing() {
    MemoryDirectory small = MemoryDirectory.create(20_000, 10);
    play(
        WasiContext.builder().preopen(small, "/", Access.readWrite().withMaxBytesWritten(70_000)),
        s -> {
          Script.Load fd = s.open("f", Script.CREAT, Script.RW, 0);
          s.call(Errno.NOSPC, "fd_write", fd, s.iov(0, LARGE), s.alloc(4));
          s.i64(s.stat("f") + 32, 0);
          s.call(Errno.NOSPC, "fd_write", fd, s.iov(0, LARGE), s.alloc(4));
          int n = s.alloc(4);
          s.call(0, "fd_write", fd, s.iov(0, 16_000), n).i32(n, 16_000);
        });
  }

  @Test
  void longerNamesCountToo() {
    MemoryDirectory small = MemoryDirectory.create(300, 10);
    play(
        WasiContext.builder().preopen(small, "/", Access.readWrite()),
        s -> {
          s.open("a", Script.CREAT, Script.RW, 0);
          s.open("b", Script.CREAT, Script.RW, 0);
          String name = "n".repeat(200);
          s.call(0, "path_rename", Script.ROOT, s.str("a"), Script.ROOT, s.str(name));
          String other = "m".repeat(200);
          s.call(Errno.NOSPC, "path_rename", Script.ROOT, s.str("b"), Script.ROOT, s.str(other));
          s.stat("b");
          s.call(0, "path_rename", Script.ROOT, s.str(name), Script.ROOT, s.str("a"));
          s.call(0, "path_rename", Script.ROOT, s.str("b"), Script.ROOT, s.str(other));
        });
  }

  /** Content can hide in links as well. */
  @Test
  void targetsOfLinksAreWrittenBytes() throws IOException {
    Access access = Access.readWrite().withMaxBytesWritten(10);
    Consumer<Script> program =
        s -> {
          s.call(0, "path_symlink", s.str("1234567"), Script.ROOT, s.str("l1"));
          s.call(Errno.EXIST, "path_symlink", s.str("x"), Script.ROOT, s.str("l1"));
          s.call(Errno.DQUOT, "path_symlink", s.str("1234"), Script.ROOT, s.str("l2"));
          s.call(0, "path_symlink", s.str("123"), Script.ROOT, s.str("l2"));
        };
    play(WasiContext.builder().preopen(directory, "/", access), program);
    play(WasiContext.builder().preopen(MemoryDirectory.create(), "/", access), program);
    assertTrue(Files.isSymbolicLink(directory.resolve("l2")));
  }

  @Test
  void aStreamThatBreaksHalfWaySaysHowMuchItTook() {
    OutputStream breaks =
        new OutputStream() {
          private int taken;

          @Override
          public void write(int b) throws IOException {
            if (taken++ >= PIECE) {
              throw new IOException("Broken pipe");
            }
          }
        };
    play(
        WasiContext.builder().stdout(Stdio.to(breaks)),
        s -> {
          int n = s.alloc(4);
          s.call(0, "fd_write", 1, twice(s), n).i32(n, PIECE);
          s.call(Errno.PIPE, "fd_write", 1, s.ciov("x"), s.alloc(4));
        });
  }

  @Test
  void aStreamThatFailsHalfWayGivesWhatItHad() {
    InputStream fails =
        new InputStream() {
          private int given;

          @Override
          public int read() throws IOException {
            throw new IOException("read by the byte");
          }

          @Override
          public int read(byte[] into, int offset, int length) throws IOException {
            if (given++ > 0) {
              throw new IOException("disk on fire");
            }
            return length;
          }
        };
    play(
        WasiContext.builder().stdin(Stdio.from(fails)),
        s -> {
          int n = s.alloc(4);
          s.call(0, "fd_read", 0, s.iov(FREE, LARGE), n).i32(n, LARGE);
          int rest = s.alloc(4);
          s.call(0, "fd_read", 0, s.iov(FREE, LARGE), rest).i32(rest, PIECE - LARGE);
          s.call(Errno.IO, "fd_read", 0, s.iov(FREE, LARGE), s.alloc(4));
        });
  }

  @Test
  void capturedOutputHasItsCap() {
    CapturedOutput out = Stdio.capture(1000);
    play(
        WasiContext.builder().stdout(out),
        s -> {
          int n = s.alloc(4);
          s.call(0, "fd_write", 1, twice(s), n).i32(n, 2 * LARGE);
        });
    assertEquals(1000, out.bytes().length);
    assertEquals(2 * LARGE - 1000, out.dropped());
  }

  /** Reads a directory as programs do: piece by piece, from the last cookie on. */
  @Test
  void aHundredThousandEntriesAreReadInPieces() {
    int count = 100_000;
    MemoryDirectory root = MemoryDirectory.create(64 << 20, count);
    for (int i = 0; i < count; i++) {
      root.put("entry" + i, "");
    }
    try (WasiContext context = WasiContext.builder().preopen(root, "/", Access.readOnly()).build();
        Preview1 functions = new Preview1(Version.SNAPSHOT_PREVIEW1, context, WaitGuard.NONE)) {
      Preview1.Body readdir = functions.functions().get("fd_readdir").body();
      ArrayGuestMemory memory = new ArrayGuestMemory(PIECE);
      int size = 4096;
      Set<String> names = new HashSet<>();
      long cookie = 0;
      int used = size;
      while (used == size) {
        assertEquals(0, readdir.call(memory, new long[] {Script.ROOT, 16, size, cookie, 0}));
        used = memory.getInt(0);
        for (int at = 16; at + 24 <= 16 + used; at += 24 + memory.getInt(at + 16)) {
          int length = memory.getInt(at + 16);
          if (at + 24 + length <= 16 + used) {
            cookie = memory.getLong(at);
            assertTrue(names.add(new String(memory.bytes, at + 24, length, UTF_8)));
          }
        }
      }
      assertEquals(count + 2, names.size());
      assertTrue(names.contains("entry99999"));
    }
  }

  @Test
  void inputThatDoesNotWaitSaysSo() throws IOException {
    try (PipedOutputStream writer = new PipedOutputStream();
        PipedInputStream in = new PipedInputStream(writer)) {
      play(
          WasiContext.builder().stdin(Stdio.from(in)),
          s -> {
            int nonBlocking = 4;
            s.call(0, "fd_fdstat_set_flags", 0, nonBlocking);
            s.call(Errno.AGAIN, "fd_read", 0, s.iov(FREE, 10), s.alloc(4));
          });
    }
  }

  @Test
  void directoryStreamsAreLimited() {
    MemoryDirectory root = MemoryDirectory.create();
    for (int i = 0; i < 50; i++) {
      root.put("d/" + i, "");
    }
    play(
        WasiContext.builder().preopen(root, "/", Access.readOnly()).maxDirectoryNames(99),
        s -> {
          Script.Load first = s.openDirectory("d");
          Script.Load second = s.openDirectory("d");
          s.call(0, "fd_readdir", first, 0, 100, 0L, s.alloc(4));
          s.call(0, "fd_readdir", first, 0, 100, 0L, s.alloc(4));
          s.call(Errno.MFILE, "fd_readdir", second, 0, 100, 0L, s.alloc(4));
          s.call(0, "fd_close", first);
          s.call(0, "fd_readdir", second, 0, 100, 0L, s.alloc(4));
        });
  }
}

package dev.capsule.wasi.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.capsule.wasi.cli.Stdio;
import dev.capsule.wasi.clocks.Clocks;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Streams over blocking Java streams, and waiting for them. */
class StreamsTest {
  /** Thrown by a guard when the guest's time is over. */
  private static final class TimeOver extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  /** Ends every wait after this many nanoseconds. */
  private record Deadline(long at) implements WaitGuard {
    static Deadline in(long nanos) {
      return new Deadline(System.nanoTime() + nanos);
    }

    @Override
    public void check() {
      if (remainingNanos() == 0) {
        throw new TimeOver();
      }
    }

    @Override
    public long remainingNanos() {
      return Math.max(0, at - System.nanoTime());
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] random(int length) {
    byte[] bytes = new byte[length];
    new Random(1).nextBytes(bytes);
    return bytes;
  }

  @Test
  void blockingInputGivesEverythingInOrder() {
    byte[] bytes = random(300_000);
    BlockingInput input = new BlockingInput(new ByteArrayInputStream(bytes), false);
    ByteBuffer got = ByteBuffer.allocate(400_000);
    while (true) {
      ByteBuffer part = got.slice(got.position(), Math.min(777, got.remaining()));
      int n = input.blockingRead(part, WaitGuard.NONE);
      if (n < 0) {
        break;
      }
      got.position(got.position() + n);
    }
    assertEquals(bytes.length, got.position());
    assertArrayEquals(bytes, Arrays.copyOf(got.array(), bytes.length));
  }

  @Test
  void blockingInputReadsNothingBeforeItIsAsked() {
    boolean[] touched = {false};
    InputStream source =
        new InputStream() {
          @Override
          public int read() {
            touched[0] = true;
            return -1;
          }
        };
    try (BlockingInput input = new BlockingInput(source, false)) {
      assertFalse(input.isTerminal());
    }
    assertFalse(touched[0]);
  }

  @Test
  void aWaitForInputEndsAtTheDeadline() throws IOException {
    try (PipedOutputStream silent = new PipedOutputStream();
        BlockingInput input = new BlockingInput(new PipedInputStream(silent), false)) {
      ByteBuffer into = ByteBuffer.allocate(8);
      assertEquals(0, input.read(into));
      assertThrows(TimeOver.class, () -> input.blockingRead(into, Deadline.in(20_000_000)));
    }
  }

  @Test
  void aWaitForInputEndsWhenBytesCome() throws IOException {
    try (PipedOutputStream out = new PipedOutputStream();
        BlockingInput input = new BlockingInput(new PipedInputStream(out), false)) {
      assertFalse(input.subscribe().ready());
      Thread writer =
          new Thread(
              () -> {
                try {
                  out.write(new byte[] {1, 2, 3});
                  out.flush();
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
      writer.start();
      ByteBuffer into = ByteBuffer.allocate(8);
      int n = input.blockingRead(into, WaitGuard.NONE);
      assertTrue(n >= 1 && into.get(0) == 1);
    }
  }

  @Test
  void aFailingSourceIsAFailedOperation() {
    InputStream source =
        new InputStream() {
          @Override
          public int read() throws IOException {
            throw new IOException("disk on fire");
          }
        };
    BlockingInput input = new BlockingInput(source, false);
    StreamException e =
        assertThrows(
            StreamException.class,
            () -> input.blockingRead(ByteBuffer.allocate(1), WaitGuard.NONE));
    assertEquals("disk on fire", e.getMessage());
  }

  @Test
  @Timeout(600)
  void aWaitForANamedPipeEndsAtTheDeadline(@TempDir Path directory) throws Exception {
    Path fifo = directory.resolve("fifo");
    try {
      assumeTrue(
          new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor() == 0,
          "mkfifo does not work here");
    } catch (IOException e) {
      abort("no mkfifo here");
    }
    // Open in both directions, so that opening does not wait for the other side.
    try (RandomAccessFile silent = new RandomAccessFile(fifo.toFile(), "rw");
        WasiInputStream input = Stdio.file(fifo)) {
      ByteBuffer into = ByteBuffer.allocate(8);
      assertThrows(TimeOver.class, () -> input.blockingRead(into, Deadline.in(20_000_000)));
      silent.write(5);
      assertEquals(1, input.blockingRead(into, WaitGuard.NONE));
    }
  }

  @Test
  void aDirectoryIsNoInput(@TempDir Path directory) {
    UncheckedIOException e =
        assertThrows(UncheckedIOException.class, () -> Stdio.file(directory).close());
    assertTrue(e.getMessage().contains(directory.toString()), e.getMessage());
    assertEquals("it is a directory", e.getCause().getMessage());
  }

  @Test
  void outputIsWrittenInOrderAndBeforeTheCallReturns() {
    byte[] bytes = random(300_000);
    ByteArrayOutputStream sink = new ByteArrayOutputStream();
    try (BlockingOutput output = new BlockingOutput(sink, false)) {
      output.blockingWriteAndFlush(ByteBuffer.wrap(bytes, 0, 100), WaitGuard.NONE);
      assertEquals(100, sink.size());
      output.blockingWriteAndFlush(ByteBuffer.wrap(bytes, 100, bytes.length - 100), WaitGuard.NONE);
    }
    assertArrayEquals(bytes, sink.toByteArray());
  }

  @Test
  void aClosedPipeIsAnErrorOnceAndClosedAfterwards() {
    OutputStream broken =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException("Broken pipe");
          }
        };
    try (BlockingOutput output = new BlockingOutput(broken, false)) {
      ByteBuffer bytes = ByteBuffer.wrap(new byte[] {1});
      StreamException failed =
          assertThrows(
              StreamException.class, () -> output.blockingWriteAndFlush(bytes, WaitGuard.NONE));
      assertFalse(failed.isClosed());
      StreamException closed = assertThrows(StreamException.class, output::checkWrite);
      assertTrue(closed.isClosed());
      assertTrue(output.subscribe().ready());
    }
  }

  @Test
  void aWriteThatBlocksEndsAtTheDeadline() {
    CountDownLatch never = new CountDownLatch(1);
    OutputStream stuck =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            try {
              never.await();
            } catch (InterruptedException e) {
              throw new IOException(e);
            }
          }
        };
    try (BlockingOutput output = new BlockingOutput(stuck, false)) {
      ByteBuffer bytes = ByteBuffer.wrap(new byte[] {1});
      assertThrows(
          TimeOver.class, () -> output.blockingWriteAndFlush(bytes, Deadline.in(20_000_000)));
      assertEquals(0, output.checkWrite());
      assertFalse(output.subscribe().ready());
    }
    never.countDown();
  }

  @Test
  void captureKeepsUpToItsCap() {
    CapturedOutput capture = new CapturedOutput(5);
    capture.blockingWriteAndFlush(ByteBuffer.wrap(bytes("abc")), WaitGuard.NONE);
    capture.blockingWriteAndFlush(ByteBuffer.wrap(bytes("defgh")), WaitGuard.NONE);
    assertEquals("abcde", capture.text());
    assertEquals(3, capture.dropped());
  }

  @Test
  void pollAnswersTheReadyOnes() {
    Clocks clocks = Clocks.host();
    Pollable late = clocks.subscribeDuration(3_600_000_000_000L);
    Pollable soon = clocks.subscribeDuration(1_000_000);
    assertEquals(List.of(1), Poller.poll(List.of(late, soon), WaitGuard.NONE));
    assertEquals(
        List.of(0, 2), Poller.poll(List.of(Pollable.READY, late, Pollable.READY), WaitGuard.NONE));
  }

  @Test
  void pollEndsAtTheDeadline() {
    Pollable never = Clocks.host().subscribeInstant(-1);
    assertThrows(TimeOver.class, () -> Poller.poll(List.of(never), Deadline.in(10_000_000)));
  }

  @Test
  void virtualTimeJumpsToTheEarliestMomentWaitedFor() {
    Clocks clocks = Clocks.virtual(1000);
    long hour = 3_600_000_000_000L;
    Pollable late = clocks.subscribeDuration(2 * hour);
    Pollable early = clocks.subscribeDuration(hour);
    assertEquals(List.of(1), Poller.poll(List.of(late, early), WaitGuard.NONE));
    long now = clocks.monotonicNow();
    assertTrue(now >= hour && now < hour + 1_000_000, () -> "now " + now);
    assertEquals(1000 + 3600, clocks.wallNow().seconds());
    assertFalse(late.ready());
  }

  @Test
  void virtualTimeNeverReachesTheEndOfTime() {
    Clocks clocks = Clocks.virtual(0);
    Pollable never = clocks.subscribeInstant(-1);
    assertThrows(TimeOver.class, () -> Poller.poll(List.of(never), Deadline.in(10_000_000)));
    assertTrue(clocks.monotonicNow() < 1_000_000);
  }
}

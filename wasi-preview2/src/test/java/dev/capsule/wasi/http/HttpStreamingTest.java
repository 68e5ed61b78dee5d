package dev.capsule.wasi.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.capsule.wasi.io.WaitGuard;
import dev.capsule.wasi.io.WasiInputStream;
import dev.capsule.wasi.io.WasiOutputStream;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Large bodies in both directions, without holding them. */
@Timeout(600)
class HttpStreamingTest {
  /** The nightly profile raises it to 1024. */
  private static final long BYTES = Integer.getInteger("capsule.http.mib", 64) * (1L << 20);

  private final Client client = Client.allowing("web.test").resolving("web.test", "127.0.0.1");

  /** A pattern that repeats after a prime number of bytes, so that lost pieces show. */
  private static byte[] pattern() {
    byte[] bytes = new byte[65_521];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (i * 31 + (i >> 8));
    }
    return bytes;
  }

  private static long checksum(long count) {
    CRC32 crc = new CRC32();
    byte[] pattern = pattern();
    for (long left = count; left > 0; left -= pattern.length) {
      crc.update(pattern, 0, (int) Math.min(left, pattern.length));
    }
    return crc.getValue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"length", "chunked", "until the end"})
  void downloads(String framing) throws Exception {
    try (TestServer server =
            TestServer.start(
                (request, out) -> {
                  boolean chunked = framing.equals("chunked");
                  String header =
                      chunked
                          ? "Transfer-Encoding: chunked"
                          : framing.equals("length") ? "Content-Length: " + BYTES : "X: y";
                  out.write(TestServer.bytes("HTTP/1.1 200 OK\r\n" + header + "\r\n\r\n"));
                  byte[] pattern = pattern();
                  for (long left = BYTES; left > 0; left -= pattern.length) {
                    int n = (int) Math.min(left, pattern.length);
                    if (chunked) {
                      out.write(TestServer.bytes(Integer.toHexString(n) + "\r\n"));
                    }
                    out.write(pattern, 0, n);
                    if (chunked) {
                      out.write(TestServer.bytes("\r\n"));
                    }
                  }
                  if (chunked) {
                    out.write(TestServer.bytes("0\r\n\r\n"));
                  }
                });
        client) {
      IncomingResponse response = client.send(OutgoingRequest.of("GET", server.url("web.test")));
      CRC32 crc = new CRC32();
      long count = 0;
      ByteBuffer piece = ByteBuffer.allocate(32 * 1024);
      try (WasiInputStream in = response.body()) {
        while (in.blockingRead(piece.clear(), WaitGuard.NONE) >= 0) {
          crc.update(piece.flip());
          count += piece.limit();
        }
      }
      assertEquals(BYTES, count);
      assertEquals(checksum(BYTES), crc.getValue());
      assertEquals(BYTES, client.records(1).getFirst().received());
    }
  }

  @Test
  void uploads() throws Exception {
    try (TestServer server =
            TestServer.start(
                (request, out) -> {
                  long length = Long.parseLong(request.header("Content-Length").getFirst());
                  String sum = Long.toHexString(checksum(request.in(), length));
                  out.write(TestServer.bytes("HTTP/1.1 200 OK\r\n\r\n" + sum));
                });
        client) {
      OutgoingBody.Streamed body = OutgoingBody.streamed();
      HttpFuture<IncomingResponse> future =
          client
              .handler()
              .handle(
                  OutgoingRequest.of("PUT", server.url("web.test"))
                      .with(Fields.of("Content-Length", Long.toString(BYTES)))
                      .with(body));
      WasiOutputStream out = body.write();
      byte[] pattern = pattern();
      for (long left = BYTES; left > 0; left -= pattern.length) {
        int n = (int) Math.min(left, pattern.length);
        out.blockingWriteAndFlush(ByteBuffer.wrap(pattern, 0, n), WaitGuard.NONE);
      }
      body.finish(new Fields());
      assertEquals(
          "200 " + Long.toHexString(checksum(BYTES)), Client.text(future.await(WaitGuard.NONE)));
      assertEquals(BYTES, client.records(1).getFirst().sent());
    }
  }

  private static long checksum(InputStream in, long count) throws Exception {
    CRC32 crc = new CRC32();
    byte[] piece = new byte[64 * 1024];
    for (long left = count; left > 0; ) {
      int n = in.read(piece, 0, (int) Math.min(left, piece.length));
      if (n < 0) {
        return -1;
      }
      crc.update(piece, 0, n);
      left -= n;
    }
    return crc.getValue();
  }

  @Test
  void aGuestThatDoesNotReadHoldsTheServerBack() throws Exception {
    AtomicLong sent = new AtomicLong();
    try (TestServer server =
            TestServer.start(
                (request, out) -> {
                  out.write(TestServer.bytes("HTTP/1.1 200 OK\r\n\r\n"));
                  byte[] piece = new byte[64 * 1024];
                  while (true) {
                    out.write(piece);
                    sent.addAndGet(piece.length);
                  }
                });
        client) {
      IncomingResponse response = client.send(OutgoingRequest.of("GET", server.url("web.test")));
      long before = -1;
      while (before != sent.get()) {
        before = sent.get();
        Thread.sleep(200);
      }
      // What the buffers of both sockets and ours hold.
      assertTrue(sent.get() < 64 << 20, () -> sent + " bytes went nowhere");
      response.close();
    }
  }

  @Test
  void aServerThatDoesNotReadHoldsTheGuestBack() throws Exception {
    try (TestServer server = TestServer.start((request, out) -> new CountDownLatch(1).await());
        client) {
      OutgoingBody.Streamed body = OutgoingBody.streamed();
      client.handler().handle(OutgoingRequest.of("PUT", server.url("web.test")).with(body));
      WasiOutputStream out = body.write();
      long written = 0;
      int full = 0;
      while (full < 20) {
        int room = (int) out.checkWrite();
        if (room == 0) {
          full++;
          Thread.sleep(10);
          continue;
        }
        full = 0;
        out.write(ByteBuffer.allocate(room));
        written += room;
        assertTrue(written < 64 << 20, "the host takes whatever it gets");
      }
    }
  }
}

package dev.capsule.wasi.http;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.capsule.wasi.io.StreamException;
import dev.capsule.wasi.io.WaitGuard;
import dev.capsule.wasi.io.WasiOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What goes over the wire, on good days and on bad ones. */
@Timeout(600)
class HttpExchangeTest {
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi";

  private final Client client = Client.allowing("web.test").resolving("web.test", "127.0.0.1");

  @Test
  void writesAnExactRequest() throws Exception {
    try (TestServer server = TestServer.saying(OK);
        client) {
      Fields headers = Fields.of("X-One", "1", "x-one", "2", "Accept", "*/*");
      assertEquals(
          "200 hi",
          client.text(OutgoingRequest.of("get", server.url("web.test") + "/a?b#c").with(headers)));
      assertEquals(
          List.of(
              "GET /a?b HTTP/1.1\r\nHost: web.test:"
                  + server.port()
                  + "\r\nX-One: 1\r\nx-one: 2\r\nAccept: */*\r\nConnection: close\r\n\r\n"),
          server.heads());
    }
  }

  @Test
  void keepsDuplicateResponseHeadersInOrderAndBytes() throws Exception {
    try (TestServer server =
            TestServer.saying(
                "HTTP/1.1 200 OK\r\nSet-Cookie: a=1\r\nX: \u00e9\u0085\r\nset-cookie: b=2\r\n"
                    + "Content-Encoding: gzip\r\nContent-Length: 3\r\n\r\n\u001f\u008b\u0000");
        client) {
      IncomingResponse response = client.send(OutgoingRequest.of("GET", server.url("web.test")));
      assertEquals(List.of("a=1", "b=2"), response.headers().get("Set-Cookie"));
      assertEquals(List.of("\u00e9\u0085"), response.headers().get("x"));
      assertThrows(HeaderException.class, () -> response.headers().append("a", "b"));
      assertEquals("200 \u001f\u008b\u0000", Client.text(response));
    }
  }

  @Test
  void readsChunksAndTrailers() throws Exception {
    try (TestServer server =
            TestServer.saying(
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                    + "3;ext=1\r\na\r\n\r\n2\r\nbc\r\n0\r\nGrpc-Status: 0\r\nX: y\r\n\r\n");
        client) {
      IncomingResponse response =
          client.send(
              OutgoingRequest.of("GET", server.url("web.test")).with(Fields.of("TE", "trailers")));
      assertEquals("200 a\r\nbc", Client.text(response));
      assertEquals(
          List.of(new Fields.Field("Grpc-Status", "0"), new Fields.Field("X", "y")),
          response.trailers().await(WaitGuard.NONE).entries());
      assertTrue(server.heads().getFirst().contains("TE: trailers\r\nConnection: TE, close\r\n"));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "HEAD, HTTP/1.1 200 OK|Content-Length: 1000000||, 200",
    "GET, HTTP/1.1 204 No Content||garbage, 204",
    "GET, HTTP/1.1 304 Not Modified|Content-Length: 7||, 304",
    "GET, HTTP/1.1 200 OK|Content-Length: 0||x, 200",
    "HEAD, HTTP/1.1 200 OK|Transfer-Encoding: chunked||, 200",
  })
  void responsesWithoutBody(String method, String response, int status) throws Exception {
    try (TestServer server = TestServer.saying(response.replace("|", "\r\n"));
        client) {
      assertEquals(status + " ", client.text(OutgoingRequest.of(method, server.url("web.test"))));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "HTTP/1.1 200 OK||until the end, 200 until the end",
    "HTTP/1.0 200 OK||old, 200 old",
    "HTTP/1.1 103 Early Hints|Link: x||HTTP/1.1 100 Continue||HTTP/1.1 201 C|Content-Length: 1||z,"
        + " 201 z",
    "HTTP/1.1 200|Content-Length: 1||z, 200 z",
    "'HTTP/1.1 200 OK|Content-Length: 2, 2||ab', 200 ab",
    "HTTP/1.1 599 Odd|Content-Length: 1||z, 599 z",
  })
  void otherFramings(String response, String expected) throws Exception {
    try (TestServer server = TestServer.saying(response.replace("|", "\r\n"));
        client) {
      assertEquals(expected, client.text(OutgoingRequest.of("GET", server.url("web.test"))));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "'', HTTP-response-incomplete",
    "garbage, HTTP-protocol-error",
    "garbage||, HTTP-protocol-error",
    "SSH-2.0-OpenSSH|, HTTP-protocol-error",
    "HTTP/1.1, HTTP-protocol-error",
    "HTTP/1.1 abc OK||, HTTP-protocol-error",
    "HTTP/1.1 99 OK||, HTTP-protocol-error",
    "HTTP/1.1 200 OK|NoColon||, HTTP-protocol-error",
    "HTTP/1.1 200 OK|A b: c||, HTTP-protocol-error",
    "HTTP/2.0 200 OK||, HTTP-protocol-error",
    "HTTP/1.1 101 Switching||, HTTP-upgrade-failed",
    "HTTP/1.1 200 OK|Content-Length: 5||abc, HTTP-response-incomplete",
    "HTTP/1.1 200 OK|Content-Length: -1||abc, HTTP-protocol-error",
    "HTTP/1.1 200 OK|Content-Length: 1|Content-Length: 2||abc, HTTP-protocol-error",
    "HTTP/1.1 200 OK|Transfer-Encoding: chunked||5|abc, HTTP-response-incomplete",
    "HTTP/1.1 200 OK|Transfer-Encoding: chunked||zz|abc, HTTP-protocol-error",
    "HTTP/1.1 200 OK|Transfer-Encoding: chunked||-1|abc, HTTP-protocol-error",
    "HTTP/1.1 200 OK|Transfer-Encoding: chunked||fffffffffffffffff|abc, HTTP-protocol-error",
    "HTTP/1.1 200 OK|Transfer-Encoding: chunked||3|abc, HTTP-protocol-error",
    "'HTTP/1.1 200 OK|Transfer-Encoding: gzip, chunked||', HTTP-response-transfer-coding",
    "HTTP/1.1 200 OK|Transfer-Encoding: identity||, HTTP-response-transfer-coding",
  })
  void brokenServers(String response, String code) throws Exception {
    try (TestServer server = TestServer.saying(response.replace("|", "\r\n"));
        client) {
      HttpException e = client.failure(OutgoingRequest.of("GET", server.url("web.test")));
      assertEquals(code, e.code().witName(), e.getMessage());
      HttpRecord record = client.records(1).getFirst();
      assertEquals(code, record.error().orElseThrow().witName());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "headers, HTTP-response-header-section-size",
    "line, HTTP-response-header-section-size",
    "interim, HTTP-protocol-error",
    "trailers, HTTP-response-trailer-section-size",
    "folds, HTTP-response-header-section-size",
    "empty, HTTP-response-header-section-size",
    "chunk, HTTP-response-trailer-section-size",
  })
  void floodsEnd(String flood, String code) throws Exception {
    try (TestServer server =
            TestServer.start(
                (request, out) -> {
                  boolean late = flood.equals("trailers") || flood.equals("chunk");
                  if (late) {
                    out.write(
                        TestServer.bytes("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"));
                    out.write(TestServer.bytes(flood.equals("chunk") ? "1;x=" : "0\r\n"));
                  } else if (!flood.equals("interim") && !flood.equals("empty")) {
                    out.write(TestServer.bytes("HTTP/1.1 200 OK\r\nA: b"));
                  }
                  byte[] more =
                      TestServer.bytes(
                          switch (flood) {
                            case "headers" -> "\r\nA: b".repeat(1000);
                            case "trailers" -> "A: b\r\n".repeat(1000);
                            case "interim" -> "HTTP/1.1 102 Wait\r\n\r\n".repeat(100);
                            case "folds" -> "\r\n    and so on".repeat(1000);
                            case "empty" -> "\r\n".repeat(1000);
                            default -> "x".repeat(10_000);
                          });
                  while (true) {
                    out.write(more);
                  }
                });
        client) {
      HttpException e = client.failure(OutgoingRequest.of("GET", server.url("web.test")));
      assertEquals(code, e.code().witName(), e.getMessage());
    }
  }

  @Test
  void sendsBytesAgainAfter307ButNotAfter303() throws Exception {
    try (TestServer server =
            TestServer.start(
                (request, out) -> {
                  String path = request.line().split(" ")[1];
                  if (path.equals("/done")) {
                    boolean posted = request.line().startsWith("POST");
                    String echo = posted ? new String(request.body(), "ISO-8859-1") : "GET";
                    out.write(
                        TestServer.bytes(
                            "HTTP/1.1 200 OK\r\nContent-Length: "
                                + echo.length()
                                + "\r\n\r\n"
                                + echo));
                    return;
                  }
                  request.body();
                  out.write(
                      TestServer.bytes(
                          "HTTP/1.1 " + path.substring(1) + " Go\r\nLocation: /done\r\n\r\n"));
                });
        client) {
      for (String status : List.of("301", "302", "303", "307", "308")) {
        OutgoingRequest post =
            OutgoingRequest.of("POST", server.url("web.test") + "/" + status)
                .with(new OutgoingBody.Bytes(TestServer.bytes("\u0000\u00ff")))
                .with(Fields.of("Content-Type", "x/y", "X-Keep", "1"));
        boolean again = status.equals("307") || status.equals("308");
        assertEquals(again ? "200 \u0000\u00ff" : "200 GET", client.text(post.following(1)));
        String last = server.heads().getLast();
        assertEquals(again, last.contains("Content-Type: x/y"));
        assertTrue(last.contains("X-Keep: 1"));
        assertEquals(status + " ", client.text(post));
      }
    }
  }

  @Test
  void putKeepsItsMethodOn302() throws Exception {
    try (TestServer server =
            TestServer.start(
                (request, out) -> {
                  request.body();
                  out.write(
                      TestServer.bytes(
                          request.line().contains("/b")
                              ? OK
                              : "HTTP/1.1 302 Go\r\nLocation: b?c=1\r\n\r\n"));
                });
        client) {
      OutgoingRequest put =
          OutgoingRequest.of("PUT", server.url("web.test") + "/x/a")
              .with(new OutgoingBody.Bytes(new byte[3]))
              .following(5);
      IncomingResponse response = client.send(put);
      assertEquals("200 hi", Client.text(response));
      assertEquals("/x/b?c=1", response.url().path());
      assertTrue(server.heads().getLast().startsWith("PUT /x/b?c=1 "));
    }
  }

  @Test
  void redirectsAreCounted() throws Exception {
    try (TestServer server =
            TestServer.saying("HTTP/1.1 302 Go\r\nLocation: /again\r\nContent-Length: 9\r\n\r\n");
        client) {
      HttpException e =
          client.failure(OutgoingRequest.of("GET", server.url("web.test")).following(3));
      assertEquals(ErrorCode.Plain.LOOP_DETECTED, e.code());
      assertEquals(4, server.heads().size());
      assertEquals(4, client.records(4).size());
      assertEquals(OptionalInt.of(302), client.finished.getFirst().status());
    }
  }

  @Test
  void streamsABodyInChunksWithTrailers() throws Exception {
    try (TestServer server =
            TestServer.start(
                (request, out) -> {
                  String seen = readToLastChunk(request.in());
                  out.write(
                      TestServer.bytes(
                          "HTTP/1.1 200 OK\r\nContent-Length: "
                              + seen.length()
                              + "\r\n\r\n"
                              + seen));
                });
        client) {
      OutgoingBody.Streamed body = OutgoingBody.streamed();
      HttpFuture<IncomingResponse> future =
          client.handler().handle(OutgoingRequest.of("POST", server.url("web.test")).with(body));
      body.write().blockingWriteAndFlush(ByteBuffer.wrap(new byte[] {0, -1}), WaitGuard.NONE);
      body.finish(Fields.of("X-Sum", "1"));
      assertEquals(
          "200 2\r\n\u0000\u00ff\r\n0\r\nX-Sum: 1\r\n\r\n",
          Client.text(future.await(WaitGuard.NONE)));
      assertTrue(server.heads().getFirst().contains("Transfer-Encoding: chunked\r\n"));
      assertEquals(2, client.records(1).getFirst().sent());
    }
  }

  private static String readToLastChunk(InputStream in) throws IOException {
    StringBuilder seen = new StringBuilder();
    while (!(seen.indexOf("0\r\n") >= 0 && seen.toString().endsWith("\r\n\r\n"))) {
      int b = in.read();
      if (b < 0) {
        return "broken off after " + seen;
      }
      seen.append((char) b);
    }
    return seen.toString();
  }

  @Test
  void aBodyThatIsDroppedIsNotTakenForAWholeOne() throws Exception {
    StringBuilder seen = new StringBuilder();
    try (TestServer server =
            TestServer.start((request, out) -> seen.append(readToLastChunk(request.in())));
        client) {
      OutgoingBody.Streamed body = OutgoingBody.streamed();
      HttpFuture<IncomingResponse> future =
          client.handler().handle(OutgoingRequest.of("POST", server.url("web.test")).with(body));
      body.write().blockingWriteAndFlush(ByteBuffer.wrap(new byte[3]), WaitGuard.NONE);
      while (server.connections() == 0) {
        Thread.onSpinWait();
      }
      body.close();
      HttpException e = assertThrows(HttpException.class, () -> future.await(WaitGuard.NONE));
      assertTrue(e.getMessage().contains("dropped"), e.getMessage());
      while (seen.isEmpty() && server.faults().isEmpty()) {
        Thread.onSpinWait();
      }
      assertTrue(
          seen.toString().startsWith("broken off") || !server.faults().isEmpty(), seen.toString());
      assertThrows(StreamException.class, () -> body.write().checkWrite());
    }
  }

  @Test
  void contentLengthIsKept() throws Exception {
    try (TestServer server =
            TestServer.start(
                (request, out) -> {
                  request.body();
                  out.write(TestServer.bytes(OK));
                });
        client) {
      OutgoingRequest request =
          OutgoingRequest.of("POST", server.url("web.test")).with(Fields.of("Content-Length", "3"));
      OutgoingBody.Streamed exact = OutgoingBody.streamed();
      HttpFuture<IncomingResponse> future = client.handler().handle(request.with(exact));
      exact.write().write(ByteBuffer.wrap(new byte[3]));
      exact.finish(new Fields());
      assertEquals("200 hi", Client.text(future.await(WaitGuard.NONE)));

      OutgoingBody.Streamed longer = OutgoingBody.streamed();
      client.handler().handle(request.with(longer));
      WasiOutputStream out = longer.write();
      assertThrows(StreamException.class, () -> out.write(ByteBuffer.wrap(new byte[4])));

      OutgoingBody.Streamed shorter = OutgoingBody.streamed();
      HttpFuture<IncomingResponse> broken = client.handler().handle(request.with(shorter));
      shorter.write().write(ByteBuffer.wrap(new byte[2]));
      HttpException e = assertThrows(HttpException.class, () -> shorter.finish(new Fields()));
      assertEquals("HTTP-request-body-size", e.code().witName());
      assertThrows(HttpException.class, () -> broken.await(WaitGuard.NONE));

      OutgoingBody.Streamed early = OutgoingBody.streamed();
      early.write().write(ByteBuffer.wrap(new byte[5]));
      early.finish(new Fields());
      HttpException tooLong = client.failure(request.with(early));
      assertEquals("HTTP-request-body-size", tooLong.code().witName());
    }
  }

  /** Whether a client that has not begun before still has to wait for the go-ahead. */
  private static boolean hasToWait(long begin) {
    return System.nanoTime() - begin < TimeUnit.SECONDS.toNanos(Hop.CONTINUE_SECONDS);
  }

  @Test
  void waitsForTheGoAhead() throws Exception {
    long begin = System.nanoTime();
    try (TestServer server =
            TestServer.start(
                (request, out) -> {
                  if (request.in().available() > 0 && hasToWait(begin)) {
                    throw new IOException("the body came before the go-ahead");
                  }
                  out.write(TestServer.bytes("HTTP/1.1 100 Continue\r\n\r\n"));
                  assertArrayEquals(new byte[] {1, 2, 3}, request.body());
                  out.write(TestServer.bytes(OK));
                });
        client) {
      OutgoingRequest request =
          OutgoingRequest.of("PUT", server.url("web.test"))
              .with(Fields.of("Expect", "100-continue"))
              .with(new OutgoingBody.Bytes(new byte[] {1, 2, 3}));
      assertEquals("200 hi", client.text(request));
      assertTrue(server.heads().getFirst().contains("Expect: 100-continue\r\n"));
    }
  }

  @Test
  void sendsNothingAfterARefusalInsteadOfTheGoAhead() throws Exception {
    long begin = System.nanoTime();
    try (TestServer server =
            TestServer.start(
                (request, out) -> {
                  out.write(TestServer.bytes("HTTP/1.1 417 No\r\nContent-Length: 1\r\n\r\nn"));
                  out.flush();
                  if (request.in().read() >= 0 && hasToWait(begin)) {
                    throw new IOException("the body came all the same");
                  }
                });
        client) {
      OutgoingRequest request =
          OutgoingRequest.of("PUT", server.url("web.test"))
              .with(Fields.of("Expect", "100-continue"))
              .with(new OutgoingBody.Bytes(new byte[100]));
      assertEquals("417 n", client.text(request));
      assertTrue(client.records(1).getFirst().sent() == 0 || !hasToWait(begin));
      assertEquals(List.of(), server.faults());
    }
  }

  @Test
  void hearsAnEarlyAnswerToABodyThatNobodyReads() throws Exception {
    try (TestServer server =
            TestServer.start(
                (request, out) -> {
                  out.write(
                      TestServer.bytes("HTTP/1.1 413 Too large\r\nContent-Length: 3\r\n\r\nbig"));
                  out.flush();
                  request.in().readNBytes(1 << 20);
                });
        client) {
      OutgoingBody.Streamed endless = OutgoingBody.streamed();
      HttpFuture<IncomingResponse> future =
          client.handler().handle(OutgoingRequest.of("POST", server.url("web.test")).with(endless));
      assertEquals("413 big", Client.text(future.await(WaitGuard.NONE)));
      WasiOutputStream out = endless.write();
      assertThrows(
          StreamException.class,
          () -> {
            while (true) {
              out.blockingWriteAndFlush(ByteBuffer.wrap(new byte[1000]), WaitGuard.NONE);
            }
          });
    }
  }

  @Test
  void talksInBothDirectionsAtOnce() throws Exception {
    try (TestServer server =
            TestServer.start(
                (request, out) -> {
                  out.write(TestServer.bytes("HTTP/1.1 200 OK\r\n\r\n"));
                  for (int i = 0; i < 3; i++) {
                    // One chunk of one byte: "1", line end, the byte, line end.
                    byte[] chunk = request.in().readNBytes(6);
                    out.write(chunk[3] + 1);
                    out.flush();
                  }
                  request.in().readNBytes(5);
                });
        client) {
      OutgoingBody.Streamed body = OutgoingBody.streamed();
      IncomingResponse response =
          client
              .handler()
              .handle(OutgoingRequest.of("POST", server.url("web.test")).with(body))
              .await(WaitGuard.NONE);
      ByteBuffer one = ByteBuffer.allocate(1);
      for (byte b : new byte[] {10, 20, 30}) {
        body.write().blockingWriteAndFlush(ByteBuffer.wrap(new byte[] {b}), WaitGuard.NONE);
        assertEquals(1, response.body().blockingRead(one.clear(), WaitGuard.NONE));
        assertEquals(b + 1, one.get(0));
      }
      body.finish(new Fields());
      assertEquals(-1, response.body().blockingRead(one.clear(), WaitGuard.NONE));
    }
  }
}

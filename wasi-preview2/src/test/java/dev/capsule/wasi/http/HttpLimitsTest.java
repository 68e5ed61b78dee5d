package dev.capsule.wasi.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.capsule.wasi.WasiContext;
import dev.capsule.wasi.http.HttpBudget.Kind;
import dev.capsule.wasi.io.Poller;
import dev.capsule.wasi.io.WaitGuard;
import java.io.OutputStream;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Budgets, timeouts, cancellation, and what is recorded. */
@Timeout(600)
class HttpLimitsTest {
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n0123456789";
  private static final RequestOptions LONG = RequestOptions.DEFAULT;
  private static final Duration SHORT = Duration.ofMillis(100);

  private final CountDownLatch done = new CountDownLatch(1);
  private final Client client = Client.allowing("web.test").resolving("web.test", "127.0.0.1");

  /** Waits until the test is over; the client must not wait for this server. */
  private void hang() throws InterruptedException {
    done.await();
  }

  @Test
  void requestsAreCountedRedirectsIncluded() throws Exception {
    HttpBudget tree = HttpBudget.of(3, 100, 100);
    client.budget(tree.within(50, 100, 100));
    try (TestServer server =
            TestServer.start(
                (request, out) ->
                    out.write(
                        TestServer.bytes(
                            request.line().contains("/go")
                                ? "HTTP/1.1 302 Go\r\nLocation: /\r\n\r\n"
                                : OK)));
        client) {
      assertEquals("200 0123456789", client.get(server.url("web.test") + "/go"));
      HttpException e = client.failure(server.url("web.test") + "/go");
      assertEquals(Optional.of(Kind.REQUESTS), e.budget());
      assertEquals("the network budget of 3 requests is used up", e.getMessage());
      assertEquals(3, server.heads().size());
    }
  }

  @ParameterizedTest
  @CsvSource({"Content-Length: 10", "X: until the end", "Transfer-Encoding: chunked"})
  void downloadedBytesAreCounted(String framing) throws Exception {
    String body = framing.contains("chunked") ? "a\r\n0123456789\r\n0\r\n\r\n" : "0123456789";
    client.budget(HttpBudget.of(100, 0, 25));
    try (TestServer server =
            TestServer.saying("HTTP/1.1 200 OK\r\n" + framing + "\r\n\r\n" + body);
        client) {
      client.get(server.url("web.test"));
      client.get(server.url("web.test"));
      HttpException e = client.failure(server.url("web.test"));
      assertEquals(Optional.of(Kind.DOWNLOAD), e.budget());
      assertEquals("HTTP-response-body-size", e.code().witName());
      assertEquals("the network budget of 25 downloaded bytes is used up", e.getMessage());
    }
  }

  @Test
  void anEndlessDownloadStopsAtTheBudget() throws Exception {
    client.budget(HttpBudget.of(1, 0, 1_000_000));
    try (TestServer server =
            TestServer.start(
                (request, out) -> {
                  out.write(TestServer.bytes("HTTP/1.1 200 OK\r\n\r\n"));
                  while (true) {
                    out.write(new byte[100_000]);
                  }
                });
        client) {
      assertEquals(Optional.of(Kind.DOWNLOAD), client.failure(server.url("web.test")).budget());
      assertTrue(client.records(1).getFirst().received() <= 1_000_000);
    }
  }

  @Test
  void uploadedBytesAreCounted() throws Exception {
    client.budget(HttpBudget.of(100, 1000, 0));
    try (TestServer server =
            TestServer.start(
                (request, out) -> {
                  request.in().readAllBytes();
                });
        client) {
      OutgoingRequest post = OutgoingRequest.of("POST", server.url("web.test"));
      HttpException whole = client.failure(post.with(new OutgoingBody.Bytes(new byte[1001])));
      assertEquals(Optional.of(Kind.UPLOAD), whole.budget());
      assertEquals(0, server.connections());

      OutgoingBody.Streamed endless = OutgoingBody.streamed();
      HttpFuture<IncomingResponse> future = client.handler().handle(post.with(endless));
      endless.write().write(ByteBuffer.wrap(new byte[500]));
      endless.write().write(ByteBuffer.wrap(new byte[501]));
      HttpException e = assertThrows(HttpException.class, () -> future.await(WaitGuard.NONE));
      assertEquals(Optional.of(Kind.UPLOAD), e.budget());
      assertEquals("the network budget of 1000 uploaded bytes is used up", e.getMessage());
      assertEquals("HTTP-request-body-size", e.code().witName());
    }
  }

  @Test
  void aServerThatSaysNothing() throws Exception {
    client.options(LONG.withFirstByte(SHORT));
    try (TestServer server = TestServer.start((request, out) -> hang());
        client) {
      HttpException e = client.failure(server.url("web.test"));
      assertEquals(ErrorCode.Plain.HTTP_RESPONSE_TIMEOUT, e.code());
      assertTrue(e.getMessage().contains("web.test"), e.getMessage());
    } finally {
      done.countDown();
    }
  }

  @Test
  void aServerThatDripsItsHeaders() throws Exception {
    client.options(LONG.withFirstByte(SHORT));
    try (TestServer server =
            TestServer.start(
                (request, out) -> {
                  out.write(TestServer.bytes("HTTP/1.1 200 OK\r\nX: "));
                  drip(out);
                });
        client) {
      assertEquals(
          ErrorCode.Plain.HTTP_RESPONSE_TIMEOUT, client.failure(server.url("web.test")).code());
    }
  }

  private static void drip(OutputStream out) throws Exception {
    while (true) {
      out.write('x');
      out.flush();
      Thread.sleep(1);
    }
  }

  /** The time that bounds pauses bounds sending, too: more than that takes on any machine. */
  @Test
  void aServerThatStopsInTheBody() throws Exception {
    client.options(LONG.withBetweenBytes(Duration.ofSeconds(2)));
    try (TestServer server =
            TestServer.start(
                (request, out) -> {
                  out.write(TestServer.bytes("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc"));
                  out.flush();
                  hang();
                });
        client) {
      assertEquals(
          ErrorCode.Plain.CONNECTION_READ_TIMEOUT, client.failure(server.url("web.test")).code());
    } finally {
      done.countDown();
    }
  }

  /** With more time wherever it was over before the server had begun to answer. */
  @Test
  void aServerThatDripsItsBody() throws Exception {
    try (TestServer server =
        TestServer.start(
            (request, out) -> {
              out.write(TestServer.bytes("HTTP/1.1 200 OK\r\n\r\n"));
              drip(out);
            })) {
      OptionalInt status = OptionalInt.empty();
      for (int i = 0; i < 5 && status.isEmpty(); i++) {
        try (Client hasty = Client.allowing("web.test").resolving("web.test", "127.0.0.1")) {
          hasty.options(LONG.withTotal(SHORT.multipliedBy(1L << 2 * i)));
          HttpException e = hasty.failure(server.url("web.test"));
          assertEquals(ErrorCode.Plain.HTTP_RESPONSE_TIMEOUT, e.code());
          status = hasty.records(1).getFirst().status();
        }
      }
      assertEquals(OptionalInt.of(200), status, "it had begun to answer");
    }
  }

  @Test
  void aServerThatTakesNothing() throws Exception {
    client.options(LONG.withBetweenBytes(SHORT));
    try (TestServer server = TestServer.start((request, out) -> hang());
        client) {
      OutgoingRequest big =
          OutgoingRequest.of("PUT", server.url("web.test"))
              .with(new OutgoingBody.Bytes(new byte[64 << 20]));
      assertEquals(ErrorCode.Plain.CONNECTION_WRITE_TIMEOUT, client.failure(big).code());
    } finally {
      done.countDown();
    }
  }

  @Test
  void aNameServerThatHangs() {
    HttpService.Builder builder = HttpService.builder();
    try (HttpService service =
            builder
                .resolver(
                    name -> {
                      try {
                        hang();
                      } catch (InterruptedException e) {
                        throw new UnknownHostException(name);
                      }
                      return List.of();
                    })
                .build();
        OutgoingHandler handler =
            service.handler(
                HttpPolicy.of(HostRules.of("*")).with(LONG.withConnect(SHORT)),
                HttpBudget.of(9, 9, 9),
                HttpObserver.NONE,
                List.of())) {
      HttpFuture<IncomingResponse> future =
          handler.handle(OutgoingRequest.of("GET", "http://slow.test/"));
      HttpException e = assertThrows(HttpException.class, () -> future.await(WaitGuard.NONE));
      assertEquals(ErrorCode.Plain.CONNECTION_TIMEOUT, e.code());
    }
  }

  @Test
  void aGuestCannotRaiseItsTimeouts() throws Exception {
    client.options(LONG.withFirstByte(SHORT));
    try (TestServer server = TestServer.start((request, out) -> hang());
        client) {
      HttpFuture<IncomingResponse> future =
          client
              .handler()
              .handle(
                  OutgoingRequest.of("GET", server.url("web.test")),
                  LONG.withFirstByte(Duration.ofDays(1)));
      assertThrows(HttpException.class, () -> future.await(WaitGuard.NONE));
    } finally {
      done.countDown();
    }
  }

  @Test
  void nobodyListens() throws Exception {
    try (client) {
      assertEquals(ErrorCode.Plain.CONNECTION_REFUSED, client.failure("http://web.test:1/").code());
      HttpException e = client.failure("http://x.web.test/");
      assertEquals("DNS-error", e.code().witName());
      assertEquals("host x.web.test has no address", e.getMessage());
    }
  }

  @Test
  void theNextAddressIsTriedWhenOneRefuses() throws Exception {
    try (TestServer server = TestServer.saying(OK);
        Client both = Client.allowing("web.test").resolving("web.test", "127.0.0.2", "127.0.0.1")) {
      assertEquals("200 0123456789", both.get(server.url("web.test")));
    }
  }

  @Test
  void cancellingClosesTheConnection() throws Exception {
    CountDownLatch arrived = new CountDownLatch(1);
    CountDownLatch closed = new CountDownLatch(3);
    try (TestServer server =
            TestServer.start(
                (request, out) -> {
                  if (request.line().contains("/body")) {
                    out.write(TestServer.bytes("HTTP/1.1 200 OK\r\n\r\nx"));
                    out.flush();
                  }
                  arrived.countDown();
                  try {
                    request.in().read();
                  } finally {
                    closed.countDown();
                  }
                });
        client) {
      HttpFuture<IncomingResponse> waiting =
          client.handler().handle(OutgoingRequest.of("GET", server.url("web.test")));
      arrived.await();
      waiting.close();
      HttpException e = assertThrows(HttpException.class, () -> waiting.await(WaitGuard.NONE));
      assertEquals(ErrorCode.Plain.CONNECTION_TERMINATED, e.code());

      IncomingResponse response =
          client.send(OutgoingRequest.of("GET", server.url("web.test") + "/body"));
      response.close();
      assertEquals(-1, response.body().read(ByteBuffer.allocate(1)));

      client.send(OutgoingRequest.of("GET", server.url("web.test") + "/body"));
      client.handler().close();
      closed.await();
      OutgoingRequest late = OutgoingRequest.of("GET", server.url("web.test"));
      assertThrows(HttpException.class, () -> client.handler().handle(late));
    }
  }

  @Test
  void waitingEndsWithTheGuest() throws Exception {
    WaitGuard over =
        new WaitGuard() {
          @Override
          public void check() {
            throw new IllegalStateException("deadline");
          }

          @Override
          public long remainingNanos() {
            return 0;
          }
        };
    try (TestServer server = TestServer.start((request, out) -> hang());
        client) {
      HttpFuture<IncomingResponse> future =
          client.handler().handle(OutgoingRequest.of("GET", server.url("web.test")));
      assertThrows(IllegalStateException.class, () -> future.await(over));
    } finally {
      done.countDown();
    }
  }

  @Test
  void requestsBeyondTheConnectionsWaitAndBeyondThePendingFail() throws Exception {
    AtomicInteger now = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    CountDownLatch go = new CountDownLatch(1);
    HttpPolicy policy = new HttpPolicy(HostRules.of("web.test"), LONG, 0, 2, 5, 1 << 16, 99);
    try (TestServer server =
            TestServer.start(
                (request, out) -> {
                  most.accumulateAndGet(now.incrementAndGet(), Math::max);
                  go.await();
                  now.decrementAndGet();
                  out.write(TestServer.bytes(OK));
                });
        Client few = Client.with(policy).resolving("web.test", "127.0.0.1")) {
      List<HttpFuture<IncomingResponse>> futures = new ArrayList<>();
      OutgoingRequest request = OutgoingRequest.of("GET", server.url("web.test"));
      for (int i = 0; i < 5; i++) {
        futures.add(few.handler().handle(request));
      }
      HttpException e = assertThrows(HttpException.class, () -> few.handler().handle(request));
      assertEquals(ErrorCode.Plain.CONNECTION_LIMIT_REACHED, e.code());
      while (now.get() < 2) {
        Thread.onSpinWait();
      }
      go.countDown();
      List<Integer> ready =
          Poller.poll(futures.stream().map(HttpFuture::subscribe).toList(), WaitGuard.NONE);
      assertFalse(ready.isEmpty());
      for (HttpFuture<IncomingResponse> future : futures) {
        assertEquals("200 0123456789", Client.text(future.await(WaitGuard.NONE)));
      }
      assertEquals(2, most.get());
    }
  }

  @Test
  void requestsWaitWithoutAThreadEach() throws Exception {
    // Those of services that were closed just before may still be about to end.
    Set<Thread> before = Thread.getAllStackTraces().keySet();
    CountDownLatch go = new CountDownLatch(1);
    HttpPolicy policy = new HttpPolicy(HostRules.of("web.test"), LONG, 0, 1000, 1000, 1 << 16, 99);
    try (TestServer server =
            TestServer.start(
                (request, out) -> {
                  go.await();
                  out.write(TestServer.bytes(OK));
                });
        Client many = Client.with(policy).resolving("web.test", "127.0.0.1")) {
      OutgoingRequest request = OutgoingRequest.of("GET", server.url("web.test"));
      List<HttpFuture<IncomingResponse>> futures = new ArrayList<>();
      for (int i = 0; i < 300; i++) {
        futures.add(many.handler().handle(request));
      }
      while (server.heads().size() < 300) {
        Thread.onSpinWait();
      }
      long threads =
          Thread.getAllStackTraces().keySet().stream()
              .filter(thread -> thread.getName().startsWith("wasi-http"))
              .filter(thread -> !before.contains(thread))
              .count();
      assertTrue(threads <= 17, () -> threads + " platform threads");
      go.countDown();
      for (HttpFuture<IncomingResponse> future : futures) {
        assertEquals("200 0123456789", Client.text(future.await(WaitGuard.NONE)));
      }
    }
  }

  @Test
  void everythingIsRecordedWithoutSecrets() throws Exception {
    client.secret("s3cret value");
    try (TestServer server =
            TestServer.start(
                (request, out) -> {
                  request.body();
                  out.write(TestServer.bytes(OK));
                });
        client) {
      Fields headers =
          Fields.of(
              "Authorization",
              "Bearer abc",
              "Cookie",
              "a=b",
              "X-Api-Key",
              "k",
              "X-Note",
              "my s3cret value!",
              "Proxy-Authorization",
              "p",
              "Accept",
              "*/*");
      client.text(
          OutgoingRequest.of("POST", server.url("web.test") + "/a?t=s3cret%20value")
              .with(headers)
              .with(new OutgoingBody.Bytes(new byte[7])));
      HttpRecord record = client.records(1).getFirst();
      assertEquals("POST", record.method());
      assertEquals(server.url("web.test") + "/a?t=[redacted]", record.url());
      assertEquals(OptionalInt.of(200), record.status());
      assertEquals(7, record.sent());
      assertEquals(10, record.received());
      assertTrue(record.duration().toNanos() > 0);
      assertEquals(Optional.empty(), record.error());
      assertEquals(
          List.of(
              new Fields.Field("Authorization", "[redacted]"),
              new Fields.Field("Cookie", "[redacted]"),
              new Fields.Field("X-Api-Key", "[redacted]"),
              new Fields.Field("X-Note", "my [redacted]!"),
              new Fields.Field("Proxy-Authorization", "[redacted]"),
              new Fields.Field("Accept", "*/*")),
          record.headers());
      assertEquals(1, client.started.size());
      client.failure("http://denied.test/?s3cret%20value");
      HttpRecord refused = client.records(2).getLast();
      assertEquals("http://denied.test/?[redacted]", refused.url());
      assertEquals(Optional.of(ErrorCode.Plain.HTTP_REQUEST_DENIED), refused.error());
      assertEquals(1, client.started.size());
    }
  }

  @Test
  void headersAreLimited() {
    try (client) {
      OutgoingRequest request = OutgoingRequest.of("GET", "http://web.test/");
      Fields one = Fields.of("X", "a".repeat(70_000));
      assertEquals("HTTP-request-header-size", client.failure(request.with(one)).code().witName());
      Fields many = new Fields();
      for (int i = 0; i < 129; i++) {
        many.append("X", "a");
      }
      assertEquals(
          "HTTP-request-header-section-size", client.failure(request.with(many)).code().witName());
      Fields large = Fields.of("X", "a".repeat(40_000), "Y", "a".repeat(40_000));
      assertEquals(
          "HTTP-request-header-section-size", client.failure(request.with(large)).code().witName());
    }
  }

  @Test
  void aContextBreaksOffItsRequestsWhenItIsClosed() throws Exception {
    CountDownLatch closed = new CountDownLatch(1);
    try (TestServer server =
            TestServer.start(
                (request, out) -> {
                  request.in().read();
                  closed.countDown();
                });
        client) {
      HttpFuture<IncomingResponse> future;
      try (WasiContext context = WasiContext.builder().http(client.handler()).build()) {
        OutgoingHandler granted = context.http().orElseThrow();
        future = granted.handle(OutgoingRequest.of("GET", server.url("web.test")));
        while (server.heads().isEmpty()) {
          Thread.onSpinWait();
        }
      }
      closed.await();
      assertThrows(HttpException.class, () -> future.await(WaitGuard.NONE));
      assertEquals(Optional.empty(), WasiContext.builder().build().http());
    }
  }

  @Test
  void faultsOfTheEmbedderAreHeardOfToo() {
    HttpService service =
        HttpService.builder()
            .resolver(
                name -> {
                  throw new IllegalStateException("broken resolver");
                })
            .build();
    HttpObserver broken =
        new HttpObserver() {
          @Override
          public void started(HttpRecord request) {
            throw new IllegalStateException("broken observer");
          }
        };
    OutgoingHandler handler =
        service.handler(
            HttpPolicy.of(HostRules.of("*", "127.0.0.1")),
            HttpBudget.of(9, 9, 9),
            broken,
            List.of());
    assertEquals("DNS-error", failureOf(handler, "http://web.test/").code().witName());
    assertEquals("internal-error", failureOf(handler, "http://127.0.0.1:1/").code().witName());
    service.close();
    assertEquals(
        ErrorCode.Plain.CONFIGURATION_ERROR, failureOf(handler, "http://web.test/").code());
  }

  private static HttpException failureOf(OutgoingHandler handler, String url) {
    HttpFuture<IncomingResponse> future = handler.handle(OutgoingRequest.of("GET", url));
    return assertThrows(HttpException.class, () -> future.await(WaitGuard.NONE));
  }
}

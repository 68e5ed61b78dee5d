package dev.capsule.task.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.capsule.compatibility.Differs;
import dev.capsule.task.guest.Cancellation;
import dev.capsule.task.guest.HttpCall;
import dev.capsule.task.guest.HttpCall.Header;
import dev.capsule.task.guest.HttpReply;
import dev.capsule.task.guest.HttpReply.Failure;
import dev.capsule.task.guest.HttpReply.Reason;
import dev.capsule.task.guest.HttpReply.Response;
import dev.capsule.wasi.http.HostRules;
import dev.capsule.wasi.http.HttpBudget;
import dev.capsule.wasi.http.HttpService;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(600)
class HttpClientTest {
  private final Map<String, String> responses = new ConcurrentHashMap<>();
  private final List<String> requests = Collections.synchronizedList(new ArrayList<>());
  private final AtomicInteger allowed = new AtomicInteger();
  private final CountDownLatch hanging = new CountDownLatch(1);
  private HttpBudget budget = HttpBudget.of(100, 1 << 20, 1 << 20);
  private Cancellation cancellation = Cancellation.never();
  private ServerSocket server;
  private HttpClient client;

  @BeforeEach
  void serve() throws IOException {
    server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread thread = new Thread(this::accept);
    thread.setDaemon(true);
    thread.start();
    client =
        new HttpClient(
            HttpService.builder()
                .resolver(
                    host -> {
                      if (host.equals("nowhere.org")) {
                        throw new UnknownHostException(host);
                      }
                      return List.of(InetAddress.getLoopbackAddress());
                    })
                .build());
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
  }

  private void accept() {
    while (!server.isClosed()) {
      try (Socket socket = server.accept()) {
        String request = head(socket.getInputStream());
        requests.add(request);
        String path = request.split(" ")[1];
        if (path.equals("/hang")) {
          hanging.countDown();
          socket.getInputStream().read();
        }
        socket
            .getOutputStream()
            .write(
                responses
                    .getOrDefault(path, "HTTP/1.1 404 No\r\n\r\n")
                    .getBytes(StandardCharsets.ISO_8859_1));
      } catch (IOException e) {
        continue;
      }
    }
  }

  private static String head(InputStream in) throws IOException {
    StringBuilder text = new StringBuilder();
    while (text.indexOf("\r\n\r\n") < 0) {
      text.append((char) in.read());
    }
    int length = text.toString().toLowerCase().indexOf("content-length: ");
    int body = length < 0 ? 0 : Integer.parseInt(text.substring(length + 16).split("\r")[0]);
    for (int i = 0; i < body; i++) {
      text.append((char) in.read());
    }
    return text.toString();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "200 OK~Content-Length: 5~~hello| hello",
        "200~Content-Length: 5~~hello and more| hello",
        "200 OK~~hello| hello",
        "200 OK~Transfer-Encoding: chunked~~3~hel~2;x=y~lo~0~T: v~~| hello",
        "100 Continue~~HTTP/1.1 200 OK~Content-Length: 5~~hello| hello",
      })
  void everyWayToEndABody(String response, String body) {
    responses.put("/a?b=c%20d", "HTTP/1.1 " + response.replace("~", "\r\n"));
    Response reply = (Response) get("http://example.org:%d/a?b=c%%20d#f");
    assertEquals(200, reply.status());
    assertEquals(body, new String(reply.body(), StandardCharsets.UTF_8));
    assertEquals(1, allowed.get());
    assertTrue(requests.get(0).startsWith("GET /a?b=c%20d HTTP/1.1\r\nHost: example.org:"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "garbage",
        "HTTP/2 200 OK~~",
        "HTTP/1.1 200 OK~Content-Length: 9~~short",
        "HTTP/1.1 200 OK~Content-Length: -1~~",
        "HTTP/1.1 200 OK~Transfer-Encoding: chunked~~zz~",
        "HTTP/1.1 200 OK~Transfer-Encoding: gzip~~x",
        "HTTP/1.1 200 OK~no colon~~",
        "HTTP/1.1 200 OK~Content-Length: 99999999999999999999~~",
        ""
      })
  void brokenResponsesAreFailures(String response) {
    responses.put("/", response.replace("~", "\r\n"));
    assertFailure(Reason.NETWORK, get("http://example.org:%d/"));
  }

  @Test
  void endlessHeadsAreCutOff() {
    responses.put("/", "HTTP/1.1 200 OK\r\n" + "A: b\r\n".repeat(100_000));
    assertFailure(Reason.NETWORK, get("http://example.org:%d/"));
  }

  @Test
  void sendsBodiesAndHeadersButNotThoseOfTheConnection() {
    responses.put("/", "HTTP/1.1 204 No\r\n\r\n");
    byte[] body = {0, (byte) 0xff, 'x'};
    send(
        new HttpCall(
            "post",
            url("http://example.org:%d"),
            List.of(
                new Header("X-A", "1"),
                new Header("Content-Length", "99"),
                new Header("Host", "evil.org"),
                new Header("Connection", "keep-alive"),
                new Header("Transfer-Encoding", "chunked")),
            Optional.of(body),
            true));
    String request = requests.get(0);
    assertTrue(request.startsWith("POST / HTTP/1.1\r\nHost: example.org:"), request);
    assertTrue(request.contains("\r\nX-A: 1\r\n"), request);
    assertTrue(request.contains("\r\nContent-Length: 3\r\n"), request);
    assertTrue(!request.contains("evil") && !request.contains("keep-alive"), request);
    assertTrue(request.endsWith("\u0000\u00ffx"), request);
  }

  @ParameterizedTest
  @CsvSource({
    "http://evil.org:%d/, DENIED",
    "http://127.0.0.1:%d/, DENIED",
    "http://other.net:%d/, DENIED",
    "http://169.254.169.254/, DENIED",
    "ftp://example.org/, INVALID",
    "/relative, INVALID",
    "http://, INVALID",
    "http://exa mple.org/, INVALID",
    "http://nowhere.org/, NETWORK",
  })
  void refusedBeforeAnythingIsSent(String url, Reason reason) {
    assertFailure(reason, get(url));
    assertEquals(0, requests.size());
    assertEquals(0, allowed.get());
  }

  @Test
  void headersCannotSmuggleLines() {
    HttpCall call =
        new HttpCall(
            "GET",
            url("http://example.org:%d/"),
            List.of(new Header("A", "b\r\nHost: evil.org")),
            Optional.empty(),
            true);
    assertFailure(Reason.INVALID, send(call));
    HttpCall method =
        new HttpCall("GE T", url("http://example.org:%d/"), List.of(), Optional.empty(), true);
    assertFailure(Reason.INVALID, send(method));
  }

  @ParameterizedTest
  @CsvSource({
    "301, GET, GET",
    "302, POST, GET",
    "303, PUT, GET",
    "307, POST, POST",
    "308, PUT, PUT",
    "303, HEAD, HEAD",
  })
  void redirectsAreFollowedWithinTheRules(int status, String method, String then) {
    responses.put("/", "HTTP/1.1 " + status + " R\r\nLocation: /next\r\nContent-Length: 0\r\n\r\n");
    responses.put("/next", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    Response reply =
        (Response)
            send(
                new HttpCall(
                    method,
                    url("http://example.org:%d/"),
                    List.of(new Header("Authorization", "x")),
                    Optional.of(new byte[1]),
                    true));
    assertEquals(200, reply.status());
    assertEquals(url("http://example.org:%d/next"), reply.url());
    assertTrue(requests.get(1).startsWith(then + " /next"), () -> requests.get(1));
    assertTrue(requests.get(1).contains("Authorization: x"));
    assertEquals(1, allowed.get());
  }

  @Test
  @Differs(
      section = "Files and hosts",
      topic = "redirects and private addresses",
      original = "not judged",
      here = "judged")
  void redirectsToOtherHostsAreJudgedAndLoseCredentials() {
    responses.put("/", "HTTP/1.1 302 R\r\nLocation: " + url("http://evil.org:%d/x") + "\r\n\r\n");
    assertFailure(Reason.DENIED, get("http://example.org:%d/"));
    responses.put("/", "HTTP/1.1 302 R\r\nLocation: " + url("http://second.org:%d/x") + "\r\n\r\n");
    responses.put("/x", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    requests.clear();
    Header secret = new Header("Cookie", "x");
    send(
        new HttpCall(
            "GET", url("http://example.org:%d/"), List.of(secret), Optional.empty(), true));
    assertTrue(requests.get(0).contains("Cookie: x"));
    assertTrue(!requests.get(1).contains("Cookie"), () -> requests.get(1));
  }

  @Test
  void redirectsCanBeHandedBackAndAreNotEndless() {
    responses.put("/", "HTTP/1.1 302 R\r\nLocation: /\r\nContent-Length: 0\r\n\r\n");
    Response reply =
        (Response)
            send(
                new HttpCall(
                    "GET", url("http://example.org:%d/"), List.of(), Optional.empty(), false));
    assertEquals(302, reply.status());
    assertFailure(Reason.NETWORK, get("http://example.org:%d/"));
    assertEquals(1 + 11, requests.size());
  }

  @Test
  void budgetsBoundRequestsAndBytes() {
    responses.put("/", "HTTP/1.1 200 OK\r\n\r\n" + "x".repeat(200_000));
    budget = HttpBudget.of(2, 10, 100_000).within(5, 1 << 30, 1 << 30);
    assertFailure(Reason.BUDGET, get("http://example.org:%d/"));
    HttpCall upload =
        new HttpCall(
            "POST", url("http://example.org:%d/"), List.of(), Optional.of(new byte[11]), true);
    assertFailure(Reason.BUDGET, send(upload));
    Failure last = (Failure) get("http://example.org:%d/");
    assertEquals(Reason.BUDGET, last.reason());
    assertTrue(last.message().contains("max_requests"), last.message());
    assertEquals(1, requests.size());
  }

  @Test
  void stoppingTheTaskClosesTheConnection() throws Exception {
    List<Runnable> actions = Collections.synchronizedList(new ArrayList<>());
    cancellation =
        new Cancellation() {
          @Override
          public boolean isRequested() {
            return false;
          }

          @Override
          public Registration onRequest(Runnable action) {
            actions.add(action);
            return () -> {};
          }
        };
    var reply =
        client.send(
            new HttpCall(
                "GET", url("http://example.org:%d/hang"), List.of(), Optional.empty(), true),
            rules(),
            budget,
            cancellation,
            allowed::incrementAndGet);
    hanging.await();
    actions.get(0).run();
    assertFailure(Reason.CANCELLED, reply.join());
  }

  private void assertFailure(Reason reason, HttpReply reply) {
    assertTrue(reply instanceof Failure, reply::toString);
    assertEquals(reason, ((Failure) reply).reason(), reply::toString);
  }

  private HttpReply get(String pattern) {
    return send(new HttpCall("GET", url(pattern), List.of(), Optional.empty(), true));
  }

  private String url(String pattern) {
    return pattern.formatted(server.getLocalPort());
  }

  private HttpReply send(HttpCall call) {
    return client.send(call, rules(), budget, cancellation, allowed::incrementAndGet).join();
  }

  /** The server is at a private address: only hosts named exactly get there. */
  private static HostRules rules() {
    return HostRules.of("example.org", "second.org", "nowhere.org", "*.net");
  }
}

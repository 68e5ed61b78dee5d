package dev.capsule.wasi.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Attempts to reach what is not granted. The secret server listens on loopback; it proves by its
 * own count that nobody came.
 */
@Timeout(600)
class HttpEscapeTest {
  private static final String SECRET = "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nsecret";

  /** Ways to ask for 127.0.0.1 or ::1, with only public hosts granted. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://127.0.0.1:PORT/",
        "http://127.0.0.2:PORT/",
        "http://localhost:PORT/",
        "http://LOCALHOST.:PORT/",
        "http://[::1]:PORT/",
        "http://[::]:PORT/",
        "http://0.0.0.0:PORT/",
        "http://[::ffff:127.0.0.1]:PORT/",
        "http://[::ffff:7f00:1]:PORT/",
        "http://[0:0:0:0:0:FFFF:127.0.0.1]:PORT/",
        "http://[::127.0.0.1]:PORT/",
        "http://[64:ff9b::127.0.0.1]:PORT/",
        "http://[2002:7f00:1::]:PORT/",
        "http://127.1:PORT/",
        "http://127.0.1:PORT/",
        "http://0177.0.0.1:PORT/",
        "http://0x7f.0.0.1:PORT/",
        "http://0x7f000001:PORT/",
        "http://2130706433:PORT/",
        "http://017700000001:PORT/",
        "http://127.0.0.1.:PORT/",
        "http://127.000.000.001:PORT/",
        "http://%31%32%37.0.0.1:PORT/",
        "http://127\u30020\u30020\u30021:PORT/",
        "http://\u2460\u2461\u2466.0.0.1:PORT/",
        "http://loop.test:PORT/",
        "http://mixed6.test:PORT/",
        "http://mapped.test:PORT/",
        "http://nat64.test:PORT/",
        "http://unspecified.test:PORT/",
        "http://deep.sub.loop.example.com:PORT/",
      })
  void loopbackWithEverythingPublicGranted(String url) throws Exception {
    try (TestServer server = TestServer.saying(SECRET);
        Client client = publicInternet()) {
      String real = url.replace("PORT", Integer.toString(server.port()));
      assertThrows(HttpException.class, () -> client.get(real));
      assertEquals(0, server.connections());
    }
  }

  private static Client publicInternet() {
    return Client.allowing("*", "example.com")
        .resolving("localhost", "127.0.0.1", "::1")
        .resolving("loop.test", "127.0.0.1")
        .resolving("mixed6.test", "fe80::1", "::1", "127.0.0.1")
        .resolving("mapped.test", "::ffff:127.0.0.1")
        .resolving("nat64.test", "64:ff9b::7f00:1")
        .resolving("unspecified.test", "0.0.0.0", "::")
        .resolving("deep.sub.loop.example.com", "127.0.0.1");
  }

  /** Addresses that a wildcard or the name of the domain above never opens. */
  @ParameterizedTest
  @CsvSource({
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "100.64.0.1",
    "169.254.169.254",
    "168.63.129.16",
    "224.0.0.1",
    "255.255.255.255",
    "fd00::1",
    "fd00:ec2::254",
    "fe80::1",
    "ff02::1",
    "::ffff:10.0.0.1",
    "64:ff9b::a00:1",
    "2001:db8::1",
  })
  void namesThatResolveToPrivateAddresses(String address) {
    try (Client client =
        Client.allowing("*", "*.example.com", "example.org")
            .resolving("x.example.com", address)
            .resolving("a.example.org", address)) {
      for (String url : List.of("http://x.example.com/", "https://a.example.org:8443/")) {
        HttpException e = client.failure(url);
        assertEquals(ErrorCode.Plain.DESTINATION_IP_PROHIBITED, e.code());
        assertTrue(e.getMessage().contains("example.org"), e.getMessage());
        assertFalse(e.getMessage().contains(address), "tells what internal names resolve to");
      }
    }
  }

  /** Less than by default for systems that have no 127.0.0.2, and far more than a lookup takes. */
  private static final Duration CONNECT = Duration.ofSeconds(10);

  @Test
  void rebindingFindsNoGap() throws Exception {
    try (TestServer server = TestServer.saying(SECRET);
        Client client =
            Client.allowing("*.rebind.test", "127.0.0.2")
                .options(RequestOptions.DEFAULT.withConnect(CONNECT))
                .resolving("a.rebind.test", "127.0.0.2")
                .resolving("a.rebind.test", "127.0.0.1")) {
      String url = server.url("a.rebind.test");
      HttpException first = client.failure(url);
      assertFalse(first.code() == ErrorCode.Plain.DESTINATION_IP_PROHIBITED, first.getMessage());
      assertEquals(1, client.lookups.size(), "one lookup per connection, never a second one");
      assertEquals(ErrorCode.Plain.DESTINATION_IP_PROHIBITED, client.failure(url).code());
      assertEquals(2, client.lookups.size());
      assertEquals(0, server.connections());
    }
  }

  @Test
  void aPermittedAddressDoesNotCarryADeniedOneAlong() throws Exception {
    try (TestServer server = TestServer.saying(SECRET);
        Client client =
            Client.allowing("*", "127.0.0.2")
                .options(RequestOptions.DEFAULT.withConnect(CONNECT))
                .resolving("both.test", "127.0.0.2", "127.0.0.1")) {
      client.failure(server.url("both.test"));
      assertEquals(0, server.connections());
    }
  }

  /** Where a granted server may not send a guest. PORT is the granted port, OTHER another one. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://evil.test:PORT/",
        "//evil.test:PORT/",
        "http://ok.test:OTHER/",
        "http://127.0.0.1:PORT/",
        "http://localhost:PORT/",
        "http://[::1]:PORT/",
        "http://[::ffff:127.0.0.1]:PORT/",
        "http://2130706433:PORT/",
        "http://0x7f.1:PORT/",
        "http://ok.test.evil.test:PORT/",
        "http://evil-ok.test:PORT/",
        "http://ok.test@evil.test:PORT/",
        "http://ok.test:PORT@evil.test/",
        "http://evil.test:PORT#@ok.test:PORT/",
        "http://evil.test:PORT\\@ok.test:PORT/",
        "\\\\evil.test:PORT\\x",
        "/\\evil.test:PORT/x",
        "https://ok.test:PORT/",
        "file:///etc/passwd",
        "ftp://ok.test:PORT/",
        "gopher://ok.test:PORT/_GET",
        "javascript:alert(1)",
        "data:text/plain,secret",
        "jar:http://ok.test:PORT/!/x",
        "http:evil.test",
        "http:///evil.test:PORT/",
        "http://ok.test:PORT%2f@evil.test/",
        "http://sub.ok.test:PORT/",
        "http://169.254.169.254/latest/meta-data/",
      })
  void redirects(String location) throws Exception {
    int[] other = new int[1];
    try (TestServer secret = TestServer.saying(SECRET);
        TestServer server =
            TestServer.start(
                (request, out) -> {
                  boolean first = request.line().startsWith("GET /start ");
                  String target =
                      location
                          .replace("PORT", request.header("Host").getFirst().split(":")[1])
                          .replace("OTHER", Integer.toString(other[0]));
                  out.write(
                      TestServer.bytes(
                          first ? "HTTP/1.1 302 Go\r\nLocation: " + target + "\r\n\r\n" : SECRET));
                });
        Client client =
            Client.allowing("http://ok.test:" + server.port())
                .resolving("ok.test", "127.0.0.1")
                .resolving("sub.ok.test", "127.0.0.1")
                .resolving("evil.test", "127.0.0.1")
                .resolving("localhost", "127.0.0.1")
                .resolving("ok.test.evil.test", "127.0.0.1")
                .resolving("evil-ok.test", "127.0.0.1")) {
      other[0] = secret.port();
      HttpException e = client.failure(server.url("ok.test") + "/start");
      assertTrue(e.getMessage().contains("ok.test"), e.getMessage());
      assertEquals(1, server.connections());
      assertEquals(0, secret.connections());
    }
  }

  @Test
  void credentialsDoNotFollowARedirectElsewhere() throws Exception {
    Function<TestServer, String> b = server -> server.url("b.test");
    TestServer[] servers = new TestServer[1];
    try (TestServer second =
            TestServer.start(
                (request, out) ->
                    // And back: what has been dropped stays dropped.
                    out.write(
                        TestServer.bytes(
                            "HTTP/1.1 307 Go\r\nLocation: "
                                + servers[0].url("a.test")
                                + "/back\r\n\r\n")));
        TestServer first =
            TestServer.start(
                (request, out) ->
                    out.write(
                        TestServer.bytes(
                            request.line().contains("/back")
                                ? SECRET
                                : request.line().contains("/same")
                                    ? "HTTP/1.1 307 Go\r\nLocation: "
                                        + b.apply(second)
                                        + "/\r\n\r\n"
                                    : "HTTP/1.1 307 Go\r\nLocation: /same\r\n\r\n")));
        Client client =
            Client.allowing("a.test", "b.test")
                .resolving("a.test", "127.0.0.1")
                .resolving("b.test", "127.0.0.1")) {
      servers[0] = first;
      Fields headers =
          Fields.of("Authorization", "x", "COOKIE", "y", "Proxy-Authorization", "z", "X-Id", "1");
      client.text(OutgoingRequest.of("GET", first.url("a.test")).with(headers).following(9));
      assertTrue(first.heads().get(1).contains("Authorization: x\r\nCOOKIE: y\r\n"));
      for (String head : List.of(second.heads().getFirst(), first.heads().get(2))) {
        assertTrue(head.contains("X-Id: 1\r\n"));
        assertFalse(head.toLowerCase(Locale.ROOT).contains("authorization"), head);
        assertFalse(head.contains("COOKIE"), head);
      }
    }
  }

  /** Host rules and hosts that look alike. */
  @ParameterizedTest
  @CsvSource({
    "example.com, badexample.com",
    "example.com, example.com.evil.test",
    "example.com, example.co",
    "*.example.com, example.com",
    "*.example.com, example.com.evil.test",
    "0.0.1, 127.0.0.1",
    "127.*, 127.0.0.1",
    "*.0.0.1, 127.0.0.1",
    "127.0.0.1, 127.0.0.1.evil.test",
    "127.0.0.1, 127.0.0.2",
    "api.*, evil.test",
    "example.com:81, example.com",
    "https://example.com, example.com",
    "m\u00fcnchen.de, munchen.de",
    "example.com, ex\u0430mple.com",
  })
  void hostsThatLookAlike(String entry, String host) throws Exception {
    try (TestServer server = TestServer.saying(SECRET);
        Client client = Client.allowing(entry)) {
      client.resolving(Host.parse(host).toString(), "127.0.0.1");
      HttpException e = client.failure(server.url(host));
      assertEquals(ErrorCode.Plain.HTTP_REQUEST_DENIED, e.code());
      assertTrue(e.getMessage().contains(Host.parse(host).toString()), e.getMessage());
      assertTrue(e.getMessage().contains(entry), e.getMessage());
      assertEquals(List.of(), client.lookups, "a denied name is not even looked up");
      assertEquals(0, server.connections());
      assertEquals(0, client.started.size());
      assertEquals(1, client.records(1).size());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "X, a|Evil: 1",
    "X, a|||GET / HTTP/1.1",
    "X, a\rEvil: 1",
    "X, a\u0000b",
    "X, \u0100",
    "X\u010d\u010aEvil, 1",
    "X|Evil, 1",
    "X:Evil, 1",
    "'X ', 1",
    "'', 1",
    "X\u00e4, 1",
  })
  void headerInjection(String name, String value) {
    HeaderException e =
        assertThrows(
            HeaderException.class,
            () -> new Fields().append(name.replace("|", "\r\n"), value.replace("|", "\r\n")));
    assertEquals(HeaderException.Kind.INVALID_SYNTAX, e.kind());
  }

  @ParameterizedTest
  @CsvSource({
    "Host, evil.test",
    "Host, 'web.test, evil.test'",
    "Connection, X-Secret",
    "Connection, upgrade",
    "Upgrade, h2c",
    "HTTP2-Settings, x",
    "Keep-Alive, timeout=5",
    "Proxy-Connection, x",
    "Transfer-Encoding, gzip",
    "Transfer-Encoding, 'chunked, identity'",
    "TE, gzip",
    "Expect, 200-maybe",
    "Content-Length, -1",
    "Content-Length, 5x",
    "Content-Length, '5, 5'",
    "Content-Length, 0x10",
  })
  void headersThatDecideWhereAMessageEndsOrGoes(String name, String value) throws Exception {
    try (TestServer server = TestServer.saying(SECRET);
        Client client = Client.allowing("web.test").resolving("web.test", "127.0.0.1")) {
      HttpException e =
          client.failure(
              OutgoingRequest.of("POST", server.url("web.test"))
                  .with(new OutgoingBody.Bytes(new byte[5]))
                  .with(Fields.of(name, value)));
      assertEquals(ErrorCode.Plain.HTTP_REQUEST_DENIED, e.code());
      assertTrue(e.getMessage().contains(name), e.getMessage());
      assertEquals(0, server.connections());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"CONNECT", "trace", "TRACK", "", "GET ", "GET /x HTTP/1.1\r\nX:", "G\u00cbT"})
  void methods(String method) {
    try (Client client = Client.allowing("web.test").resolving("web.test", "127.0.0.1")) {
      HttpException e = client.failure(OutgoingRequest.of(method, "http://web.test/"));
      assertEquals(ErrorCode.Plain.HTTP_REQUEST_METHOD_INVALID, e.code());
    }
  }

  @Test
  void theHarmlessFormsOfThoseHeadersAreOurs() throws Exception {
    try (TestServer server =
            TestServer.start(
                (request, out) -> {
                  request.body();
                  out.write(TestServer.bytes(SECRET));
                });
        Client client = Client.allowing("web.test").resolving("web.test", "127.0.0.1")) {
      Fields headers =
          Fields.of(
              "Host",
              "WEB.test:" + server.port(),
              "Connection",
              "Keep-Alive",
              "Content-Length",
              "5",
              "content-length",
              "5",
              "Transfer-Encoding",
              "chunked");
      client.text(
          OutgoingRequest.of("POST", server.url("web.test"))
              .with(new OutgoingBody.Bytes(new byte[5]))
              .with(headers));
      assertEquals(
          "POST / HTTP/1.1\r\nHost: web.test:"
              + server.port()
              + "\r\nContent-Length: 5\r\nConnection: close\r\n\r\n",
          server.heads().getFirst());
    }
  }

  @Test
  void proxiesOfTheProcessAreNotUsed() throws Exception {
    try (TestServer proxy = TestServer.saying(SECRET);
        Client client = Client.allowing("web.test").resolving("web.test", "127.0.0.1")) {
      List<String> properties =
          List.of("http.proxyHost", "https.proxyHost", "socksProxyHost", "http.nonProxyHosts");
      try {
        properties.forEach(name -> System.setProperty(name, "127.0.0.1"));
        System.setProperty("http.nonProxyHosts", "none.test");
        System.setProperty("http.proxyPort", Integer.toString(proxy.port()));
        System.setProperty("socksProxyPort", Integer.toString(proxy.port()));
        HttpException e = client.failure("http://web.test:1/");
        assertEquals(ErrorCode.Plain.CONNECTION_REFUSED, e.code());
        assertEquals(0, proxy.connections());
      } finally {
        properties.forEach(System::clearProperty);
        System.clearProperty("http.proxyPort");
        System.clearProperty("socksProxyPort");
      }
    }
  }

  @Test
  void whatIsGrantedByNameOrAddressWorks() throws Exception {
    try (TestServer server =
        TestServer.saying("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nsecret")) {
      for (String entry : List.of("in.test", "http://in.test:" + server.port())) {
        try (Client client = Client.allowing(entry).resolving("in.test", "127.0.0.1")) {
          assertEquals("200 secret", client.get(server.url("in.test")));
        }
      }
      try (Client client = Client.allowing("127.0.0.1")) {
        assertEquals("200 secret", client.get(server.url("127.0.0.1")));
        assertEquals("200 secret", client.get(server.url("[::ffff:127.0.0.1]")));
      }
      try (Client client =
          Client.allowing("*.test", "127.0.0.1").resolving("x.in.test", "::5", "127.0.0.1")) {
        assertEquals("200 secret", client.get(server.url("x.in.test")));
      }
    }
  }
}

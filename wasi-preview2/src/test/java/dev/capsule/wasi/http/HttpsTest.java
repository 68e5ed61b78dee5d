package dev.capsule.wasi.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** TLS: whom the client believes. */
@Timeout(600)
class HttpsTest {
  private static final char[] PASSWORD = "changeit".toCharArray();

  @TempDir static Path folder;
  private static SSLContext context;

  /** A context that has a certificate for web.test and 127.0.0.1 and trusts it. */
  @BeforeAll
  static void makeCertificate() throws Exception {
    Path file = folder.resolve("keys.p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keyalg",
                "EC",
                "-alias",
                "server",
                "-dname",
                "CN=web.test",
                "-ext",
                "SAN=dns:web.test,ip:127.0.0.1",
                "-storetype",
                "PKCS12",
                "-keystore",
                file.toString(),
                "-storepass",
                new String(PASSWORD))
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("log").toFile())
            .start();
    assertEquals(0, keytool.waitFor(), () -> "keytool failed");
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file)) {
      keys.load(in, PASSWORD);
    }
    KeyManagerFactory identity = KeyManagerFactory.getInstance("PKIX");
    identity.init(keys, PASSWORD);
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("server", keys.getCertificate("server"));
    TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(trusted);
    context = SSLContext.getInstance("TLS");
    context.init(identity.getKeyManagers(), trust.getTrustManagers(), null);
  }

  private static TestServer server() {
    return TestServer.start(
        context.getServerSocketFactory(),
        (request, out) -> out.write(TestServer.bytes("HTTP/1.1 200 OK\r\n\r\nsafe")));
  }

  private static Client client() {
    return Client.allowing("https://*", "web.test", "other.test", "127.0.0.1")
        .resolving("web.test", "127.0.0.1")
        .resolving("other.test", "127.0.0.1");
  }

  @Test
  void believesATrustedCertificateForTheName() throws Exception {
    try (TestServer server = server();
        Client client = client()) {
      client.handler(HttpService.builder().tls(context));
      assertEquals("200 safe", client.get("https://web.test:" + server.port() + "/"));
      assertEquals("200 safe", client.get("https://127.0.0.1:" + server.port() + "/"));
      assertTrue(server.heads().getFirst().contains("Host: web.test:" + server.port()));
    }
  }

  @Test
  void sendsTheNameAndAsksForHttp1() throws Exception {
    StringBuilder seen = new StringBuilder();
    try (SSLServerSocket listener =
            (SSLServerSocket)
                context
                    .getServerSocketFactory()
                    .createServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Client client = client()) {
      Thread server =
          Thread.ofVirtual()
              .start(
                  () -> {
                    try (SSLSocket socket = (SSLSocket) listener.accept()) {
                      socket.setHandshakeApplicationProtocolSelector(
                          (self, offered) -> {
                            seen.append(offered);
                            return offered.getFirst();
                          });
                      socket.startHandshake();
                      ExtendedSSLSession session = (ExtendedSSLSession) socket.getSession();
                      seen.append(session.getRequestedServerNames());
                    } catch (IOException e) {
                      seen.append(e);
                    }
                  });
      client.handler(HttpService.builder().tls(context));
      client.failure("https://web.test:" + listener.getLocalPort() + "/");
      server.join();
      assertEquals("[http/1.1]" + List.of(new SNIHostName("web.test")), seen.toString());
    }
  }

  @Test
  void refusesACertificateForAnotherName() throws Exception {
    try (TestServer server = server();
        Client client = client()) {
      client.handler(HttpService.builder().tls(context));
      HttpException e = client.failure("https://other.test:" + server.port() + "/");
      assertEquals(ErrorCode.Plain.TLS_CERTIFICATE_ERROR, e.code(), e.getMessage());
      assertTrue(e.getMessage().contains("other.test"), e.getMessage());
      assertEquals(List.of(), server.heads());
    }
  }

  @Test
  void refusesACertificateThatTheJdkDoesNotTrust() throws Exception {
    try (TestServer server = server();
        Client client = client()) {
      HttpException e = client.failure("https://web.test:" + server.port() + "/");
      assertEquals(ErrorCode.Plain.TLS_CERTIFICATE_ERROR, e.code(), e.getMessage());
      assertEquals(List.of(), server.heads());
    }
  }

  @Test
  void refusesAServerWithoutTls() throws Exception {
    try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Client client = client()) {
      Thread.ofVirtual()
          .start(
              () -> {
                try (Socket socket = listener.accept()) {
                  socket.getOutputStream().write("HTTP/1.1 400 Bad\r\n\r\n".getBytes(UTF_8));
                  socket.getInputStream().readAllBytes();
                } catch (IOException e) {
                  return;
                }
              });
      HttpException e = client.failure("https://web.test:" + listener.getLocalPort() + "/");
      assertEquals(ErrorCode.Plain.TLS_PROTOCOL_ERROR, e.code(), e.getMessage());
    }
  }

  @Test
  void aHandshakeThatNeverEndsIsCutOff() throws Exception {
    try (TestServer server = TestServer.saying("");
        Client client =
            client().options(RequestOptions.DEFAULT.withConnect(Duration.ofMillis(100)))) {
      HttpException e = client.failure("https://web.test:" + server.port() + "/");
      assertEquals(ErrorCode.Plain.CONNECTION_TIMEOUT, e.code());
    }
  }
}

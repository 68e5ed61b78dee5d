package dev.capsule.wasi.http;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.Proxy;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.function.Supplier;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/** Connects to addresses that have been permitted, never to names, never through a proxy. */
final class Connector {
  private final Supplier<SSLContext> tls;

  Connector(Supplier<SSLContext> tls) {
    this.tls = tls;
  }

  /** The context of the JDK, with its trust store. */
  static SSLContext systemTls() {
    try {
      return SSLContext.getDefault();
    } catch (NoSuchAlgorithmException e) {
      throw new HttpException(
          ErrorCode.Plain.CONFIGURATION_ERROR, "the JVM has no TLS: " + e.getMessage());
    }
  }

  /**
   * Connects, with TLS for https.
   *
   * @param opened told about each socket before anything blocks on it, so that it can be closed
   * @param timeout for all addresses together; the TLS handshake is the caller's to bound
   */
  Socket connect(
      HttpUrl url, List<InetAddress> addresses, Duration timeout, Consumer<Socket> opened)
      throws IOException {
    Socket socket = connectAny(url, addresses, timeout, opened);
    socket.setTcpNoDelay(true);
    return url.scheme().equals("https") ? secure(url, socket) : socket;
  }

  private static Socket connectAny(
      HttpUrl url, List<InetAddress> addresses, Duration timeout, Consumer<Socket> opened) {
    long end = System.nanoTime() + timeout.toNanos();
    HttpException failure = null;
    for (int i = 0; i < addresses.size(); i++) {
      // What is left is shared with the addresses still to come, so that each has its chance.
      long share = (end - System.nanoTime()) / (addresses.size() - i) / 1_000_000;
      Socket socket = new Socket(Proxy.NO_PROXY);
      opened.accept(socket);
      try {
        socket.connect(
            new InetSocketAddress(addresses.get(i), url.port()),
            Math.clamp(share, 1, Integer.MAX_VALUE));
        return socket;
      } catch (IOException e) {
        failure = connectFailure(url, e);
        close(socket);
      }
    }
    throw failure;
  }

  private static HttpException connectFailure(HttpUrl url, IOException e) {
    String text = String.valueOf(e.getMessage());
    ErrorCode code =
        switch (e) {
          case SocketTimeoutException late -> ErrorCode.Plain.CONNECTION_TIMEOUT;
          case NoRouteToHostException none -> ErrorCode.Plain.DESTINATION_IP_UNROUTABLE;
          case ConnectException refused when text.contains("refused") ->
              ErrorCode.Plain.CONNECTION_REFUSED;
          default ->
              text.contains("unreachable")
                  ? ErrorCode.Plain.DESTINATION_IP_UNROUTABLE
                  : ErrorCode.Plain.DESTINATION_UNAVAILABLE;
        };
    return new HttpException(code, "cannot connect to " + url.authority() + ": " + code.witName());
  }

  private SSLSocket secure(HttpUrl url, Socket socket) throws IOException {
    String name =
        switch (url.host()) {
          case Host.Name host -> host.name();
          case Host.Address host -> IpText.format(host.address());
        };
    SSLSocket secured =
        (SSLSocket) tls.get().getSocketFactory().createSocket(socket, name, url.port(), true);
    SSLParameters parameters = secured.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    parameters.setProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
    parameters.setApplicationProtocols(new String[] {"http/1.1"});
    parameters.setServerNames(
        url.host() instanceof Host.Name ? List.of(new SNIHostName(name)) : List.of());
    secured.setSSLParameters(parameters);
    try {
      secured.startHandshake();
    } catch (SSLException e) {
      throw handshakeFailure(url, e);
    }
    return secured;
  }

  private static HttpException handshakeFailure(HttpUrl url, SSLException e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof CertificateException || cause instanceof CertPathValidatorException) {
        return new HttpException(
            ErrorCode.Plain.TLS_CERTIFICATE_ERROR,
            "the certificate of " + url.authority() + " is not valid: " + cause.getMessage());
      }
    }
    String text = String.valueOf(e.getMessage());
    int alert = text.indexOf("Received fatal alert: ");
    if (alert >= 0) {
      String name = text.substring(alert + "Received fatal alert: ".length());
      return new HttpException(
          new ErrorCode.TlsAlertReceived(OptionalInt.empty(), Optional.of(name)),
          url.authority() + " refused the TLS handshake: " + name);
    }
    return new HttpException(
        ErrorCode.Plain.TLS_PROTOCOL_ERROR, "TLS with " + url.authority() + " failed: " + text);
  }

  /** Closes without a word to the other side. */
  static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // A socket that cannot be closed is closed as far as anybody can use it.
      return;
    }
  }
}

package dev.capsule.task.http;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/** The open connections of one request, so that stopping the request can close them. */
final class Connections implements AutoCloseable {
  private static final int CONNECT_MS = 15_000;
  private static final int READ_MS = 60_000;

  private final Supplier<SSLSocketFactory> tls;
  private final List<Socket> open = new ArrayList<>();
  private boolean closed;

  Connections(Supplier<SSLSocketFactory> tls) {
    this.tls = tls;
  }

  /**
   * Connects to the first address that answers; with TLS, to a server that proves to be the host.
   */
  Socket connect(List<InetAddress> addresses, String host, int port, boolean secure)
      throws IOException {
    IOException failure = new IOException("no address");
    for (InetAddress address : addresses) {
      Socket socket = track(new Socket());
      try {
        socket.connect(new InetSocketAddress(address, port), CONNECT_MS);
        socket.setSoTimeout(READ_MS);
        socket.setTcpNoDelay(true);
        return secure ? secured(socket, host, port) : socket;
      } catch (IOException e) {
        socket.close();
        failure = e;
      }
    }
    throw failure;
  }

  private Socket secured(Socket socket, String host, int port) throws IOException {
    SSLSocket secure = (SSLSocket) tls.get().createSocket(socket, host, port, true);
    SSLParameters parameters = secure.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    parameters.setApplicationProtocols(new String[] {"http/1.1"});
    secure.setSSLParameters(parameters);
    secure.startHandshake();
    return secure;
  }

  private synchronized Socket track(Socket socket) throws IOException {
    if (closed) {
      socket.close();
      throw new IOException("stopped");
    }
    open.add(socket);
    return socket;
  }

  @Override
  public synchronized void close() {
    closed = true;
    for (Socket socket : open) {
      try {
        socket.close();
      } catch (IOException e) {
        // It is of no use any more, open or closed.
        continue;
      }
    }
    open.clear();
  }
}

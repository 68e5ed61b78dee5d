package dev.capsule.wasi.http;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ServerSocketFactory;

/** A server on loopback that answers each connection by a script, byte for byte. */
final class TestServer implements AutoCloseable {
  /** Answers one connection, which is closed afterwards. */
  interface Script {
    void answer(Request request, OutputStream out) throws Exception;
  }

  /** A request as it came in; the body is still in the stream. */
  record Request(String head, InputStream in) {
    String line() {
      return head.substring(0, head.indexOf("\r\n"));
    }

    List<String> header(String name) {
      return head.lines()
          .filter(l -> l.toLowerCase(Locale.ROOT).startsWith(name.toLowerCase(Locale.ROOT) + ":"))
          .map(l -> l.substring(name.length() + 1).strip())
          .toList();
    }

    byte[] body() throws IOException {
      return in.readNBytes(Integer.parseInt(header("Content-Length").getFirst()));
    }
  }

  private final ServerSocket listener;
  private final Script script;
  private final List<Socket> open = new CopyOnWriteArrayList<>();
  private final List<String> heads = new CopyOnWriteArrayList<>();
  private final List<String> faults = new CopyOnWriteArrayList<>();

  private TestServer(ServerSocket listener, Script script) {
    this.listener = listener;
    this.script = script;
  }

  static TestServer start(Script script) {
    return start(ServerSocketFactory.getDefault(), script);
  }

  static TestServer start(ServerSocketFactory factory, Script script) {
    try {
      TestServer server =
          new TestServer(
              factory.createServerSocket(
                  0, 50, InetAddress.getByAddress(new byte[] {127, 0, 0, 1})),
              script);
      Thread.ofVirtual().start(server::accept);
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Answers everybody with these bytes, one character each. */
  static TestServer saying(String response) {
    return start((request, out) -> out.write(bytes(response)));
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket socket = listener.accept();
        open.add(socket);
        Thread.ofVirtual().start(() -> serve(socket));
      } catch (IOException e) {
        return;
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      InputStream in = new BufferedInputStream(socket.getInputStream());
      StringBuilder head = new StringBuilder();
      while (head.indexOf("\r\n\r\n") < 0) {
        int b = in.read();
        if (b < 0) {
          return;
        }
        head.append((char) b);
      }
      heads.add(head.toString());
      script.answer(new Request(head.toString(), in), socket.getOutputStream());
    } catch (Exception e) {
      faults.add(e.toString());
    }
  }

  int port() {
    return listener.getLocalPort();
  }

  String url(String host) {
    return "http://" + host + ":" + port();
  }

  /** The heads of all requests so far. */
  List<String> heads() {
    return heads;
  }

  /** Connections so far, also those that never asked anything. */
  int connections() {
    return open.size();
  }

  /** What scripts failed with. */
  List<String> faults() {
    return faults;
  }

  @Override
  public void close() throws IOException {
    listener.close();
    for (Socket socket : open) {
      socket.close();
    }
  }
}

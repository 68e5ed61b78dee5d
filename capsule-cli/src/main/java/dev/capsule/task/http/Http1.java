package dev.capsule.task.http;

import dev.capsule.task.guest.HttpCall.Header;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongPredicate;
import java.util.regex.Pattern;

/** One request and its response in HTTP/1.1 (RFC 9112), on a connection of their own. */
final class Http1 {
  private static final int LONGEST_HEAD = 256 << 10;
  private static final int PIECE = 16 << 10;
  private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");

  /** What describes the connection or the message's length is ours to say, not the guest's. */
  private static final Set<String> OURS =
      Set.of(
          "host",
          "connection",
          "content-length",
          "transfer-encoding",
          "accept-encoding",
          "te",
          "trailer",
          "upgrade",
          "expect",
          "keep-alive",
          "proxy-connection",
          "proxy-authorization");

  /** The response is longer than the budget allows. */
  static final class BudgetException extends IOException {
    private static final long serialVersionUID = 1L;
  }

  record Message(int status, List<Header> headers, byte[] body) {

    Optional<String> header(String name) {
      return headers.stream()
          .filter(header -> header.name().equalsIgnoreCase(name))
          .map(Header::value)
          .findFirst();
    }
  }

  private Http1() {}

  /** Whether a header can be sent as it is. */
  static boolean isValid(Header header) {
    return TOKEN.matcher(header.name()).matches()
        && header.value().chars().noneMatch(c -> c == '\r' || c == '\n' || c == 0);
  }

  static void send(
      OutputStream out, String method, URI url, List<Header> headers, Optional<byte[]> body)
      throws IOException {
    StringBuilder head = new StringBuilder(512);
    String path = url.getRawPath() == null || url.getRawPath().isEmpty() ? "/" : url.getRawPath();
    String query = url.getRawQuery() == null ? "" : "?" + url.getRawQuery();
    head.append(method).append(' ').append(path).append(query).append(" HTTP/1.1\r\n");
    head.append("Host: ").append(url.getHost());
    if (url.getPort() >= 0) {
      head.append(':').append(url.getPort());
    }
    head.append("\r\nConnection: close\r\nAccept-Encoding: identity\r\n");
    boolean agent = false;
    for (Header header : headers) {
      String name = header.name().toLowerCase(Locale.ROOT);
      agent |= name.equals("user-agent");
      if (!OURS.contains(name)) {
        head.append(header.name()).append(": ").append(header.value()).append("\r\n");
      }
    }
    if (!agent) {
      head.append("User-Agent: capsule\r\n");
    }
    boolean always = method.equals("POST") || method.equals("PUT") || method.equals("PATCH");
    if (body.isPresent() || always) {
      head.append("Content-Length: ").append(body.map(b -> b.length).orElse(0)).append("\r\n");
    }
    out.write(head.append("\r\n").toString().getBytes(StandardCharsets.UTF_8));
    if (body.isPresent()) {
      out.write(body.get());
    }
    out.flush();
  }

  /** Reads a response; {@code pay} is asked before every piece of the body is kept. */
  static Message receive(InputStream raw, String method, LongPredicate pay) throws IOException {
    Input in = new Input(new BufferedInputStream(raw, PIECE));
    Message head;
    do {
      head = head(in);
    } while (head.status >= 100 && head.status < 200 && head.status != 101);
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    boolean empty = method.equals("HEAD") || head.status == 204 || head.status == 304;
    Optional<String> encoding = head.header("transfer-encoding");
    Optional<String> length = head.header("content-length");
    if (empty) {
      return head;
    } else if (encoding.isPresent()) {
      if (!encoding.get().strip().equalsIgnoreCase("chunked")) {
        throw new IOException("unknown transfer encoding " + encoding.get());
      }
      chunks(in, body, pay);
    } else if (length.isPresent()) {
      copy(in, length(length.get(), 10), body, pay);
    } else {
      toEnd(in, body, pay);
    }
    return new Message(head.status, head.headers, body.toByteArray());
  }

  private static Message head(Input in) throws IOException {
    String status = in.line();
    if (!status.matches("HTTP/1\\.[01] [0-9]{3}( .*)?")) {
      throw new IOException("no HTTP/1.1 response");
    }
    List<Header> headers = new ArrayList<>();
    for (String line = in.line(); !line.isEmpty(); line = in.line()) {
      int colon = line.indexOf(':');
      if (colon <= 0 || !TOKEN.matcher(line.substring(0, colon)).matches()) {
        throw new IOException("malformed header");
      }
      headers.add(new Header(line.substring(0, colon), line.substring(colon + 1).strip()));
    }
    return new Message(Integer.parseInt(status.substring(9, 12)), headers, new byte[0]);
  }

  private static void chunks(Input in, ByteArrayOutputStream body, LongPredicate pay)
      throws IOException {
    while (true) {
      String line = in.line();
      int end = line.indexOf(';');
      long size = length((end < 0 ? line : line.substring(0, end)).strip(), 16);
      if (size == 0) {
        while (!in.line().isEmpty()) {
          // Trailers say nothing that tasks get to see.
          continue;
        }
        return;
      }
      copy(in, size, body, pay);
      if (!in.line().isEmpty()) {
        throw new IOException("malformed chunk");
      }
    }
  }

  private static long length(String text, int radix) throws IOException {
    if (!text.matches("[0-9A-Fa-f]{1,15}")) {
      throw new IOException("malformed length");
    }
    try {
      return Long.parseLong(text, radix);
    } catch (NumberFormatException e) {
      throw new IOException("malformed length", e);
    }
  }

  private static void copy(Input in, long size, ByteArrayOutputStream body, LongPredicate pay)
      throws IOException {
    byte[] piece = new byte[(int) Math.min(PIECE, size)];
    for (long left = size; left > 0; ) {
      int read = in.read(piece, (int) Math.min(piece.length, left));
      if (read < 0) {
        throw new EOFException("the response ends too early");
      }
      keep(piece, read, body, pay);
      left -= read;
    }
  }

  private static void toEnd(Input in, ByteArrayOutputStream body, LongPredicate pay)
      throws IOException {
    byte[] piece = new byte[PIECE];
    for (int read = in.read(piece, PIECE); read >= 0; read = in.read(piece, PIECE)) {
      keep(piece, read, body, pay);
    }
  }

  private static void keep(byte[] piece, int length, ByteArrayOutputStream body, LongPredicate pay)
      throws IOException {
    if (!pay.test(length)) {
      throw new BudgetException();
    }
    body.write(piece, 0, length);
  }

  private static final class Input {
    private final InputStream in;
    private int head;

    Input(InputStream in) {
      this.in = in;
    }

    int read(byte[] piece, int length) throws IOException {
      return in.read(piece, 0, length);
    }

    /** A line of the head, of a chunk's size or of trailers; all together are bounded. */
    String line() throws IOException {
      ByteArrayOutputStream line = new ByteArrayOutputStream();
      for (int next = in.read(); next != '\n'; next = in.read()) {
        if (next < 0) {
          throw new EOFException("the response ends too early");
        }
        if (++head > LONGEST_HEAD) {
          throw new IOException("the response's head is too long");
        }
        line.write(next);
      }
      String text = line.toString(StandardCharsets.ISO_8859_1);
      return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
    }
  }
}

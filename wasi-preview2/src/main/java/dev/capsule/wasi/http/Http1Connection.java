package dev.capsule.wasi.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.OptionalLong;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.MalformedChunkCodingException;
import org.apache.hc.core5.http.MessageConstraintException;
import org.apache.hc.core5.http.TruncatedChunkException;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.impl.BasicHttpTransportMetrics;
import org.apache.hc.core5.http.impl.io.ChunkedInputStream;
import org.apache.hc.core5.http.impl.io.ChunkedOutputStream;
import org.apache.hc.core5.http.impl.io.ContentLengthInputStream;
import org.apache.hc.core5.http.impl.io.DefaultHttpResponseParser;
import org.apache.hc.core5.http.impl.io.IdentityInputStream;
import org.apache.hc.core5.http.impl.io.SessionInputBufferImpl;
import org.apache.hc.core5.http.impl.io.SessionOutputBufferImpl;
import org.apache.hc.core5.http.message.BasicHeader;

/**
 * One request and its response over one connection (RFC 9112). Heads and chunks are parsed by
 * HttpCore; writing and reading are independent of each other and may go on at the same time, each
 * on one thread.
 */
final class Http1Connection {
  private static final int BUFFER = 16 * 1024;

  /** 1xx responses before the real one. */
  private static final int MAX_INTERIM = 16;

  private final Socket socket;
  private final Http1Config config;
  private final HttpPolicy policy;
  private final OutputStream out;
  private final InputStream in;
  private final SessionInputBufferImpl buffer;
  private InputStream body = InputStream.nullInputStream();

  Http1Connection(Socket socket, HttpPolicy policy) throws IOException {
    this.socket = socket;
    this.policy = policy;
    this.out = socket.getOutputStream();
    this.in = socket.getInputStream();
    int maxLine = Math.min(policy.maxHeaderBytes(), 1 << 20);
    this.config =
        Http1Config.custom()
            .setMaxLineLength(maxLine)
            .setMaxHeaderCount(policy.maxHeaders())
            .build();
    this.buffer =
        new SessionInputBufferImpl(new BasicHttpTransportMetrics(), BUFFER, -1, maxLine, null);
  }

  void writeHead(RequestHead head) throws IOException {
    out.write(head.bytes());
    out.flush();
  }

  /** Where a body of known length goes. */
  OutputStream plainBody() {
    return out;
  }

  /** Where a body of unknown length goes; {@code trailers} are asked for at its end. */
  ChunkedOutputStream chunkedBody(OutgoingBody.Streamed source) {
    return new ChunkedOutputStream(
        new SessionOutputBufferImpl(BUFFER),
        out,
        BUFFER,
        () ->
            source.trailers().entries().stream()
                .map(field -> new BasicHeader(field.name(), field.value()))
                .toList());
  }

  /**
   * Reads the head of the real response.
   *
   * @param goAhead run when the server says 100 Continue
   */
  ResponseHead readHead(Runnable goAhead) throws IOException {
    for (int interim = 0; interim <= MAX_INTERIM; interim++) {
      ResponseHead head = readOneHead();
      if (head.status() == 101) {
        throw new HttpException(
            ErrorCode.Plain.HTTP_UPGRADE_FAILED, "the server switched protocols unasked");
      }
      if (head.status() >= 200) {
        return head;
      }
      if (head.status() == 100) {
        goAhead.run();
      }
    }
    throw HttpException.protocol("more than " + MAX_INTERIM + " interim responses");
  }

  private ResponseHead readOneHead() throws IOException {
    ClassicHttpResponse parsed;
    try {
      parsed = new DefaultHttpResponseParser(config).parse(buffer, in);
    } catch (MessageConstraintException e) {
      throw tooLarge(ErrorCode.Part.RESPONSE_HEADER_SECTION);
    } catch (org.apache.hc.core5.http.HttpException | IllegalArgumentException e) {
      throw HttpException.protocol(
          "the server's answer is not HTTP: " + HttpException.quote(e.getMessage()));
    }
    if (parsed == null) {
      throw new HttpException(
          ErrorCode.Plain.HTTP_RESPONSE_INCOMPLETE,
          "the server closed the connection without a response");
    }
    int status = parsed.getCode();
    if (status < 100
        || status > 999
        || (parsed.getVersion() != null && parsed.getVersion().getMajor() != 1)) {
      throw HttpException.protocol("the server's answer has no valid status line");
    }
    return new ResponseHead(
        status, fields(parsed.getHeaders(), ErrorCode.Part.RESPONSE_HEADER_SECTION));
  }

  private Fields fields(Header[] headers, ErrorCode.Part part) {
    Fields fields = new Fields();
    try {
      for (Header header : headers) {
        fields.append(header.getName(), header.getValue() == null ? "" : header.getValue());
      }
    } catch (HeaderException e) {
      throw HttpException.protocol("the response is malformed: " + e.getMessage());
    }
    if (fields.size() > policy.maxHeaderBytes()) {
      throw tooLarge(part);
    }
    return fields.immutable();
  }

  private HttpException tooLarge(ErrorCode.Part part) {
    return new HttpException(
        new ErrorCode.PartSize(part, OptionalLong.of(policy.maxHeaderBytes())),
        "the response has more than "
            + policy.maxHeaders()
            + " headers or "
            + policy.maxHeaderBytes()
            + " bytes of headers");
  }

  /** Sets out to read the body. */
  void openBody(ResponseHead.Framing framing, Duration betweenBytes) throws IOException {
    socket.setSoTimeout(Math.clamp(betweenBytes.toMillis(), 1, Integer.MAX_VALUE));
    body =
        switch (framing) {
          case ResponseHead.Framing.Empty empty -> InputStream.nullInputStream();
          case ResponseHead.Framing.Length length ->
              new ContentLengthInputStream(buffer, in, length.bytes());
          case ResponseHead.Framing.Chunked chunked -> new ChunkedInputStream(buffer, in, config);
          case ResponseHead.Framing.UntilClose open -> new IdentityInputStream(buffer, in);
        };
  }

  /** Reads some of the body; -1 at its end. */
  int readBody(byte[] into) throws IOException {
    try {
      return body.read(into);
    } catch (SocketTimeoutException e) {
      throw new HttpException(
          ErrorCode.Plain.CONNECTION_READ_TIMEOUT, "the server paused for too long in the body");
    } catch (ConnectionClosedException | TruncatedChunkException e) {
      throw new HttpException(
          ErrorCode.Plain.HTTP_RESPONSE_INCOMPLETE, "the response ended before its body did");
    } catch (MessageConstraintException e) {
      throw tooLarge(ErrorCode.Part.RESPONSE_TRAILER_SECTION);
    } catch (MalformedChunkCodingException e) {
      throw HttpException.protocol("the response's chunks are malformed");
    }
  }

  /** The trailers, once the body has ended. */
  Fields trailers() {
    Header[] footers = body instanceof ChunkedInputStream c ? c.getFooters() : new Header[0];
    return fields(footers, ErrorCode.Part.RESPONSE_TRAILER_SECTION);
  }
}

package dev.capsule.wasi.http;

import dev.capsule.wasi.http.Fields.Field;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.Set;

/**
 * The head of a request as it goes over the wire. Everything that decides where a message ends or
 * whom it is for is written by us, whatever the guest put into its headers.
 *
 * @param method in upper case if it is a standard one
 * @param url where to
 * @param headers the guest's, without those that are ours to write
 * @param length of the body, if it is known
 * @param chunked whether a body of unknown length follows
 * @param expectContinue whether to wait for the server's go-ahead before the body
 * @param trailersWanted whether to tell the server that trailers are welcome
 */
record RequestHead(
    String method,
    HttpUrl url,
    List<Field> headers,
    OptionalLong length,
    boolean chunked,
    boolean expectContinue,
    boolean trailersWanted) {
  private static final Set<String> STANDARD =
      Set.of("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH");
  private static final Set<String> REFUSED = Set.of("CONNECT", "TRACE", "TRACK");
  private static final Set<String> FORBIDDEN =
      Set.of("keep-alive", "proxy-connection", "proxy-authenticate", "upgrade", "http2-settings");
  private static final Set<String> ABOUT_THE_BODY =
      Set.of(
          "content-encoding",
          "content-language",
          "content-location",
          "content-type",
          "content-length",
          "trailer");
  private static final Set<String> CREDENTIALS =
      Set.of("authorization", "cookie", "cookie2", "proxy-authorization");

  /**
   * Judges a request.
   *
   * @throws HttpException if it has a method or headers that may not be sent
   */
  static RequestHead of(OutgoingRequest request, HttpPolicy policy) {
    Judge judge = new Judge(request);
    List<Field> entries = request.headers().entries();
    limit(entries, policy);
    entries.forEach(judge::take);
    OptionalLong length =
        switch (request.body()) {
          case OutgoingBody.None none ->
              OptionalLong.of(judge.declared.orElse(0) == 0 ? 0 : wrongLength(judge.declared, 0));
          case OutgoingBody.Bytes body -> {
            int actual = body.bytes().length;
            yield OptionalLong.of(
                judge.declared.orElse(actual) == actual
                    ? actual
                    : wrongLength(judge.declared, actual));
          }
          case OutgoingBody.Streamed body -> judge.declared;
        };
    boolean hasBody = length.orElse(1) > 0;
    return new RequestHead(
        method(request.method()),
        request.url(),
        List.copyOf(judge.kept),
        length,
        length.isEmpty(),
        judge.expectContinue && hasBody,
        judge.trailersWanted);
  }

  private static String method(String text) {
    String upper = text.toUpperCase(Locale.ROOT);
    if (!Fields.isToken(text) || text.length() > 64 || REFUSED.contains(upper)) {
      throw new HttpException(
          ErrorCode.Plain.HTTP_REQUEST_METHOD_INVALID,
          "method " + HttpException.quote(text) + " cannot be sent");
    }
    return STANDARD.contains(upper) ? upper : text;
  }

  private static void limit(List<Field> entries, HttpPolicy policy) {
    int size = 0;
    for (Field field : entries) {
      size += field.size();
      if (field.size() > policy.maxHeaderBytes()) {
        throw new HttpException(
            new ErrorCode.RequestHeaderSize(field.name(), field.size()),
            "header " + HttpException.quote(field.name()) + " has " + field.size() + " bytes");
      }
    }
    if (size > policy.maxHeaderBytes() || entries.size() > policy.maxHeaders()) {
      throw new HttpException(
          new ErrorCode.PartSize(ErrorCode.Part.REQUEST_HEADER_SECTION, OptionalLong.of(size)),
          entries.size()
              + " headers of "
              + size
              + " bytes; at most "
              + policy.maxHeaders()
              + " of "
              + policy.maxHeaderBytes()
              + " bytes are sent");
    }
  }

  private static long wrongLength(OptionalLong declared, long actual) {
    throw new HttpException(
        new ErrorCode.PartSize(ErrorCode.Part.REQUEST_BODY, declared),
        "Content-Length is " + declared.getAsLong() + ", but the body has " + actual + " bytes");
  }

  /** Sorts the guest's headers into ours, harmless ones and refused ones. */
  private static final class Judge {
    private final HttpUrl url;
    private final List<Field> kept = new ArrayList<>();
    private OptionalLong declared = OptionalLong.empty();
    private boolean expectContinue;
    private boolean trailersWanted;

    Judge(OutgoingRequest request) {
      url = request.url();
    }

    void take(Field field) {
      String name = field.name().toLowerCase(Locale.ROOT);
      String value = field.value().strip().toLowerCase(Locale.ROOT);
      switch (name) {
        case "host" ->
            require(
                value.equals(url.authority())
                    || value.equals(url.host().toString())
                    || value.equals(url.host() + ":" + url.port()),
                field,
                "it must be the URL's host, " + url.authority());
        case "connection" ->
            require(
                value.equals("close") || value.equals("keep-alive") || value.equals("te"),
                field,
                "connections are the host's");
        case "content-length" -> declare(field, value);
        case "transfer-encoding" ->
            require(value.equals("chunked"), field, "framing is the host's");
        case "te" -> {
          require(value.equals("trailers"), field, "only \"trailers\" can be asked for");
          trailersWanted = true;
        }
        case "expect" -> {
          require(value.equals("100-continue"), field, "only \"100-continue\" is known");
          expectContinue = true;
        }
        default -> {
          require(!FORBIDDEN.contains(name), field, "it is about the connection");
          kept.add(field);
        }
      }
    }

    private void declare(Field field, String value) {
      require(value.matches("[0-9]{1,18}"), field, "it is not a number");
      long length = Long.parseLong(value);
      require(declared.orElse(length) == length, field, "it is given twice, with two values");
      declared = OptionalLong.of(length);
    }

    private static void require(boolean fine, Field field, String why) {
      if (!fine) {
        throw HttpException.denied(
            "header "
                + field.name()
                + " with value "
                + HttpException.quote(field.value())
                + " is not allowed: "
                + why);
      }
    }
  }

  /** The head of the request that a redirect asks for; credentials stay within their origin. */
  RequestHead redirected(HttpUrl target, boolean withoutBody, String newMethod) {
    boolean away = !target.sameOrigin(url);
    List<Field> fields =
        headers.stream()
            .filter(
                field -> {
                  String name = field.name().toLowerCase(Locale.ROOT);
                  return !(away && CREDENTIALS.contains(name))
                      && !(withoutBody && ABOUT_THE_BODY.contains(name));
                })
            .toList();
    return new RequestHead(
        newMethod,
        target,
        fields,
        withoutBody ? OptionalLong.of(0) : length,
        !withoutBody && chunked,
        !withoutBody && expectContinue,
        trailersWanted);
  }

  /** The head as bytes, with the empty line. */
  byte[] bytes() {
    StringBuilder out = new StringBuilder(512);
    out.append(method).append(' ').append(url.path()).append(" HTTP/1.1\r\n");
    line(out, "Host", url.authority());
    headers.forEach(field -> line(out, field.name(), field.value()));
    if (chunked) {
      line(out, "Transfer-Encoding", "chunked");
    } else if (length.getAsLong() > 0 || Set.of("POST", "PUT", "PATCH").contains(method)) {
      line(out, "Content-Length", Long.toString(length.getAsLong()));
    }
    if (expectContinue) {
      line(out, "Expect", "100-continue");
    }
    if (trailersWanted) {
      line(out, "TE", "trailers");
    }
    line(out, "Connection", trailersWanted ? "TE, close" : "close");
    return out.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
  }

  private static void line(StringBuilder out, String name, String value) {
    out.append(name).append(": ").append(value).append("\r\n");
  }
}

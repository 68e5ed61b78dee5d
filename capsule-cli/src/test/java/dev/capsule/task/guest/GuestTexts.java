package dev.capsule.task.guest;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Programs for tests, and the web that they see. */
final class GuestTexts {
  private GuestTexts() {}

  static String read(String name) throws IOException {
    try (InputStream in = GuestTexts.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** Answers with what it was asked, or as the path says. */
  static HttpReply webServer(HttpCall call) {
    String path = call.url().replaceFirst("^https?://[^/]*", "");
    HttpCall.Header method = new HttpCall.Header("X-Method", call.method());
    if (path.startsWith("/denied")) {
      return new HttpReply.Failure(HttpReply.Reason.DENIED, "host is not in allowed_hosts");
    }
    if (path.startsWith("/broken")) {
      return new HttpReply.Failure(HttpReply.Reason.NETWORK, "connection refused");
    }
    if (path.startsWith("/moved")) {
      String place = call.url().replace("/moved", "/there");
      return call.followRedirects()
          ? response(place, 200, List.of(method), "moved".getBytes(StandardCharsets.UTF_8))
          : response(
              call.url(),
              302,
              List.of(method, new HttpCall.Header("Location", place)),
              new byte[0]);
    }
    if (path.startsWith("/missing")) {
      return response(call.url(), 404, List.of(method), "no".getBytes(StandardCharsets.UTF_8));
    }
    if (path.startsWith("/latin")) {
      return response(
          call.url(),
          200,
          List.of(new HttpCall.Header("Content-Type", "text/plain; charset=iso-8859-1")),
          new byte[] {(byte) 0xe4});
    }
    if (path.startsWith("/cookies")) {
      return response(
          call.url(),
          200,
          List.of(
              new HttpCall.Header("Set-Cookie", "a=1"), new HttpCall.Header("Set-Cookie", "b=2")),
          new byte[0]);
    }
    byte[] echo = call.body().orElseGet(() -> call.url().getBytes(StandardCharsets.UTF_8));
    String type =
        call.headers().stream()
            .filter(it -> it.name().equalsIgnoreCase("content-type"))
            .map(HttpCall.Header::value)
            .findFirst()
            .orElse("text/plain");
    return response(
        call.url(), 200, List.of(method, new HttpCall.Header("Content-Type", type)), echo);
  }

  private static HttpReply response(
      String url, int status, List<HttpCall.Header> headers, byte[] body) {
    return new HttpReply.Response(url, status, headers, body);
  }
}

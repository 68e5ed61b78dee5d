package dev.capsule.task.guest;

import java.util.List;
import java.util.Optional;

/**
 * A guest's wish to make an HTTP request.
 *
 * @param method in any case of letters
 * @param url absolute
 * @param headers in order, names may repeat
 * @param body if any
 * @param followRedirects whether the host follows redirects (each hop judged like the first) or
 *     hands the 3xx response back
 */
public record HttpCall(
    String method,
    String url,
    List<Header> headers,
    Optional<byte[]> body,
    boolean followRedirects) {
  /** Keeps its own copy of the headers. */
  public HttpCall {
    headers = List.copyOf(headers);
  }

  /**
   * One header.
   *
   * @param name its name
   * @param value its value
   */
  public record Header(String name, String value) {}
}

package dev.capsule.wasi.http;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What is kept of a request, without secrets.
 *
 * @param method the method
 * @param url the URL of this hop
 * @param headers of the request
 * @param status of the response, if there was one
 * @param sent bytes of the request's body
 * @param received bytes of the response's body
 * @param duration so far
 * @param error why it failed, if it did
 * @param message why, for people
 */
public record HttpRecord(
    String method,
    String url,
    List<Fields.Field> headers,
    OptionalInt status,
    long sent,
    long received,
    Duration duration,
    Optional<ErrorCode> error,
    Optional<String> message) {
  /** Keeps its own copy of the headers. */
  public HttpRecord {
    headers = List.copyOf(headers);
  }
}

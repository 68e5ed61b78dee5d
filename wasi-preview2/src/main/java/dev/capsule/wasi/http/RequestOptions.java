package dev.capsule.wasi.http;

import java.time.Duration;

/**
 * How long a request may take ({@code wasi:http/types.request-options}).
 *
 * @param connect from looking up the name to the end of the TLS handshake, of one hop
 * @param firstByte from the end of the request to the end of the response's headers
 * @param betweenBytes between two pieces of a body, in either direction
 * @param total from the first hop to the end of the last response
 */
public record RequestOptions(
    Duration connect, Duration firstByte, Duration betweenBytes, Duration total) {
  /** Long enough for anybody, and no {@code total}. */
  public static final RequestOptions DEFAULT =
      new RequestOptions(
          Duration.ofSeconds(30),
          Duration.ofSeconds(600),
          Duration.ofSeconds(600),
          Duration.ofDays(365));

  /** Checks that every time is positive. */
  public RequestOptions {
    for (Duration time : new Duration[] {connect, firstByte, betweenBytes, total}) {
      if (time.isNegative() || time.isZero()) {
        throw new IllegalArgumentException("timeout " + time + " is not positive");
      }
    }
  }

  /** The shorter one of each. */
  RequestOptions atMost(RequestOptions ceiling) {
    return new RequestOptions(
        shorter(connect, ceiling.connect),
        shorter(firstByte, ceiling.firstByte),
        shorter(betweenBytes, ceiling.betweenBytes),
        shorter(total, ceiling.total));
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  /** These options with another time for {@link #total}. */
  public RequestOptions withTotal(Duration time) {
    return new RequestOptions(connect, firstByte, betweenBytes, time);
  }

  /** These options with another time for {@link #connect}. */
  public RequestOptions withConnect(Duration time) {
    return new RequestOptions(time, firstByte, betweenBytes, total);
  }

  /** These options with another time for {@link #firstByte}. */
  public RequestOptions withFirstByte(Duration time) {
    return new RequestOptions(connect, time, betweenBytes, total);
  }

  /** These options with another time for {@link #betweenBytes}. */
  public RequestOptions withBetweenBytes(Duration time) {
    return new RequestOptions(connect, firstByte, time, total);
  }
}

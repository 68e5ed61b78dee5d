package dev.capsule.wasi.http;

/**
 * A request to be sent ({@code wasi:http/types.outgoing-request}).
 *
 * @param method any token but CONNECT, TRACE and TRACK; the standard ones in any case of letters
 * @param url where to
 * @param headers judged when the request is sent
 * @param body the body
 * @param maxRedirects how many redirects to follow; 0 hands a 3xx response back
 */
public record OutgoingRequest(
    String method, HttpUrl url, Fields headers, OutgoingBody body, int maxRedirects) {
  /** Keeps its own copy of the headers. */
  public OutgoingRequest {
    headers = headers.immutable();
  }

  /** A request without headers and body, whose redirects are not followed. */
  public static OutgoingRequest of(String method, String url) {
    return new OutgoingRequest(method, HttpUrl.parse(url), new Fields(), OutgoingBody.NONE, 0);
  }

  /** This request with other headers. */
  public OutgoingRequest with(Fields fields) {
    return new OutgoingRequest(method, url, fields, body, maxRedirects);
  }

  /** This request with another body. */
  public OutgoingRequest with(OutgoingBody other) {
    return new OutgoingRequest(method, url, headers, other, maxRedirects);
  }

  /** This request, following so many redirects. */
  public OutgoingRequest following(int redirects) {
    return new OutgoingRequest(method, url, headers, body, redirects);
  }
}

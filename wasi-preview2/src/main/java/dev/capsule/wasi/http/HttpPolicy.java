package dev.capsule.wasi.http;

/**
 * What a guest may do with HTTP.
 *
 * @param rules whom it may ask
 * @param options ceilings of its timeouts
 * @param maxRedirects ceiling of the redirects followed for one request
 * @param maxConnections connections at once; further requests wait
 * @param maxPending requests that are not over; further ones fail
 * @param maxHeaderBytes of one header section, in either direction
 * @param maxHeaders lines of one header section, in either direction
 */
public record HttpPolicy(
    HostRules rules,
    RequestOptions options,
    int maxRedirects,
    int maxConnections,
    int maxPending,
    int maxHeaderBytes,
    int maxHeaders) {

  /** These rules with the usual limits: 20 redirects, 32 connections, 64 KiB of headers. */
  public static HttpPolicy of(HostRules rules) {
    return new HttpPolicy(rules, RequestOptions.DEFAULT, 20, 32, 1000, 64 * 1024, 128);
  }

  /** This policy with other timeouts. */
  public HttpPolicy with(RequestOptions ceilings) {
    return new HttpPolicy(
        rules, ceilings, maxRedirects, maxConnections, maxPending, maxHeaderBytes, maxHeaders);
  }

  /**
   * Whether a request may be made at all.
   *
   * @return {@link HostPattern.Match#NAMED} or {@link HostPattern.Match#PUBLIC}
   * @throws HttpException {@code HTTP-request-denied} if no rule lets it through
   */
  HostPattern.Match judge(HttpUrl url) {
    HostPattern.Match match = rules.match(url);
    if (match == HostPattern.Match.NONE) {
      throw HttpException.denied(
          "host "
              + url.host()
              + " ("
              + url.scheme()
              + ", port "
              + url.port()
              + ") is not among the allowed hosts: "
              + rules);
    }
    return match;
  }
}

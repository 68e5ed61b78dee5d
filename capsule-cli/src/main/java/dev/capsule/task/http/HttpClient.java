package dev.capsule.task.http;

import dev.capsule.task.guest.Cancellation;
import dev.capsule.task.guest.HttpCall;
import dev.capsule.task.guest.HttpCall.Header;
import dev.capsule.task.guest.HttpReply;
import dev.capsule.task.guest.HttpReply.Failure;
import dev.capsule.task.guest.HttpReply.Reason;
import dev.capsule.task.policy.HostPattern.Match;
import dev.capsule.task.policy.HostRules;
import dev.capsule.task.schedule.HttpGateway;
import dev.capsule.task.schedule.NetworkBudget;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocketFactory;

/**
 * Makes requests for tasks. Every hop of a chain of redirects is judged by the rules like the
 * first. A host's name is resolved once, its addresses are judged, and the connection goes to one
 * of those: a name that means something else a moment later gains nothing. Proxies are not used.
 */
public final class HttpClient implements HttpGateway {
  private static final int MOST_HOPS = 10;
  private static final Set<String> METHODS =
      Set.of("GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS");
  private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);
  private static final Set<String> CREDENTIALS = Set.of("authorization", "cookie");

  private final ExecutorService threads =
      Executors.newCachedThreadPool(
          action -> {
            Thread thread = new Thread(action, "capsule-http");
            thread.setDaemon(true);
            return thread;
          });
  private final Resolver resolver;
  private final Supplier<SSLSocketFactory> tls;

  /** A client that trusts whom {@code tls} trusts; it is asked at the first request over TLS. */
  public HttpClient(Resolver resolver, Supplier<SSLSocketFactory> tls) {
    this.resolver = resolver;
    this.tls = tls;
  }

  /** A client with the platform's resolver and certificates. */
  public static HttpClient system() {
    return new HttpClient(
        Resolver.system(), () -> (SSLSocketFactory) SSLSocketFactory.getDefault());
  }

  /** What is sent to the next hop. */
  private record Hop(String method, URI url, List<Header> headers, Optional<byte[]> body) {}

  /** A request cannot go on. */
  private static final class RefusedException extends Exception {
    private static final long serialVersionUID = 1L;
    private final Reason reason;

    RefusedException(Reason reason, String message) {
      super(message);
      this.reason = reason;
    }
  }

  @Override
  public CompletableFuture<HttpReply> send(
      HttpCall call,
      HostRules rules,
      NetworkBudget budget,
      Cancellation cancellation,
      Runnable allowed) {
    CompletableFuture<HttpReply> reply = new CompletableFuture<>();
    Connections connections = new Connections(tls);
    Cancellation.Registration stop =
        cancellation.onRequest(
            () -> {
              reply.complete(new Failure(Reason.CANCELLED, "the task is being stopped"));
              connections.close();
            });
    reply.whenComplete(
        (done, fault) -> {
          stop.close();
          connections.close();
        });
    threads.execute(() -> reply.complete(exchange(call, rules, budget, connections, allowed)));
    return reply;
  }

  private HttpReply exchange(
      HttpCall call,
      HostRules rules,
      NetworkBudget budget,
      Connections connections,
      Runnable allowed) {
    try {
      Hop hop = first(call);
      for (int hops = 0; hops <= MOST_HOPS; hops++) {
        List<InetAddress> addresses = judge(hop.url, rules);
        pay(hop, budget);
        if (hops == 0) {
          allowed.run();
        }
        Http1.Message response = exchange(hop, addresses, budget, connections);
        Optional<Hop> next = call.followRedirects() ? redirect(hop, response) : Optional.empty();
        if (next.isEmpty()) {
          return new HttpReply.Response(
              hop.url.toString(), response.status(), response.headers(), response.body());
        }
        hop = next.get();
      }
      return new Failure(Reason.NETWORK, "more than " + MOST_HOPS + " redirects");
    } catch (RefusedException e) {
      return new Failure(e.reason, e.getMessage());
    } catch (Http1.BudgetException e) {
      return new Failure(Reason.BUDGET, "the budget for downloads is used up (max_download)");
    } catch (UnknownHostException e) {
      return new Failure(Reason.NETWORK, "unknown host " + e.getMessage());
    } catch (SocketTimeoutException e) {
      return new Failure(Reason.TIMEOUT, "no answer in time");
    } catch (SSLException e) {
      return new Failure(Reason.NETWORK, "TLS: " + e.getMessage());
    } catch (IOException e) {
      return new Failure(Reason.NETWORK, String.valueOf(e.getMessage()));
    }
  }

  private static Hop first(HttpCall call) throws RefusedException {
    String method = call.method().toUpperCase(Locale.ROOT);
    if (!METHODS.contains(method)) {
      throw new RefusedException(Reason.INVALID, "unsupported method " + method);
    }
    for (Header header : call.headers()) {
      if (!Http1.isValid(header)) {
        throw new RefusedException(Reason.INVALID, "invalid header " + header.name());
      }
    }
    return new Hop(method, url(call.url()), call.headers(), call.body());
  }

  private static URI url(String text) throws RefusedException {
    try {
      URI url = new URI(new URI(text).toASCIIString());
      String scheme = String.valueOf(url.getScheme()).toLowerCase(Locale.ROOT);
      if (url.getHost() != null && (scheme.equals("http") || scheme.equals("https"))) {
        return url;
      }
    } catch (URISyntaxException e) {
      throw new RefusedException(Reason.INVALID, "invalid URL: " + e.getMessage());
    }
    throw new RefusedException(Reason.INVALID, "not an absolute http or https URL");
  }

  private List<InetAddress> judge(URI url, HostRules rules)
      throws RefusedException, UnknownHostException {
    Match match = rules.match(url);
    if (match == Match.NONE) {
      throw new RefusedException(Reason.DENIED, "Host not allowed: " + url.getHost());
    }
    String host = url.getHost();
    List<InetAddress> all =
        resolver.resolve(host.startsWith("[") ? host.substring(1, host.length() - 1) : host);
    List<InetAddress> allowed =
        all.stream().filter(address -> AddressRules.allows(match, host, address)).toList();
    if (allowed.isEmpty()) {
      throw new RefusedException(
          Reason.DENIED,
          "Host not allowed: "
              + host
              + " is at a private address; list it by its exact name to allow that");
    }
    return allowed;
  }

  private static void pay(Hop hop, NetworkBudget budget) throws RefusedException {
    if (!budget.takeRequest()) {
      throw new RefusedException(Reason.BUDGET, "the budget of requests is used up (max_requests)");
    }
    if (!budget.takeUpload(hop.body.map(body -> body.length).orElse(0))) {
      throw new RefusedException(Reason.BUDGET, "the budget for uploads is used up (max_upload)");
    }
  }

  private static Http1.Message exchange(
      Hop hop, List<InetAddress> addresses, NetworkBudget budget, Connections connections)
      throws IOException {
    boolean secure = "https".equalsIgnoreCase(hop.url.getScheme());
    int port = hop.url.getPort() >= 0 ? hop.url.getPort() : secure ? 443 : 80;
    try (Socket socket = connections.connect(addresses, hop.url.getHost(), port, secure)) {
      Http1.send(socket.getOutputStream(), hop.method, hop.url, hop.headers, hop.body);
      return Http1.receive(socket.getInputStream(), hop.method, budget::takeDownload);
    }
  }

  /** The next hop, if the response is a redirect that can be followed. */
  private static Optional<Hop> redirect(Hop hop, Http1.Message response) throws RefusedException {
    Optional<String> location = response.header("location");
    if (!REDIRECTS.contains(response.status()) || location.isEmpty()) {
      return Optional.empty();
    }
    URI target;
    try {
      target = url(hop.url.resolve(location.get().strip()).toString());
    } catch (IllegalArgumentException e) {
      throw new RefusedException(Reason.INVALID, "invalid redirect");
    }
    boolean toGet =
        response.status() == 303 && !hop.method.equals("HEAD")
            || (response.status() <= 302 && hop.method.equals("POST"));
    boolean sameOrigin =
        target.getHost().equalsIgnoreCase(hop.url.getHost())
            && target.getScheme().equalsIgnoreCase(hop.url.getScheme())
            && target.getPort() == hop.url.getPort();
    List<Header> headers =
        hop.headers.stream()
            .filter(h -> sameOrigin || !CREDENTIALS.contains(h.name().toLowerCase(Locale.ROOT)))
            .filter(h -> !toGet || !h.name().toLowerCase(Locale.ROOT).startsWith("content-"))
            .toList();
    return Optional.of(
        new Hop(toGet ? "GET" : hop.method, target, headers, toGet ? Optional.empty() : hop.body));
  }
}

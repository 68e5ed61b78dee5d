package dev.capsule.wasi.http;

import dev.capsule.wasi.http.HostPattern.Match;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;

/**
 * One request of a guest on its way through redirects to its response, on a virtual thread of its
 * own. It ends when the body has been received, when something fails, or when it is broken off from
 * outside; {@link #abort} may be called by anybody at any time, and the first reason counts.
 */
final class Exchange {
  private final OutgoingHandler handler;
  private final OutgoingRequest request;
  private final RequestHead first;
  private final RequestOptions options;
  private final HttpFuture<IncomingResponse> response = new HttpFuture<>(this::cancel);
  private final HttpFuture<Fields> trailers = new HttpFuture<>(this::cancel);
  private final Pipe incoming = new Pipe();
  private final AtomicReference<HttpException> failure = new AtomicReference<>();
  private final Thread thread = Thread.ofVirtual().name("wasi-http").unstarted(this::run);
  private final Object socketLock = new Object();
  private Optional<Socket> socket = Optional.empty();
  private volatile boolean over;
  private boolean received;

  Exchange(
      OutgoingHandler handler, OutgoingRequest request, RequestHead first, RequestOptions options) {
    this.handler = handler;
    this.request = request;
    this.first = first;
    this.options = options;
  }

  void start() {
    thread.start();
  }

  HttpFuture<IncomingResponse> response() {
    return response;
  }

  HttpPolicy policy() {
    return handler.policy();
  }

  HttpBudget budget() {
    return handler.budget();
  }

  RequestOptions options() {
    return options;
  }

  /** Breaks off for this reason after that time. */
  Watchdog.Watch watch(Duration time, ErrorCode code, String message) {
    return handler.watchdog().arm(time, () -> abort(new HttpException(code, message)));
  }

  /** Breaks off on behalf of the guest. */
  void cancel() {
    if (!over) {
      abort(cancelled());
    }
    incoming.abandon();
  }

  private static HttpException cancelled() {
    return new HttpException(ErrorCode.Plain.CONNECTION_TERMINATED, "the request was cancelled");
  }

  /** Breaks off. Never blocks. */
  void abort(HttpException reason) {
    failure.compareAndSet(null, reason);
    disconnect();
    thread.interrupt();
  }

  /** Closes the connection, and every later one. */
  void disconnect() {
    synchronized (socketLock) {
      // Not the TLS socket on top of it, which would wait for the other side.
      socket.ifPresent(Connector::close);
    }
  }

  private void connecting(Socket opened) {
    synchronized (socketLock) {
      socket = Optional.of(opened);
      if (failure.get() != null) {
        Connector.close(opened);
      }
    }
  }

  private void run() {
    Semaphore connections = handler.connections();
    Optional<Watchdog.Watch> total = Optional.empty();
    try {
      total =
          Optional.of(
              watch(
                  options.total(),
                  ErrorCode.Plain.HTTP_RESPONSE_TIMEOUT,
                  "the request took longer than " + options.total().toMillis() + " ms"));
      connections.acquire();
      try {
        follow();
      } finally {
        connections.release();
      }
    } catch (InterruptedException e) {
      handler.refused(request, reason(cancelled()));
    } catch (HttpException e) {
      handler.refused(request, reason(e));
    } finally {
      total.ifPresent(Watchdog.Watch::close);
      over = true;
      disconnect();
      settle();
      handler.forget(this);
    }
  }

  /** Tells everybody who waits; by now there is an outcome. */
  private void settle() {
    if (request.body() instanceof OutgoingBody.Streamed stream) {
      stream.pipe().abandon();
    }
    if (!received) {
      HttpException reason = reason(internal("it ended without an outcome"));
      response.fail(reason);
      trailers.fail(reason);
      incoming.fail(reason.getMessage());
    }
  }

  private static HttpException internal(String message) {
    return new HttpException(
        new ErrorCode.InternalError(Optional.of(message)), "the request failed: " + message);
  }

  private void follow() {
    RequestHead head = first;
    OutgoingBody body = request.body();
    for (int redirects = 0; ; redirects++) {
      Hop hop = new Hop(this, head, body);
      Optional<RequestHead> next = Optional.empty();
      Optional<HttpException> failed = Optional.empty();
      try {
        next = take(hop, redirects);
      } catch (HttpException e) {
        failed = Optional.of(reason(e));
      } catch (IOException e) {
        failed = Optional.of(reason(translate(hop, e)));
      } catch (InterruptedException e) {
        failed = Optional.of(reason(cancelled()));
      } catch (RuntimeException e) {
        // A fault of ours or of the embedder's; whoever waits must hear of it all the same.
        failed = Optional.of(reason(internal(e.getClass().getSimpleName())));
      } finally {
        hop.stopSending();
      }
      handler.finished(hop, failed);
      if (next.isEmpty()) {
        return;
      }
      disconnect();
      boolean dropped = next.get().length().orElse(1) == 0;
      if (dropped && body instanceof OutgoingBody.Streamed stream) {
        stream.pipe().abandon();
      }
      body = dropped ? OutgoingBody.NONE : body;
      head = next.get();
    }
  }

  /** What really happened: whoever broke off knows better than the socket. */
  private HttpException reason(HttpException seen) {
    failure.compareAndSet(null, seen);
    return failure.get();
  }

  /** One hop; the head of the next one if the response leads on. */
  private Optional<RequestHead> take(Hop hop, int redirects)
      throws IOException, InterruptedException {
    HttpUrl url = hop.head().url();
    Match match = redirects == 0 ? policy().judge(url) : judgeRedirect(url);
    if (redirects > 0) {
      budget().take(HttpBudget.Kind.REQUESTS, 1);
    }
    ResponseHead answer = hop.ask(connect(hop, match));
    Optional<RequestHead> next = redirect(hop.head(), answer, redirects);
    if (next.isEmpty()) {
      deliver(hop, answer);
    }
    return next;
  }

  private Socket connect(Hop hop, Match match) throws IOException, InterruptedException {
    HttpUrl url = hop.head().url();
    long millis = options.connect().toMillis();
    Watchdog.Watch watch =
        watch(
            options.connect(),
            ErrorCode.Plain.CONNECTION_TIMEOUT,
            "no connection to " + url.authority() + " within " + millis + " ms");
    try {
      // Looked up once: what has been judged here is what is connected to.
      List<InetAddress> addresses = handler.destinations().permitted(url, policy().rules(), match);
      handler.started(hop);
      return handler.connector().connect(url, addresses, options.connect(), this::connecting);
    } finally {
      watch.close();
    }
  }

  private Match judgeRedirect(HttpUrl url) {
    try {
      return policy().judge(url);
    } catch (HttpException e) {
      throw HttpException.denied("redirected to " + url.authority() + ": " + e.getMessage());
    }
  }

  private void deliver(Hop hop, ResponseHead answer) throws IOException, InterruptedException {
    hop.open(answer);
    response.complete(
        new IncomingResponse(hop.head().url(), answer, incoming, trailers, this::cancel));
    if (hop.receive(incoming)) {
      trailers.complete(hop.trailers());
      received = true;
      incoming.end();
    }
  }

  /** The request that a response asks for, by the rules of fetch. */
  private Optional<RequestHead> redirect(RequestHead head, ResponseHead answer, int redirects) {
    Optional<String> location = answer.location();
    int allowed = Math.min(request.maxRedirects(), policy().maxRedirects());
    if (location.isEmpty() || request.maxRedirects() == 0) {
      return Optional.empty();
    }
    if (redirects >= allowed) {
      throw new HttpException(
          ErrorCode.Plain.LOOP_DETECTED,
          "more than " + allowed + " redirects, the last one from " + head.url().authority());
    }
    HttpUrl target;
    try {
      target = head.url().resolve(location.get());
    } catch (HttpException e) {
      throw new HttpException(
          e.code(), head.url().authority() + " redirects elsewhere: " + e.getMessage());
    }
    int status = answer.status();
    String method = head.method();
    boolean toGet =
        (status == 303 && !method.equals("GET") && !method.equals("HEAD"))
            || ((status == 301 || status == 302) && method.equals("POST"));
    if (!toGet && request.body() instanceof OutgoingBody.Streamed && head.length().orElse(1) > 0) {
      throw HttpException.protocol(
          "a redirect with status "
              + status
              + " asks for the body once more, but a streamed body is gone");
    }
    return Optional.of(head.redirected(target, toGet, toGet ? "GET" : method));
  }

  private static HttpException translate(Hop hop, IOException e) {
    String host = hop.head().url().host().toString();
    if (e instanceof SocketTimeoutException) {
      return new HttpException(
          ErrorCode.Plain.CONNECTION_READ_TIMEOUT, host + " paused for too long");
    }
    return new HttpException(
        ErrorCode.Plain.CONNECTION_TERMINATED,
        "the connection to " + host + " broke: " + e.getMessage());
  }
}

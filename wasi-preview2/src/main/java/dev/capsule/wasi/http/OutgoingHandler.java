package dev.capsule.wasi.http;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.Semaphore;

/**
 * What one guest makes its requests through ({@code wasi:http/outgoing-handler}). Requests run at
 * the same time; closing this breaks off all that are not over. Safe for use by many threads.
 */
public final class OutgoingHandler implements AutoCloseable {
  private final HttpService service;
  private final HttpPolicy policy;
  private final HttpBudget budget;
  private final HttpObserver observer;
  private final Redaction redaction;
  private final Semaphore connections;
  private final Set<Exchange> pending = new HashSet<>();
  private boolean closed;

  OutgoingHandler(
      HttpService service,
      HttpPolicy policy,
      HttpBudget budget,
      HttpObserver observer,
      List<String> secrets) {
    this.service = service;
    this.policy = policy;
    this.budget = budget;
    this.observer = observer;
    this.redaction = new Redaction(secrets);
    this.connections = new Semaphore(policy.maxConnections(), true);
  }

  /** Sends a request with the timeouts of the policy. */
  public HttpFuture<IncomingResponse> handle(OutgoingRequest request) {
    return handle(request, policy.options());
  }

  /**
   * Sends a request. Returns at once.
   *
   * @param options timeouts; those of the policy are their ceilings
   * @throws HttpException if the request is malformed, not allowed or beyond the budget; what goes
   *     wrong later is told by the future
   */
  public HttpFuture<IncomingResponse> handle(OutgoingRequest request, RequestOptions options) {
    RequestHead head;
    try {
      head = RequestHead.of(request, policy);
      policy.judge(request.url());
      admit();
      budget.require(HttpBudget.Kind.UPLOAD, head.length().orElse(0));
    } catch (HttpException e) {
      refused(request, e);
      throw e;
    }
    Exchange exchange = new Exchange(this, request, head, options.atMost(policy.options()));
    synchronized (this) {
      if (closed) {
        throw new HttpException(
            ErrorCode.Plain.CONNECTION_TERMINATED, "the guest is being stopped");
      }
      pending.add(exchange);
    }
    if (request.body() instanceof OutgoingBody.Streamed stream) {
      head.length().ifPresent(stream::declare);
    }
    exchange.start();
    return exchange.response();
  }

  private void admit() {
    synchronized (this) {
      if (pending.size() >= policy.maxPending()) {
        throw new HttpException(
            ErrorCode.Plain.CONNECTION_LIMIT_REACHED,
            "more than " + policy.maxPending() + " requests at once");
      }
    }
    budget.take(HttpBudget.Kind.REQUESTS, 1);
  }

  /** Records a request that was never sent. */
  void refused(OutgoingRequest request, HttpException e) {
    observer.finished(
        new HttpRecord(
            redaction.text(request.method()),
            redaction.text(request.url().toString()),
            request.headers().entries().stream().map(redaction::field).toList(),
            OptionalInt.empty(),
            0,
            0,
            Duration.ZERO,
            Optional.of(e.code()),
            Optional.of(redaction.text(e.getMessage()))));
  }

  void started(Hop hop) {
    observer.started(hop.record(redaction, Optional.empty()));
  }

  void finished(Hop hop, Optional<HttpException> failure) {
    observer.finished(hop.record(redaction, failure));
  }

  synchronized void forget(Exchange exchange) {
    pending.remove(exchange);
  }

  HttpPolicy policy() {
    return policy;
  }

  HttpBudget budget() {
    return budget;
  }

  Semaphore connections() {
    return connections;
  }

  Watchdog watchdog() {
    return service.watchdog();
  }

  Destinations destinations() {
    return service.destinations();
  }

  Connector connector() {
    return service.connector();
  }

  /** Breaks off everything that is not over; further requests fail. */
  @Override
  public void close() {
    List<Exchange> rest;
    synchronized (this) {
      closed = true;
      rest = List.copyOf(pending);
    }
    rest.forEach(Exchange::cancel);
  }
}

package dev.capsule.wasi.http;

import dev.capsule.wasi.io.Pollable;
import dev.capsule.wasi.io.Poller;
import dev.capsule.wasi.io.WaitGuard;
import dev.capsule.wasi.io.Wakers;
import java.util.Optional;

/**
 * Something that arrives later or fails: a response ({@code
 * wasi:http/types.future-incoming-response}) or trailers ({@code future-trailers}).
 *
 * @param <T> what arrives
 */
public final class HttpFuture<T> implements AutoCloseable {
  private final Wakers wakers = new Wakers();
  private final Runnable cancel;
  private Optional<T> value = Optional.empty();
  private Optional<HttpException> failure = Optional.empty();

  HttpFuture(Runnable cancel) {
    this.cancel = cancel;
  }

  /** The first outcome counts. */
  void complete(T arrived) {
    synchronized (this) {
      if (isDone()) {
        return;
      }
      value = Optional.of(arrived);
    }
    wakers.wakeAll();
  }

  void fail(HttpException reason) {
    synchronized (this) {
      if (isDone()) {
        return;
      }
      failure = Optional.of(reason);
    }
    wakers.wakeAll();
  }

  private synchronized boolean isDone() {
    return value.isPresent() || failure.isPresent();
  }

  /** Ready when {@link #get} has something to say. */
  public Pollable subscribe() {
    return wakers.pollable(this::isDone);
  }

  /**
   * What has arrived; empty while nothing has. Never blocks.
   *
   * @throws HttpException if it failed
   */
  public synchronized Optional<T> get() {
    if (failure.isPresent()) {
      throw failure.get();
    }
    return value;
  }

  /**
   * Waits for it, as long as {@code guard} allows.
   *
   * @throws HttpException if it failed
   */
  public T await(WaitGuard guard) {
    Poller.block(subscribe(), guard);
    return get().orElseThrow();
  }

  /** Breaks the request off, if it is not over. */
  @Override
  public void close() {
    cancel.run();
  }
}

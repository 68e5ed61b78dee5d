package dev.capsule.wasi.http;

/** Told about every request of a guest. Called on any thread; must be quick and not throw. */
public interface HttpObserver {
  /** Looks away. */
  HttpObserver NONE = new HttpObserver() {};

  /** A request, or the next hop of one, has passed the rules and the budget and is being sent. */
  default void started(HttpRecord request) {}

  /** A request, or one hop of it, is over: answered, failed, cancelled or refused. */
  default void finished(HttpRecord request) {}
}

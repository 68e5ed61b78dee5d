package dev.capsule.wasi.io;

/** Something a guest can wait for ({@code wasi:io/poll.pollable}). */
public interface Pollable {
  /** Always ready. */
  Pollable READY = () -> true;

  /** True when the thing waited for has happened; never blocks. */
  boolean ready();

  /**
   * Asks for {@code wake} to be run, on any thread, once this turns ready. A spurious or repeated
   * call is harmless. Does nothing for pollables that are known by time only.
   */
  default void onReady(Runnable wake) {}

  /** Takes back {@link #onReady}. */
  default void forget(Runnable wake) {}

  /** Nanoseconds until this turns ready by time alone; {@link Long#MAX_VALUE} if unknown. */
  default long nanosUntilReady() {
    return Long.MAX_VALUE;
  }

  /**
   * Lets virtual time pass up to the moment this turns ready. Real clocks and everything else
   * ignore it.
   */
  default void elapse() {}

  /** True if only {@link #elapse} can make this ready: it waits on a virtual clock. */
  default boolean virtual() {
    return false;
  }
}

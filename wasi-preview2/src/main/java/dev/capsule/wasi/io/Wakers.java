package dev.capsule.wasi.io;

import java.util.ArrayList;
import java.util.List;

/** Those who wait for one resource. */
final class Wakers {
  private final List<Runnable> waiting = new ArrayList<>();

  synchronized void add(Runnable wake) {
    waiting.add(wake);
  }

  synchronized void remove(Runnable wake) {
    waiting.remove(wake);
  }

  void wakeAll() {
    List<Runnable> now;
    synchronized (this) {
      now = List.copyOf(waiting);
    }
    now.forEach(Runnable::run);
  }
}

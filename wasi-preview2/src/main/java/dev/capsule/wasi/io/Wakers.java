package dev.capsule.wasi.io;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/** Those who wait for one resource. */
public final class Wakers {
  private final List<Runnable> waiting = new ArrayList<>();

  /** Nobody waits yet. */
  public Wakers() {}

  /** Adds one who waits. */
  public synchronized void add(Runnable wake) {
    waiting.add(wake);
  }

  /** Removes one who waits. */
  public synchronized void remove(Runnable wake) {
    waiting.remove(wake);
  }

  /** Wakes all who wait; they look for themselves what has happened. */
  public void wakeAll() {
    List<Runnable> now;
    synchronized (this) {
      if (waiting.isEmpty()) {
        return;
      }
      now = List.copyOf(waiting);
    }
    now.forEach(Runnable::run);
  }

  /** A pollable of the resource; {@code wakeAll} is called whenever {@code ready} may turn true. */
  public Pollable pollable(BooleanSupplier ready) {
    return new Pollable() {
      @Override
      public boolean ready() {
        return ready.getAsBoolean();
      }

      @Override
      public void onReady(Runnable wake) {
        add(wake);
      }

      @Override
      public void forget(Runnable wake) {
        remove(wake);
      }
    };
  }
}

package dev.capsule.task.guest.sandbox;

import java.util.function.Supplier;

/** Makes a value when it is first asked for, once. */
public final class Lazy<T> implements Supplier<T> {
  private final Supplier<T> maker;
  private volatile T value;

  private Lazy(Supplier<T> maker) {
    this.maker = maker;
  }

  /** Makes it with {@code maker}. */
  public static <T> Lazy<T> of(Supplier<T> maker) {
    return new Lazy<>(maker);
  }

  @Override
  public T get() {
    T result = value;
    if (result == null) {
      synchronized (this) {
        result = value;
        if (result == null) {
          result = maker.get();
          value = result;
        }
      }
    }
    return result;
  }
}

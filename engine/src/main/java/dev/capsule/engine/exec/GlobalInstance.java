package dev.capsule.engine.exec;

import dev.capsule.engine.runtime.Global;
import dev.capsule.engine.runtime.V128;
import dev.capsule.engine.types.GlobalType;
import dev.capsule.engine.types.NumType;
import dev.capsule.engine.types.RefType;
import dev.capsule.engine.types.VecType;

/** A global as the tiers see it: numbers as raw bits, references as objects. */
public final class GlobalInstance extends Global {
  /** The number's bits, as in a stack slot; the low half of a vector. */
  public long bits;

  /** The high half of a vector. */
  public long high;

  public Object ref;

  /** The store that it belongs to; null where it belongs to none, or to none yet. */
  private ExecStore store;

  /** A global of the host. */
  public GlobalInstance(GlobalType type) {
    super(type);
  }

  /** A global of an instance in a store. */
  GlobalInstance(GlobalType type, ExecStore store) {
    super(type);
    bind(store);
  }

  /**
   * An instance in a store imports it: tells whether it may. What may hold any reference, because
   * it can be written, belongs to the first store that it is used in; else the value decides.
   */
  synchronized boolean bind(ExecStore user) {
    boolean usable = isUsableBy(user);
    if (usable && type().value() instanceof RefType && type().mutable()) {
      store = user;
    }
    return usable;
  }

  /** Whether an instance in a store may import it. */
  synchronized boolean isUsableBy(ExecStore user) {
    return store == null ? user.isOwn(ref) : store == user;
  }

  @Override
  public Object get() {
    return switch (type().value()) {
      case NumType num -> Slots.boxed(num, bits);
      case VecType vec -> new V128(bits, high);
      case RefType ref -> this.ref;
    };
  }

  @Override
  public void set(Object value) {
    if (!type().mutable()) {
      throw new IllegalStateException("global is immutable");
    }
    References.require(value, type().value(), "global");
    synchronized (this) {
      if (store != null) {
        store.own(value);
      }
      init(value);
    }
  }

  /** Sets the value without asking for mutability or type. */
  public void init(Object value) {
    switch (type().value()) {
      case NumType num -> bits = Slots.bits(num, value);
      case VecType vec -> {
        bits = ((V128) value).low();
        high = ((V128) value).high();
      }
      case RefType type -> ref = value;
    }
  }
}

package dev.capsule.engine.exec;

import dev.capsule.engine.runtime.Func;
import dev.capsule.engine.runtime.Store;
import dev.capsule.engine.types.DefType;
import dev.capsule.engine.types.ValType;
import java.lang.invoke.MethodHandle;
import java.util.List;

/**
 * A function as a value: what {@code funcref} points to (spec 4.2.6). Its identity is the
 * reference's identity, and it carries its own instance wherever it travels.
 */
public abstract class FuncInstance extends Func {
  /** The store in which the function runs. */
  public final ExecStore store;

  /** The type in canonical form: an indirect call compares it by identity first. */
  public final DefType defType;

  /**
   * The compiled tier's callable for this function, an object of a class made for its signature;
   * null until that tier first needs it.
   */
  public Object callable;

  /** A callable that passes calls on through slots, as long as there is no better one. */
  public Object passing;

  private MethodHandle handle;

  protected FuncInstance(ExecStore store, DefType defType) {
    super(defType);
    this.store = store;
    this.defType = defType;
  }

  /**
   * Runs the function to its end: arguments lie in {@code store.stack} and {@code store.refs} from
   * slot {@code sp} on, results are left there. May replace both arrays.
   */
  public abstract void invoke(ExecStore store, int sp);

  @Override
  public final Store store() {
    return store;
  }

  /** {@link Func#call}. */
  public final Object callBoxed(Object[] arguments) {
    List<ValType> params = type().params();
    if (arguments.length != params.size()) {
      throw new IllegalArgumentException(
          "function of type " + type() + " called with " + arguments.length + " arguments");
    }
    for (int i = 0; i < arguments.length; i++) {
      References.require(arguments[i], params.get(i), "argument " + i);
      store.own(arguments[i]);
    }
    int base = Slots.enter(store, Slots.room(type()));
    int slot = base;
    for (int i = 0; i < arguments.length; i++) {
      Slots.put(store, slot, params.get(i), arguments[i]);
      slot += params.get(i).slots();
    }
    store.run(this, base);
    return results(base);
  }

  /** Goes on with what {@link #invoke} knows, and whose arguments are there already. */
  final Object resumeBoxed() {
    int base = Slots.enter(store, Slots.room(type()));
    store.run(this, base);
    return results(base);
  }

  private Object results(int base) {
    List<ValType> results = type().results();
    if (results.isEmpty()) {
      return null;
    }
    if (results.size() == 1) {
      return Slots.take(store, base, results.get(0));
    }
    return Slots.take(store, base, results);
  }

  /** {@link Func#handle}. */
  public final MethodHandle methodHandle() {
    MethodHandle made = handle;
    if (made == null) {
      made = CallHandle.of(this);
      handle = made;
    }
    return made;
  }
}

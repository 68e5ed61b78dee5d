package dev.capsule.engine.exec;

import dev.capsule.engine.runtime.Func;
import dev.capsule.engine.types.DefType;

/**
 * A function as a value: what {@code funcref} points to (spec 4.2.6). Its identity is the
 * reference's identity, and it carries its own instance wherever it travels.
 */
public abstract class FuncInstance extends Func {
  /** The type in canonical form: an indirect call compares it by identity first. */
  public final DefType defType;

  /**
   * The compiled tier's callable for this function, an object of a class made for its signature;
   * null until that tier first needs it.
   */
  public Object callable;

  protected FuncInstance(DefType defType) {
    super(defType.asFunc());
    this.defType = defType;
  }

  /**
   * Runs the function to its end: arguments lie in {@code store.stack} and {@code store.refs} from
   * slot {@code sp} on, results are left there. May replace both arrays.
   */
  public abstract void invoke(ExecStore store, int sp);
}

package dev.capsule.engine.runtime;

/**
 * A call of a host function: arguments, results, and whose call it is. Valid until the host
 * function returns. Results lie where the arguments were, so read all arguments before you set the
 * first result. Indices count parameters and results from 0; one that does not exist gives an
 * ArrayIndexOutOfBoundsException. Whether the kind of number fits is not checked: a number of
 * another kind is read as bits.
 */
public abstract class Caller {
  protected Caller() {}

  /** The store in which the call happens. */
  public abstract Store store();

  /**
   * The instance that imported this function through a {@link Linker}.
   *
   * @throws IllegalStateException if the function was made without a linker
   */
  public abstract Instance instance();

  /**
   * The importing instance's memory 0.
   *
   * @throws IllegalStateException if there is no such instance or it has no memory
   */
  public abstract Memory memory();

  public abstract int i32(int param);

  public abstract long i64(int param);

  public abstract float f32(int param);

  public abstract double f64(int param);

  public abstract V128 v128(int param);

  /** A reference; null for null references. */
  public abstract Object ref(int param);

  public abstract void setI32(int result, int value);

  public abstract void setI64(int result, long value);

  public abstract void setF32(int result, float value);

  public abstract void setF64(int result, double value);

  public abstract void setV128(int result, V128 value);

  /**
   * @throws IllegalArgumentException if the reference is not of the result's type
   */
  public abstract void setRef(int result, Object value);
}

package dev.capsule.engine.runtime;

import dev.capsule.engine.exec.ExecStore;
import dev.capsule.engine.exec.FuncInstance;
import dev.capsule.engine.exec.HostDefinition;
import dev.capsule.engine.exec.InterfaceBinding;
import dev.capsule.engine.types.DefType;
import dev.capsule.engine.types.ExternFunc;
import dev.capsule.engine.types.ExternType;
import dev.capsule.engine.types.FuncType;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;

/**
 * A function of Wasm or of the host (spec 4.2.6); also what a {@code funcref} is in Java.
 *
 * <p>Every way of calling it may throw {@link Trap}, {@link WasmException} for an exception that no
 * Wasm code caught, and whatever a host function threw, unchanged.
 */
public abstract non-sealed class Func implements Extern {
  private final DefType defType;
  private final FuncType type;

  protected Func(DefType defType) {
    this.defType = defType;
    this.type = defType.asFunc();
  }

  /** A host function in a store. */
  public static Func create(Store store, FuncType type, HostCall body) {
    return HostDefinition.of(type, body).bind((ExecStore) store);
  }

  /**
   * A host function in a store, of the type that the handle's type stands for: int, long, float,
   * double, {@link V128}; any other class is a reference. A first parameter {@link Caller} is not a
   * Wasm parameter.
   */
  public static Func create(Store store, MethodHandle body) {
    return HostDefinition.of(body).bind((ExecStore) store);
  }

  /** Parameters and results. */
  public final FuncType type() {
    return type;
  }

  /** The type in canonical form. */
  public final DefType defType() {
    return defType;
  }

  @Override
  public final ExternType externType() {
    return new ExternFunc(defType);
  }

  /** The store that this function belongs to. */
  public abstract Store store();

  /**
   * Calls with boxed arguments: convenient, not fast.
   *
   * @return null where there is no result, the boxed result, or an {@code Object[]} of several
   * @throws IllegalArgumentException if number or types of the arguments do not fit
   */
  public final Object call(Object... arguments) {
    return ((FuncInstance) this).callBoxed(arguments);
  }

  /**
   * A handle with exactly the function's types: int, long, float, double, {@link V128}, and Object
   * for references; it returns void, the result, or an {@code Object[]} of several results.
   */
  public final MethodHandle handle() {
    return ((FuncInstance) this).methodHandle();
  }

  /**
   * This function as a functional interface, without boxing: {@code
   * func.as(IntBinaryOperator.class)}. Besides the types of {@link #handle}, an i32 may be a
   * boolean, byte, short or char, a reference any class, and several results a record with as many
   * components.
   *
   * @throws IllegalArgumentException if the interface's method does not fit, or if the interface is
   *     not public and exported
   */
  public final <T> T as(Class<T> functional) {
    return as(functional, MethodHandles.publicLookup());
  }

  /** The same for interfaces and records that {@code lookup} can see. */
  public final <T> T as(Class<T> functional, MethodHandles.Lookup lookup) {
    return new InterfaceBinding(lookup).bind(functional, (FuncInstance) this);
  }
}

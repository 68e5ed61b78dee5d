package dev.capsule.engine.runtime;

import dev.capsule.engine.exec.ExecStore;
import dev.capsule.engine.exec.HostDefinition;
import dev.capsule.engine.exec.Instantiation;
import dev.capsule.engine.module.Module;
import dev.capsule.engine.types.FuncType;
import java.lang.invoke.MethodHandle;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Names for imports, and instantiation with them. A later definition of a name replaces an earlier
 * one. Host functions are not bound to a store: every instance that imports one gets its own {@link
 * Func}, whose {@link Caller} knows that instance. A linker that is no longer changed may be used
 * by many threads and stores.
 */
public final class Linker {
  private record Name(String module, String name) {}

  private final Map<Name, Object> definitions = new HashMap<>();

  /** Nothing defined yet. */
  public Linker() {}

  /** The same definitions, to which others may be added. */
  public Linker(Linker other) {
    definitions.putAll(other.definitions);
  }

  /** Defines what belongs to a store: instances in other stores cannot import it. */
  public Linker define(String module, String name, Extern value) {
    return put(module, name, value);
  }

  /** Defines all exports of an instance under its own module name. */
  public Linker define(String module, Instance instance) {
    for (String name : instance.exportNames()) {
      put(module, name, instance.export(name).orElseThrow());
    }
    return this;
  }

  /** A host function that gets at its arguments through a {@link Caller}. */
  public Linker func(String module, String name, FuncType type, HostCall body) {
    return put(module, name, HostDefinition.of(type, body));
  }

  /**
   * A host function whose type is the handle's: int (also boolean, byte, short, char), long, float,
   * double, {@link V128}, {@link Func} for {@code funcref}, any other class for {@code externref}.
   * A first parameter {@link Caller} is not a Wasm parameter.
   */
  public Linker func(String module, String name, MethodHandle body) {
    return put(module, name, HostDefinition.of(body));
  }

  /**
   * A host function of a given type; several results are returned as an {@code Object[]}.
   *
   * @throws IllegalArgumentException if the handle's type does not stand for the function type
   */
  public Linker func(String module, String name, FuncType type, MethodHandle body) {
    return put(module, name, HostDefinition.of(type, body));
  }

  /**
   * A host function from a lambda, as in {@code func("env", "add", IntBinaryOperator.class, (a, b)
   * -> a + b)}. The interface's method tells the type as a handle's type does.
   *
   * @throws IllegalArgumentException if this is no public functional interface
   */
  public <T> Linker func(String module, String name, Class<T> functional, T body) {
    return put(module, name, HostDefinition.of(functional, body));
  }

  private Linker put(String module, String name, Object value) {
    definitions.put(
        new Name(Objects.requireNonNull(module), Objects.requireNonNull(name)),
        Objects.requireNonNull(value));
    return this;
  }

  /** Whether a name is defined. */
  public boolean defines(String module, String name) {
    return definitions.containsKey(new Name(module, name));
  }

  /**
   * Validates a module where the store's engine has not done so yet, instantiates it and runs its
   * start function (spec 4.7.2).
   *
   * @throws dev.capsule.engine.module.InvalidException if the module is invalid
   * @throws LinkException if an import is missing or of the wrong type
   * @throws LimitException if the store's limits forbid it
   * @throws Trap if a segment does not fit, or the start function traps; what has been written to
   *     imported memories and tables until then stays
   */
  public Instance instantiate(Store store, Module module) {
    return Instantiation.of((ExecStore) store, module, this::find);
  }

  /** What is defined under a name: an {@link Extern}, or a host function without a store. */
  public Optional<Object> find(String module, String name) {
    return Optional.ofNullable(definitions.get(new Name(module, name)));
  }
}

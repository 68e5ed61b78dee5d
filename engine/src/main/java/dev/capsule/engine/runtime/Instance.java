package dev.capsule.engine.runtime;

import dev.capsule.engine.exec.InterfaceBinding;
import dev.capsule.engine.exec.ModuleInstance;
import dev.capsule.engine.module.Export;
import dev.capsule.engine.module.Module;
import dev.capsule.engine.types.ExternKind;
import java.lang.invoke.MethodHandles;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** An instance of a module (spec 4.2.5). */
public abstract class Instance {
  protected Instance() {}

  public abstract Module module();

  public abstract Store store();

  /** What is exported under a name; the same object every time. */
  public abstract Optional<Extern> export(String name);

  /** The names of all exports, in the module's order. */
  public final List<String> exportNames() {
    return module().exports().stream().map(Export::name).toList();
  }

  /**
   * @throws IllegalArgumentException if no function is exported under this name
   */
  public final Func func(String name) {
    return (Func) require(name, ExternKind.FUNC);
  }

  /**
   * @throws IllegalArgumentException if no memory is exported under this name
   */
  public final Memory memory(String name) {
    return (Memory) require(name, ExternKind.MEMORY);
  }

  /**
   * @throws IllegalArgumentException if no table is exported under this name
   */
  public final Table table(String name) {
    return (Table) require(name, ExternKind.TABLE);
  }

  /**
   * @throws IllegalArgumentException if no global is exported under this name
   */
  public final Global global(String name) {
    return (Global) require(name, ExternKind.GLOBAL);
  }

  /**
   * @throws IllegalArgumentException if no tag is exported under this name
   */
  public final Tag tag(String name) {
    return (Tag) require(name, ExternKind.TAG);
  }

  /**
   * The exports as an interface of yours, without boxing. A method has the name of an exported
   * function (as it is, or in snake_case or kebab-case) and types as in {@link Func#as}; a method
   * without parameters that returns {@link Memory}, {@link Table}, {@link Global} or {@link Tag}
   * gives that export.
   *
   * @throws IllegalArgumentException if a method fits no export, or if the interface is not public
   *     and exported
   */
  public final <T> T as(Class<T> type) {
    return as(type, MethodHandles.publicLookup());
  }

  /** The same for interfaces and records that {@code lookup} can see. */
  public final <T> T as(Class<T> type, MethodHandles.Lookup lookup) {
    return new InterfaceBinding(lookup).bind(type, (ModuleInstance) this);
  }

  private Extern require(String name, ExternKind kind) {
    Extern found = export(name).orElse(null);
    if (found != null && found.externType().kind() == kind) {
      return found;
    }
    List<String> names = new ArrayList<>();
    for (Export export : module().exports()) {
      if (export.kind() == kind) {
        names.add("\"" + export.name() + "\"");
      }
    }
    throw new IllegalArgumentException(
        (found == null
                ? "no export \"" + name + "\""
                : "export \"" + name + "\" is a " + found.externType().kind() + ", not a " + kind)
            + "; exports of kind "
            + kind
            + ": "
            + (names.isEmpty() ? "none" : String.join(", ", names)));
  }
}

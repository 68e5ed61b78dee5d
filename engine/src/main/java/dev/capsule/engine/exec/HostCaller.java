package dev.capsule.engine.exec;

import dev.capsule.engine.runtime.Caller;
import dev.capsule.engine.runtime.Instance;
import dev.capsule.engine.runtime.Memory;
import dev.capsule.engine.runtime.Store;
import dev.capsule.engine.runtime.V128;
import dev.capsule.engine.types.FuncType;
import dev.capsule.engine.types.RefType;
import dev.capsule.engine.types.ValType;
import java.util.List;

/** The caller of one host function; one object serves all its calls, nested ones included. */
final class HostCaller extends Caller {
  private final ExecStore store;
  private final ModuleInstance importer;
  private final int[] params;
  private final int[] results;
  private final List<ValType> resultTypes;
  private int base;

  /**
   * @param importer null where the function was made without a linker
   */
  HostCaller(ExecStore store, ModuleInstance importer, FuncType type) {
    this.store = store;
    this.importer = importer;
    this.params = positions(type.params());
    this.results = positions(type.results());
    this.resultTypes = type.results();
  }

  private static int[] positions(List<ValType> types) {
    int[] slots = new int[types.size()];
    int next = 0;
    for (int i = 0; i < slots.length; i++) {
      slots[i] = next;
      next += types.get(i).slots();
    }
    return slots;
  }

  /** Starts a call; the answer goes to {@link #leave}. */
  int enter(int sp) {
    int outer = base;
    base = sp;
    return outer;
  }

  void leave(int outer) {
    base = outer;
  }

  /** After the call: what the host left in slots of references must be of the declared types. */
  void checkResults() {
    for (int i = 0; i < results.length; i++) {
      if (resultTypes.get(i) instanceof RefType type) {
        Object value = store.refs[base + results[i]];
        References.require(value, type, "result " + i + " of a host function");
        store.own(value);
      }
    }
  }

  @Override
  public Store store() {
    return store;
  }

  @Override
  public Instance instance() {
    if (importer == null) {
      throw new IllegalStateException("the host function was not imported through a linker");
    }
    return importer;
  }

  @Override
  public Memory memory() {
    ModuleInstance instance = (ModuleInstance) instance();
    if (instance.memories.length == 0) {
      throw new IllegalStateException("the importing instance has no memory");
    }
    return instance.memories[0];
  }

  private int param(int index) {
    return base + params[index];
  }

  private int result(int index) {
    return base + results[index];
  }

  @Override
  public int i32(int param) {
    return Slots.getI32(store, 0, param(param));
  }

  @Override
  public long i64(int param) {
    return Slots.getI64(store, 0, param(param));
  }

  @Override
  public float f32(int param) {
    return Slots.getF32(store, 0, param(param));
  }

  @Override
  public double f64(int param) {
    return Slots.getF64(store, 0, param(param));
  }

  @Override
  public V128 v128(int param) {
    return Slots.getV128(store, 0, param(param));
  }

  @Override
  public Object ref(int param) {
    return store.refs[param(param)];
  }

  @Override
  public void setI32(int result, int value) {
    Slots.putI32(store, 0, result(result), value);
  }

  @Override
  public void setI64(int result, long value) {
    Slots.putI64(store, 0, result(result), value);
  }

  @Override
  public void setF32(int result, float value) {
    Slots.putF32(store, 0, result(result), value);
  }

  @Override
  public void setF64(int result, double value) {
    Slots.putF64(store, 0, result(result), value);
  }

  @Override
  public void setV128(int result, V128 value) {
    Slots.putV128(store, 0, result(result), value);
  }

  @Override
  public void setRef(int result, Object value) {
    store.refs[result(result)] = value;
  }
}

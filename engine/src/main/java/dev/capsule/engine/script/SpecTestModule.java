package dev.capsule.engine.script;

import dev.capsule.engine.runtime.Global;
import dev.capsule.engine.runtime.Linker;
import dev.capsule.engine.runtime.Memory;
import dev.capsule.engine.runtime.Store;
import dev.capsule.engine.runtime.Table;
import dev.capsule.engine.types.AddressType;
import dev.capsule.engine.types.FuncType;
import dev.capsule.engine.types.GlobalType;
import dev.capsule.engine.types.Limits;
import dev.capsule.engine.types.MemoryType;
import dev.capsule.engine.types.NumType;
import dev.capsule.engine.types.RefType;
import dev.capsule.engine.types.TableType;
import dev.capsule.engine.types.ValType;
import java.util.List;

/**
 * The host module {@code spectest} that scripts of the official suite import; it prints nothing.
 */
final class SpecTestModule {
  private static final String NAME = "spectest";

  private SpecTestModule() {}

  static void define(Linker linker, Store store) {
    print(linker, "print");
    print(linker, "print_i32", NumType.I32);
    print(linker, "print_i64", NumType.I64);
    print(linker, "print_f32", NumType.F32);
    print(linker, "print_f64", NumType.F64);
    print(linker, "print_i32_f32", NumType.I32, NumType.F32);
    print(linker, "print_f64_f64", NumType.F64, NumType.F64);
    global(linker, "global_i32", NumType.I32, 666);
    global(linker, "global_i64", NumType.I64, 666L);
    global(linker, "global_f32", NumType.F32, 666.6f);
    global(linker, "global_f64", NumType.F64, 666.6);
    Limits table = Limits.of(10, 20);
    table(linker, store, "table", new TableType(AddressType.I32, table, RefType.FUNCREF));
    table(linker, store, "table64", new TableType(AddressType.I64, table, RefType.FUNCREF));
    Limits memory = Limits.of(1, 2);
    int pageSize = MemoryType.DEFAULT_PAGE_SIZE_LOG2;
    linker.define(NAME, "memory", Memory.create(store, new MemoryType(memory)));
    MemoryType shared = new MemoryType(AddressType.I32, memory, true, pageSize);
    linker.define(NAME, "shared_memory", Memory.create(store, shared));
  }

  private static void print(Linker linker, String name, ValType... params) {
    linker.func(NAME, name, new FuncType(List.of(params), List.of()), caller -> {});
  }

  private static void global(Linker linker, String name, ValType type, Object value) {
    linker.define(NAME, name, Global.create(new GlobalType(false, type), value));
  }

  private static void table(Linker linker, Store store, String name, TableType type) {
    linker.define(NAME, name, Table.create(store, type, null));
  }
}

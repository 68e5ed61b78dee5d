package dev.capsule.engine.interpreter;

import dev.capsule.engine.exec.ExecStore;
import dev.capsule.engine.exec.ModuleInstance;
import dev.capsule.engine.exec.TableOps;

/** Table instructions (spec 4.6.6). */
final class TableNodes {
  private TableNodes() {}

  static final class Get extends VariableNodes.Producer {
    private final int table;
    private final boolean wide;
    private final int a;

    Get(int d, int table, boolean wide, int a) {
      super(d);
      this.table = table;
      this.wide = wide;
      this.a = a;
    }

    @Override
    Node x(ModuleInstance in, long[] st, int fp, byte[] mem) {
      in.store.refs[fp + d] = TableOps.get(in.tables[table], MemoryNodes.address(st[fp + a], wide));
      return next;
    }
  }

  static final class Set extends Node {
    private final int table;
    private final boolean wide;
    private final int a;
    private final int value;

    Set(int table, boolean wide, int a, int value) {
      this.table = table;
      this.wide = wide;
      this.a = a;
      this.value = value;
    }

    @Override
    Node x(ModuleInstance in, long[] st, int fp, byte[] mem) {
      TableOps.set(
          in.tables[table], MemoryNodes.address(st[fp + a], wide), in.store.refs[fp + value]);
      return next;
    }
  }

  static final class Size extends VariableNodes.Producer {
    private final int table;

    Size(int d, int table) {
      super(d);
      this.table = table;
    }

    @Override
    Node x(ModuleInstance in, long[] st, int fp, byte[] mem) {
      st[fp + d] = in.tables[table].elements.length;
      return next;
    }
  }

  static final class Grow extends Node {
    private final int d;
    private final int table;
    private final boolean wide;
    private final int value;
    private final int a;
    private final int w;

    Grow(int d, int table, boolean wide, int value, int a, int w) {
      this.d = d;
      this.table = table;
      this.wide = wide;
      this.value = value;
      this.a = a;
      this.w = w;
    }

    @Override
    Node x(ModuleInstance in, long[] st, int fp, byte[] mem) {
      ExecStore store = in.store;
      store.fuel -= w;
      st[fp + d] =
          TableOps.grow(
              store,
              in.tables[table],
              store.refs[fp + value],
              MemoryNodes.address(st[fp + a], wide));
      return next;
    }
  }

  static Node fill(int table, boolean wide, int a, int value, int length, int w) {
    return new BulkNode(w) {
      @Override
      void move(ModuleInstance in, long[] st, int fp) {
        TableOps.fill(
            in.store,
            in.tables[table],
            MemoryNodes.address(st[fp + a], wide),
            in.store.refs[fp + value],
            MemoryNodes.address(st[fp + length], wide));
      }
    };
  }

  static RangeNode.Move copy(int target, int source) {
    return (in, to, from, length) ->
        TableOps.copy(in.store, in.tables[target], to, in.tables[source], from, length);
  }

  static RangeNode.Move init(int elem, int table) {
    return (in, to, from, length) ->
        TableOps.init(in, elem, in.tables[table], to, (int) from, (int) length);
  }

  static final class ElemDrop extends Node {
    private final int elem;

    ElemDrop(int elem) {
      this.elem = elem;
    }

    @Override
    Node x(ModuleInstance in, long[] st, int fp, byte[] mem) {
      TableOps.drop(in, elem);
      return next;
    }
  }
}

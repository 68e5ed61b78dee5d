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

  static final class Fill extends Node {
    private final int table;
    private final boolean wide;
    private final int a;
    private final int value;
    private final int length;
    private final int w;

    Fill(int table, boolean wide, int a, int value, int length, int w) {
      this.table = table;
      this.wide = wide;
      this.a = a;
      this.value = value;
      this.length = length;
      this.w = w;
    }

    @Override
    Node x(ModuleInstance in, long[] st, int fp, byte[] mem) {
      ExecStore store = in.store;
      store.fuel -= w;
      TableOps.fill(
          store,
          in.tables[table],
          MemoryNodes.address(st[fp + a], wide),
          store.refs[fp + value],
          MemoryNodes.address(st[fp + length], wide));
      return next;
    }
  }

  static final class Copy extends Node {
    private final int target;
    private final int source;
    private final boolean wideTarget;
    private final boolean wideSource;
    private final int a;
    private final int b;
    private final int length;
    private final int w;

    Copy(
        int target,
        int source,
        boolean wideTarget,
        boolean wideSource,
        int a,
        int b,
        int length,
        int w) {
      this.target = target;
      this.source = source;
      this.wideTarget = wideTarget;
      this.wideSource = wideSource;
      this.a = a;
      this.b = b;
      this.length = length;
      this.w = w;
    }

    @Override
    Node x(ModuleInstance in, long[] st, int fp, byte[] mem) {
      ExecStore store = in.store;
      store.fuel -= w;
      TableOps.copy(
          store,
          in.tables[target],
          MemoryNodes.address(st[fp + a], wideTarget),
          in.tables[source],
          MemoryNodes.address(st[fp + b], wideSource),
          MemoryNodes.address(st[fp + length], wideTarget && wideSource));
      return next;
    }
  }

  static final class Init extends Node {
    private final int elem;
    private final int table;
    private final boolean wide;
    private final int a;
    private final int from;
    private final int length;
    private final int w;

    Init(int elem, int table, boolean wide, int a, int from, int length, int w) {
      this.elem = elem;
      this.table = table;
      this.wide = wide;
      this.a = a;
      this.from = from;
      this.length = length;
      this.w = w;
    }

    @Override
    Node x(ModuleInstance in, long[] st, int fp, byte[] mem) {
      in.store.fuel -= w;
      TableOps.init(
          in,
          elem,
          in.tables[table],
          MemoryNodes.address(st[fp + a], wide),
          (int) st[fp + from],
          (int) st[fp + length]);
      return next;
    }
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

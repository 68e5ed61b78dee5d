package dev.capsule.engine.interpreter;

import dev.capsule.engine.exec.ExecStore;
import dev.capsule.engine.exec.ModuleInstance;
import dev.capsule.engine.exec.TableInstance;
import dev.capsule.engine.runtime.Trap;
import dev.capsule.engine.runtime.TrapKind;
import java.util.Arrays;

/** Table instructions (spec 4.6.6). */
final class TableNodes {
  private static final Object[] DROPPED = {};

  private TableNodes() {}

  private static void check(long at, long length, long size) {
    if (at < 0 || length < 0 || at > size - length) {
      throw new Trap(TrapKind.OUT_OF_BOUNDS_TABLE);
    }
  }

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
      in.store.refs[fp + d] = in.tables[table].get(MemoryNodes.address(st[fp + a], wide));
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
      TableInstance to = in.tables[table];
      long at = MemoryNodes.address(st[fp + a], wide);
      check(at, 1, to.elements.length);
      to.elements[(int) at] = in.store.refs[fp + value];
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
      long delta = MemoryNodes.address(st[fp + a], wide);
      long old = in.tables[table].grow(delta, store.refs[fp + value]);
      st[fp + d] = old;
      if (old >= 0) {
        store.chargeBulk(delta >>> 3);
      }
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
      Object[] elements = in.tables[table].elements;
      long at = MemoryNodes.address(st[fp + a], wide);
      long count = MemoryNodes.address(st[fp + length], wide);
      check(at, count, elements.length);
      store.chargeBulk(count >>> 3);
      Arrays.fill(elements, (int) at, (int) (at + count), store.refs[fp + value]);
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
      Object[] to = in.tables[target].elements;
      Object[] from = in.tables[source].elements;
      long at = MemoryNodes.address(st[fp + a], wideTarget);
      long start = MemoryNodes.address(st[fp + b], wideSource);
      long count = MemoryNodes.address(st[fp + length], wideTarget && wideSource);
      check(start, count, from.length);
      check(at, count, to.length);
      store.chargeBulk(count >>> 3);
      System.arraycopy(from, (int) start, to, (int) at, (int) count);
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
      ExecStore store = in.store;
      store.fuel -= w;
      Object[] segment = in.elems[elem] == null ? DROPPED : in.elems[elem];
      Object[] to = in.tables[table].elements;
      long at = MemoryNodes.address(st[fp + a], wide);
      long start = MemoryNodes.address(st[fp + from], false);
      long count = MemoryNodes.address(st[fp + length], false);
      check(start, count, segment.length);
      check(at, count, to.length);
      store.chargeBulk(count >>> 3);
      System.arraycopy(segment, (int) start, to, (int) at, (int) count);
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
      in.elems[elem] = null;
      return next;
    }
  }
}

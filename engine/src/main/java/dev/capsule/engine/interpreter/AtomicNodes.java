package dev.capsule.engine.interpreter;

import dev.capsule.engine.exec.AtomicOps;
import dev.capsule.engine.exec.AtomicOps.Rmw;
import dev.capsule.engine.exec.ExecStore;
import dev.capsule.engine.exec.LinearMemory;
import dev.capsule.engine.exec.ModuleInstance;

/** Atomic instructions (threads proposal). */
final class AtomicNodes {
  private AtomicNodes() {}

  /** Where an access goes: memory, slot of the address, static offset, size. */
  record Place(int memory, boolean wide, int slot, long offset, int log2) {
    LinearMemory memory(ModuleInstance in) {
      return in.memories[memory];
    }

    long address(long[] st, int fp) {
      return MemoryNodes.effective(st[fp + slot], wide, offset);
    }
  }

  static final class Fence extends Node {
    @Override
    Node x(ModuleInstance in, long[] st, int fp, byte[] mem) {
      AtomicOps.fence();
      return next;
    }
  }

  static final class Load extends VariableNodes.Producer {
    private final Place place;

    Load(int d, Place place) {
      super(d);
      this.place = place;
    }

    @Override
    Node x(ModuleInstance in, long[] st, int fp, byte[] mem) {
      st[fp + d] = AtomicOps.load(place.memory(in), place.log2, place.address(st, fp));
      return next;
    }
  }

  static final class Store extends Node {
    private final Place place;
    private final int value;

    Store(Place place, int value) {
      this.place = place;
      this.value = value;
    }

    @Override
    Node x(ModuleInstance in, long[] st, int fp, byte[] mem) {
      AtomicOps.store(place.memory(in), place.log2, place.address(st, fp), st[fp + value]);
      return next;
    }
  }

  static final class ReadModifyWrite extends VariableNodes.Producer {
    private final Place place;
    private final Rmw action;
    private final int value;

    ReadModifyWrite(int d, Place place, Rmw action, int value) {
      super(d);
      this.place = place;
      this.action = action;
      this.value = value;
    }

    @Override
    Node x(ModuleInstance in, long[] st, int fp, byte[] mem) {
      st[fp + d] =
          AtomicOps.rmw(
              place.memory(in), action, place.log2, place.address(st, fp), st[fp + value]);
      return next;
    }
  }

  static final class CompareExchange extends VariableNodes.Producer {
    private final Place place;
    private final int expected;
    private final boolean narrow;
    private final int replacement;

    CompareExchange(int d, Place place, int expected, boolean narrow, int replacement) {
      super(d);
      this.place = place;
      this.expected = expected;
      this.narrow = narrow;
      this.replacement = replacement;
    }

    @Override
    Node x(ModuleInstance in, long[] st, int fp, byte[] mem) {
      long old = narrow ? st[fp + expected] & 0xFFFFFFFFL : st[fp + expected];
      st[fp + d] =
          AtomicOps.cmpxchg(
              place.memory(in), place.log2, place.address(st, fp), old, st[fp + replacement]);
      return next;
    }
  }

  static final class Notify extends VariableNodes.Producer {
    private final Place place;
    private final int count;

    Notify(int d, Place place, int count) {
      super(d);
      this.place = place;
      this.count = count;
    }

    @Override
    Node x(ModuleInstance in, long[] st, int fp, byte[] mem) {
      st[fp + d] = AtomicOps.wake(place.memory(in), place.address(st, fp), (int) st[fp + count]);
      return next;
    }
  }

  static final class Wait extends VariableNodes.Producer {
    private final Place place;
    private final int expected;
    private final int nanos;
    private final int w;

    Wait(int d, Place place, int expected, int nanos, int w) {
      super(d);
      this.place = place;
      this.expected = expected;
      this.nanos = nanos;
      this.w = w;
    }

    @Override
    Node x(ModuleInstance in, long[] st, int fp, byte[] mem) {
      ExecStore store = in.store;
      store.fuel -= w;
      st[fp + d] =
          AtomicOps.await(
              store,
              place.memory(in),
              place.log2,
              place.address(st, fp),
              st[fp + expected],
              st[fp + nanos]);
      return next;
    }
  }
}

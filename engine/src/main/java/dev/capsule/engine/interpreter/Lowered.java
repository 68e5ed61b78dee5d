package dev.capsule.engine.interpreter;

import dev.capsule.engine.exec.FunctionCode;
import dev.capsule.engine.exec.ModuleInstance;

/**
 * A function body made executable. Its frame is {@code [parameters | locals | link | operands]}:
 * arguments lie where the caller left them; the link slot holds the caller's frame pointer and, in
 * the store's references, the call to return to.
 */
final class Lowered {
  final FunctionCode code;
  final Node entry;
  final int link;

  /** Slots of the whole frame. */
  final int frame;

  /** The first of the locals that are zero at entry; they end at the link. */
  final int zeroFrom;

  /** Whether frames hold references, which have to be cleared. */
  final boolean refs;

  final int units;

  /** The nodes' places are {@code base} to {@code base + length - 1}. */
  final int base;

  final int length;

  /** Handlers of exceptions, innermost first; null where there are none. */
  final Handler[] handlers;

  /** The calls, in the order of the code; those in code that nothing leads to included. */
  final CallNode[] calls;

  /** Whether nodes access the array of memory 0; an instance may have another form of memory. */
  final boolean direct;

  /**
   * Pairs of place, counted from {@link #base}, and offset of loops without operands below them.
   */
  private final int[] headers;

  /**
   * All nodes in the order of their places. Only garbage collectors look at it: those that copy
   * breadth-first would else scatter a function's nodes over the heap.
   */
  @SuppressWarnings("unused")
  private final Node[] nodes;

  private volatile Lowered indirect;
  private int[] positions;

  Lowered(
      FunctionCode code,
      Linker linker,
      int zeroFrom,
      int base,
      int length,
      boolean direct,
      Handler[] handlers,
      int[] headers) {
    this.code = code;
    this.entry = linker.entry();
    linker.finish();
    this.nodes = linker.nodes();
    this.link = linker.link;
    this.frame = linker.top;
    this.units = linker.units;
    this.zeroFrom = zeroFrom;
    this.refs = linker.refs;
    this.calls = linker.calls();
    this.base = base;
    this.length = length;
    this.direct = direct;
    this.handlers = handlers;
    this.headers = headers;
    code.module.byPlace.put(base, this);
  }

  /** The function with a node at a place; null where there is none. */
  static Lowered at(ModuleInstance in, int pc) {
    var found = in.code.byPlace.floorEntry(pc);
    return found == null ? null : ((Lowered) found.getValue()).covering(pc);
  }

  private Lowered covering(int pc) {
    return pc - base < length ? this : null;
  }

  /** The offset of the {@code loop} whose header is at a place; -1 where code cannot be entered. */
  int header(int pc) {
    for (int i = 0; i < headers.length; i += 2) {
      if (headers[i] == pc - base) {
        return headers[i + 1];
      }
    }
    return -1;
  }

  /** The same function for instances whose memory 0 is not an array. */
  Lowered indirect() {
    Lowered other = indirect;
    if (other == null) {
      synchronized (this) {
        other = indirect;
        if (other == null) {
          other = Lowering.lower(code, false);
          indirect = other;
        }
      }
    }
    return other;
  }

  /** This, or the form of it for other memories, whichever has a node at {@code pc}; or null. */
  Lowered owner(int pc) {
    if (pc - base >= 0 && pc - base < length) {
      return this;
    }
    Lowered other = indirect;
    return other == null ? null : other.owner(pc);
  }

  /** The counted instructions that the store has not been charged for when the node at pc fails. */
  int uncharged(int pc) {
    return positions()[3 * find(pc) + 1];
  }

  /** The offset in the module's file of the instruction that the node at {@code pc} stands for. */
  long offset(int pc) {
    return positions()[3 * find(pc) + 2];
  }

  private int find(int pc) {
    int[] all = positions();
    int low = 0;
    int high = all.length / 3 - 1;
    while (low < high) {
      int mid = (low + high + 1) >>> 1;
      if (all[3 * mid] <= pc - base) {
        low = mid;
      } else {
        high = mid - 1;
      }
    }
    return low;
  }

  /**
   * Triples of place, uncharged instructions and offset. Lowering gives the same code each time, so
   * they are not kept from the first one but made when a first trap asks.
   */
  private int[] positions() {
    int[] all = positions;
    if (all == null) {
      all = Lowering.positions(code, direct);
      positions = all;
    }
    return all;
  }
}

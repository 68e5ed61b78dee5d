package dev.capsule.engine.interpreter;

import dev.capsule.engine.exec.ExecStore;
import dev.capsule.engine.exec.ModuleInstance;
import dev.capsule.engine.runtime.TrapKind;

/**
 * A lowered instruction that executes itself. Nodes hold operands and successors but no state, so
 * all instances of a module share them.
 */
abstract class Node {
  Node next;

  /** Its place: different for all nodes of a module, ascending within a function. */
  int pc;

  /**
   * Executes.
   *
   * @param in the instance whose function runs
   * @param st the store's stack
   * @param fp the first slot of the frame
   * @param mem the bytes of memory 0, where it is an array memory
   * @return the next instruction, or null to leave the loop and go on where the store says
   */
  abstract Node x(ModuleInstance in, long[] st, int fp, byte[] mem);

  /** Finds the successors other than {@link #next}. */
  void link(Linker linker, int[] c, int p) {}

  /** Moves the destination of the result, if it is {@code from} and this node can. */
  boolean redirect(int from, int to) {
    return false;
  }

  /** The place of the instruction that fails if this node does. */
  int site() {
    return pc;
  }

  /** What an index out of bounds means if this instruction caused it; null if it must not. */
  TrapKind outOfBounds() {
    return null;
  }

  /** Two words of code as a long. */
  static long wide(int[] c, int p) {
    return c[p] & 0xFFFFFFFFL | (long) c[p + 1] << 32;
  }

  /** Looks at deadline and fuel at a loop's header, then goes on at {@code target}. */
  static Node poll(ModuleInstance in, int fp, Node target) {
    ExecStore store = in.store;
    store.poll(in.code);
    Node compiled = Replacement.of(store, in, fp, target);
    return leave(store, fp, compiled == null ? target : compiled);
  }

  /** Leaves the loop, so that it takes up stack, memory and instance anew. */
  static Node leave(ExecStore store, int fp, Node target) {
    store.fp = fp;
    store.resume = target;
    return null;
  }
}

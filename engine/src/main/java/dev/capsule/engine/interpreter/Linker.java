package dev.capsule.engine.interpreter;

import java.util.Arrays;
import java.util.List;

/** Makes the nodes of a function from its code: those that something leads to. */
final class Linker {
  /** The slot of the link to the caller. */
  final int link;

  /** The first slot behind the frame. */
  final int top;

  /** What an activation takes of the call depth. */
  final int units;

  /** Whether frames of this function may hold references. */
  final boolean refs;

  private final int[] code;
  private final List<Node> specials;
  private final int base;
  private final Node[] nodes;

  /** By place: the words that its node stands for. */
  private final int[] lengths;

  private final ShapeMatcher shapes;
  private int[] work = new int[64];
  private int pending;
  private int made;

  Linker(
      int[] code,
      int size,
      List<Node> specials,
      int base,
      int link,
      int top,
      int units,
      boolean refs) {
    this.code = code;
    this.specials = specials;
    this.base = base;
    this.link = link;
    this.top = top;
    this.units = units;
    this.refs = refs;
    this.nodes = new Node[size];
    this.lengths = new int[size];
    this.shapes = new ShapeMatcher(code, size, link, refs);
  }

  /** The linked node at the start of the code. */
  Node entry() {
    return at(0);
  }

  /** Links all nodes that are reachable so far. */
  void finish() {
    while (pending > 0) {
      int p = work[--pending];
      Node node = nodes[p];
      int behind = p + lengths[p];
      node.link(this, code, p);
      if (behind < nodes.length) {
        node.next = at(behind);
      }
    }
  }

  /** The calls of the function, in the order of its code. */
  CallNode[] calls() {
    CallNode[] calls = new CallNode[specials.size()];
    int count = 0;
    for (Node node : specials) {
      if (node instanceof CallNode call) {
        calls[count++] = call;
      }
    }
    return Arrays.copyOf(calls, count);
  }

  /** The node at a position in the code. */
  Node at(int p) {
    Node node = nodes[p];
    if (node == null) {
      node = make(p);
      node.pc = base + p;
      nodes[p] = node;
      made++;
      if (pending == work.length) {
        work = Arrays.copyOf(work, 2 * pending);
      }
      work[pending++] = p;
    }
    return node;
  }

  /** All nodes in the order of their places. */
  Node[] nodes() {
    Node[] all = new Node[made];
    int count = 0;
    for (Node node : nodes) {
      if (node != null) {
        all[count++] = node;
      }
    }
    return all;
  }

  private Node make(int p) {
    int op = code[p];
    lengths[p] = Ops.WORDS[op];
    if (Ops.IS_NODE[op]) {
      return specials.get(code[p + 1]);
    }
    if (refs && op == Ops.RETURN_NONE) {
      return new GeneralReturn(0, 0, false, false, code[p + 1]);
    }
    if (refs && op == Ops.RETURN_NUMBER) {
      return new GeneralReturn(code[p + 1], 1, true, false, code[p + 2]);
    }
    int shape = shapes.longest(p);
    if (shape != 0) {
      lengths[p] = shapes.length();
      return Ops.make(shape, code, p);
    }
    return Ops.make(op, code, p);
  }
}

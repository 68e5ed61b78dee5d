package dev.capsule.engine.interpreter;

import dev.capsule.engine.exec.CompiledBody;
import dev.capsule.engine.exec.ExecStore;
import dev.capsule.engine.exec.FunctionCode;
import dev.capsule.engine.exec.ModuleInstance;
import dev.capsule.engine.runtime.WasmException;

/**
 * On-stack replacement: a loop that has run for a while goes on in compiled code, in place of the
 * rest of its activation.
 */
final class Replacement extends Node {
  /** What a slice of fuel that ends in a function's loop adds to the function's heat. */
  private static final int SLICE_HEAT = 64;

  /** Where the activation returns to. */
  final CallNode site;

  private final CompiledBody compiled;
  private final FunctionCode function;
  private final int base;
  private final int header;

  private Replacement(
      CallNode site,
      CompiledBody compiled,
      FunctionCode function,
      int base,
      int header,
      Node target) {
    this.site = site;
    this.compiled = compiled;
    this.function = function;
    this.base = base;
    this.header = header;
    this.pc = site.pc;
    this.next = target;
  }

  /** A node that goes on in compiled code at {@code target}'s loop; null to go on as it is. */
  static Node of(ExecStore store, ModuleInstance in, int fp, Node target) {
    Lowered lowered = Lowered.at(in, target.pc);
    if (lowered == null || in.interpretOnly) {
      return null;
    }
    FunctionCode function = lowered.code;
    CompiledBody compiled = function.loops;
    if (compiled == null) {
      function.heat += SLICE_HEAT;
      compiled = function.module.tier.forLoops(function);
    }
    int header = compiled == null ? -1 : lowered.header(target.pc);
    if (header < 0 || !store.nestsJava(store.depth)) {
      return null;
    }
    CallNode site = (CallNode) store.refs[fp + lowered.link];
    return new Replacement(site, compiled, function, fp, header, target);
  }

  @Override
  Node x(ModuleInstance in, long[] st, int fp, byte[] mem) {
    ExecStore store = in.store;
    Lowered lowered = Interpreter.lowered(function);
    int caller = (int) st[base + lowered.link];
    store.fp = caller;
    int sp = store.sp;
    int depth = store.depth + lowered.units;
    int javaStack = store.javaStack();
    boolean done;
    try {
      done = compiled.resume(in, store, base, header);
    } catch (WasmException e) {
      // Whoever catches it finds the depth as it was before the call.
      store.depth = depth;
      store.setJavaStack(javaStack);
      throw e;
    }
    store.sp = sp;
    if (!done) {
      // No entry for this loop, for instance because it lies in a catch block.
      return leave(store, base, next);
    }
    return CallNode.settle(store, in, site, caller, base, function.type);
  }
}

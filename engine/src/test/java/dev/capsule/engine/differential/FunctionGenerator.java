package dev.capsule.engine.differential;

import dev.capsule.engine.module.FunctionBody;
import dev.capsule.engine.module.FunctionBody.LocalGroup;
import dev.capsule.engine.module.Opcode;
import dev.capsule.engine.types.AbsHeapType;
import dev.capsule.engine.types.DefType;
import dev.capsule.engine.types.FuncType;
import dev.capsule.engine.types.NumType;
import dev.capsule.engine.types.RefType;
import dev.capsule.engine.types.Subtyping;
import dev.capsule.engine.types.ValType;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes the body of one function: the state that all generators of code share, and how operands
 * get onto the stack. The code is valid by construction, as every generator leaves exactly what it
 * was asked for.
 */
final class FunctionGenerator {
  private static final int MAX_NESTING = 10;

  final Environment env;
  final Choices choices;
  final int index;
  final FuncType type;
  final Code code;
  final List<ValType> locals = new ArrayList<>();

  /** Locals that random code must not set: counters of loops, and places for a moment. */
  final BitSet reserved = new BitSet();

  /** Locals that random code must not even read: they may hold NaNs of any bits. */
  private final BitSet hidden = new BitSet();

  final NumberGenerator numbers;
  final AccessGenerator accesses;
  final ReferenceGenerator references;
  final CallGenerator calls;
  final ControlGenerator control;
  final ExceptionGenerator exceptions;
  final StatementGenerator statements;

  /** Instructions that may still be written before only the simplest ones are. */
  int budget;

  /** Operands on the stack; in unreachable code there may be fewer. */
  int height;

  private final List<Frame> frames = new ArrayList<>();
  private final Map<ValType, Integer> scratch = new HashMap<>();
  private int nesting;

  FunctionGenerator(Environment env, Choices choices, int index, int budget) {
    this.env = env;
    this.choices = choices;
    this.index = index;
    this.type = env.funcs.get(index).asFunc();
    this.budget = budget;
    this.code = new Code(env);
    this.numbers = new NumberGenerator(this);
    this.accesses = new AccessGenerator(this);
    this.references = new ReferenceGenerator(this);
    this.calls = new CallGenerator(this);
    this.control = new ControlGenerator(this);
    this.exceptions = new ExceptionGenerator(this);
    this.statements = new StatementGenerator(this);
  }

  /** The whole body; {@code shape} writes what comes before the results. */
  FunctionBody body(List<ValType> declared, Runnable shape) {
    locals.addAll(type.params());
    frames.add(new Frame(Opcode.BLOCK, type.results(), type.results(), 0));
    for (ValType local : declared) {
      if (local.defaultable()) {
        local(local);
      } else {
        value(local);
        set(local(local));
      }
    }
    shape.run();
    values(type.results());
    code.op(Opcode.END);
    List<LocalGroup> groups = new ArrayList<>();
    for (ValType local : locals.subList(type.params().size(), locals.size())) {
      int last = groups.size() - 1;
      if (last >= 0 && groups.get(last).type().equals(local)) {
        groups.set(last, new LocalGroup(groups.get(last).count() + 1, local));
      } else {
        groups.add(new LocalGroup(1, local));
      }
    }
    return new FunctionBody(groups, code.slice());
  }

  /** A new local variable. */
  int local(ValType type) {
    locals.add(type);
    return locals.size() - 1;
  }

  int reserved(ValType type) {
    int local = local(type);
    reserved.set(local);
    return local;
  }

  /** A variable to keep a value in for a moment. */
  int scratch(ValType type) {
    int local = scratch.computeIfAbsent(type, this::reserved);
    hidden.set(local);
    return local;
  }

  void emit(Opcode op) {
    budget--;
    code.op(op);
  }

  void emit(Opcode op, int immediate) {
    budget--;
    code.op(op, immediate);
  }

  void get(int local) {
    emit(Opcode.LOCAL_GET, local);
  }

  void set(int local) {
    emit(Opcode.LOCAL_SET, local);
  }

  boolean spent() {
    return budget <= 0 || nesting > MAX_NESTING;
  }

  // Blocks.

  Frame top() {
    return frames.get(frames.size() - 1);
  }

  int labels() {
    return frames.size();
  }

  Frame frame(int label) {
    return frames.get(frames.size() - 1 - label);
  }

  /** Opens a block; its parameters are on the stack. */
  Frame open(Opcode op, List<ValType> params, List<ValType> results) {
    emit(op);
    blockType(params, results);
    return push(op, params, results);
  }

  Frame push(Opcode op, List<ValType> params, List<ValType> results) {
    List<ValType> label = op == Opcode.LOOP ? params : results;
    Frame frame = new Frame(op, label, results, height - params.size());
    frames.add(frame);
    return frame;
  }

  Frame pop() {
    return frames.remove(frames.size() - 1);
  }

  void close() {
    code.op(Opcode.END);
    Frame frame = pop();
    height = frame.height + frame.results.size();
  }

  void blockType(List<ValType> params, List<ValType> results) {
    if (params.isEmpty() && results.isEmpty()) {
      code.u8(0x40);
    } else if (params.isEmpty() && results.size() == 1) {
      code.valType(results.get(0));
    } else {
      code.s64(env.signature(params, results));
    }
  }

  /** After an instruction that does not go on. */
  void cut() {
    Frame top = top();
    top.unreachable = true;
    height = top.height;
  }

  /** The label of a frame that is still open. */
  int label(Frame frame) {
    return frames.size() - 1 - frames.indexOf(frame);
  }

  // Operands.

  /**
   * Pushes values of these types, sometimes with statements between them. Where code cannot be
   * reached and the block has no operands, the first ones may be left out.
   */
  void values(List<ValType> types) {
    int start = 0;
    if (top().unreachable && height == top().height && choices.chance(40)) {
      start = choices.below(types.size() + 1);
      height += start;
    }
    for (int i = start; i < types.size(); i++) {
      if (i > 0 && budget > 20 && choices.chance(3)) {
        statements.one();
      }
      value(types.get(i));
    }
  }

  void values(ValType... types) {
    values(List.of(types));
  }

  void value(ValType type) {
    int before = height;
    nesting++;
    if (spent()) {
      simplest(type);
    } else if (type instanceof RefType ref) {
      references.value(ref);
    } else {
      numbers.value(type);
    }
    nesting--;
    height = before + 1;
  }

  void simplest(ValType type) {
    int local = anyLocal(type, false);
    if (local >= 0 && choices.chance(60)) {
      get(local);
    } else if (type instanceof RefType ref) {
      references.simplest(ref);
    } else {
      numbers.constant(type);
    }
  }

  /** Takes values off the stack, the last type first. */
  void consume(List<ValType> types) {
    for (int i = types.size() - 1; i >= 0; i--) {
      ValType type = types.get(i);
      int local = anyLocal(type, true);
      if (type instanceof RefType ref && ref.heap() == AbsHeapType.EXN && choices.chance(15)) {
        emit(Opcode.THROW_REF);
        cut();
        height += i;
      } else if (local >= 0 && choices.chance(70)) {
        set(local);
      } else {
        emit(Opcode.DROP);
      }
      height = Math.max(top().height, height - 1);
    }
  }

  /**
   * A local that gives values of a type, or that takes them, or -1. Locals of references that must
   * not be null have been set at the function's start.
   */
  int anyLocal(ValType type, boolean assign) {
    if (locals.isEmpty()) {
      return -1;
    }
    int start = choices.below(locals.size());
    for (int i = 0; i < locals.size(); i++) {
      int at = (start + i) % locals.size();
      ValType local = locals.get(at);
      if (assign
          ? Subtyping.matches(type, local) && !reserved.get(at)
          : Subtyping.matches(local, type) && !hidden.get(at)) {
        return at;
      }
    }
    return -1;
  }

  /** Leaves one of several results on the stack. */
  void keep(List<ValType> results, int kept) {
    for (int i = results.size() - 1; i > kept; i--) {
      emit(Opcode.DROP);
    }
    if (kept > 0) {
      int local = scratch(results.get(kept));
      set(local);
      for (int i = 0; i < kept; i++) {
        emit(Opcode.DROP);
      }
      get(local);
    }
  }

  /** An i32 that is mostly, or always, below a power of two. */
  void small(int mask) {
    value(NumType.I32);
    code.i32(mask);
    emit(Opcode.I32_AND);
    budget--;
  }

  int type(DefType type) {
    return env.index(type);
  }
}

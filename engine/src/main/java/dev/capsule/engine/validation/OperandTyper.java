package dev.capsule.engine.validation;

import dev.capsule.engine.module.Feature;
import dev.capsule.engine.module.FunctionBody;
import dev.capsule.engine.module.FunctionBody.LocalGroup;
import dev.capsule.engine.module.InstructionReader;
import dev.capsule.engine.module.InvalidException;
import dev.capsule.engine.module.MalformedException;
import dev.capsule.engine.module.Module;
import dev.capsule.engine.module.Opcode;
import dev.capsule.engine.types.DefType;
import dev.capsule.engine.types.FuncType;
import dev.capsule.engine.types.HeapType;
import dev.capsule.engine.types.RefType;
import dev.capsule.engine.types.Subtyping;
import dev.capsule.engine.types.ValType;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/**
 * The abstract machine of the validation algorithm (spec A.3): the types on the operand stack and
 * the open blocks of one function body or constant expression.
 *
 * <p>The validator and the tiers drive it alike: after each {@code reader.next()} the queries tell
 * the state before the instruction; {@link #apply} checks the instruction and moves on. In code
 * that cannot be reached an operand's type may be unknown, which is written as null.
 */
public final class OperandTyper {
  /** More operands than this at once are refused: calls of many results could exhaust memory. */
  static final int MAX_HEIGHT = 1_000_000;

  final Module module;
  final TypeRules typeRules;

  /** The functions that {@code ref.func} may name; null where code is known to be valid. */
  private final BitSet declared;

  /** The number of globals that the code may see. */
  final int globals;

  final Locals locals;

  private final String owner;
  private final int ownerIndex;

  private ValType[] stack = new ValType[16];

  /** By position: the slots of the operands up to there, v128 two. */
  private int[] slots = new int[16];

  private int height;
  private int maxHeight;
  private ControlFrame[] frames = new ControlFrame[4];
  private int depth;
  private ControlFrame frame;
  private InstructionReader reader;

  OperandTyper(
      Module module,
      TypeRules typeRules,
      BitSet declared,
      int globals,
      Locals locals,
      List<ValType> results,
      String owner,
      int ownerIndex) {
    this.module = module;
    this.typeRules = typeRules;
    this.declared = declared;
    this.globals = globals;
    this.locals = locals;
    this.owner = owner;
    this.ownerIndex = ownerIndex;
    open(Opcode.BLOCK, List.of(), results, -1);
  }

  /**
   * For the body of a function that the module defines; the module-level rules (declared function
   * references, features) are taken as kept.
   */
  public static OperandTyper forFunction(Module module, int funcIndex) {
    return forFunction(module, funcIndex, TypeRules.ALL, null);
  }

  static OperandTyper forFunction(
      Module module, int funcIndex, TypeRules typeRules, BitSet declared) {
    FunctionBody body = module.body(funcIndex);
    FuncType type = module.funcType(funcIndex);
    OperandTyper typer =
        new OperandTyper(
            module,
            typeRules,
            declared,
            module.globalCount(),
            new Locals(type.params(), body.locals()),
            type.results(),
            "func",
            funcIndex);
    for (LocalGroup group : body.locals()) {
      typer.require(group.type());
    }
    return typer;
  }

  /** For a constant expression of type {@code result} that has been validated. */
  public static OperandTyper forConstant(Module module, ValType result) {
    return forConstant(
        module, result, TypeRules.ALL, null, module.globalCount(), "constant expression", -1);
  }

  static OperandTyper forConstant(
      Module module,
      ValType result,
      TypeRules typeRules,
      BitSet declared,
      int globals,
      String owner,
      int ownerIndex) {
    return new OperandTyper(
        module, typeRules, declared, globals, Locals.NONE, List.of(result), owner, ownerIndex);
  }

  /** The number of operands on the stack. */
  public int height() {
    return height;
  }

  /** The slots that the operands on the stack take, v128 two. */
  public int slots() {
    return height == 0 ? 0 : slots[height - 1];
  }

  /** The greatest number of operands so far. */
  public int maxHeight() {
    return maxHeight;
  }

  /**
   * The type of the operand {@code below} places under the top, or null where it is unknown because
   * the code cannot be reached.
   */
  public ValType type(int below) {
    int at = height - 1 - below;
    return at >= frame.height ? stack[at] : beneath(at);
  }

  /** Unreachable code may use operands that are not there; reachable code has those of outside. */
  private ValType beneath(int at) {
    return frame.unreachable || at < 0 ? null : stack[at];
  }

  /** Whether the instruction just read cannot be reached. */
  public boolean unreachable() {
    return frame.unreachable;
  }

  /** Whether the last {@code end} has been seen. */
  public boolean finished() {
    return depth == 0;
  }

  /** The number of open blocks, the function itself included. */
  public int depth() {
    return depth;
  }

  /** The open block that {@code label} means: 0 is the innermost. */
  public ControlFrame frame(int label) {
    return frames[depth - 1 - label];
  }

  /** The number of parameters and declared locals. */
  public long localCount() {
    return locals.count();
  }

  /** The type of a parameter or local of valid code. */
  public ValType localType(int index) {
    return locals.type(index);
  }

  /** Whether a local has a value: it has a default, is a parameter, or was set before. */
  public boolean localInitialised(int index) {
    return locals.isSet(index, locals.type(index));
  }

  /**
   * Takes the instruction that the reader holds.
   *
   * @throws InvalidException if the instruction is not valid here
   * @throws MalformedException if the nesting of blocks is broken
   */
  public void apply(InstructionReader in) {
    reader = in;
    if (depth == 0) {
      throw malformed("section size mismatch");
    }
    Signature signature = Signature.of(in.opcode);
    if ((signature.features & typeRules.features) == 0) {
      throw invalid(TypeRules.disabled(in.opcode.feature()));
    }
    switch (signature.family) {
      case SIMPLE -> {
        pop(signature.params());
        push(signature.results());
      }
      case VARIABLE -> VariableRules.apply(this, in);
      case CONTROL -> ControlRules.apply(this, in);
      case EXCEPTION -> ExceptionRules.apply(this, in);
      case ACCESS -> MemoryRules.access(this, in, signature);
      case LANE -> MemoryRules.lane(this, in, signature);
      case MEMORY -> MemoryRules.apply(this, in, signature);
      case TABLE -> TableRules.apply(this, in);
      case REFERENCE -> ReferenceRules.apply(this, in);
      case AGGREGATE -> AggregateRules.apply(this, in);
    }
  }

  /** Errors concern the instruction that the reader holds. */
  void locate(InstructionReader in) {
    reader = in;
  }

  // The operand stack.

  void push(ValType type) {
    if (height == stack.length) {
      grow(1);
    }
    put(type);
    if (height > maxHeight) {
      maxHeight = height;
    }
  }

  private void put(ValType type) {
    slots[height] = slots() + (type == null ? 1 : type.slots());
    stack[height++] = type;
  }

  void push(ValType[] types) {
    for (ValType type : types) {
      push(type);
    }
  }

  void push(List<ValType> types) {
    int count = types.size();
    if (count > stack.length - height) {
      grow(count);
    }
    for (int i = 0; i < count; i++) {
      put(types.get(i));
    }
    if (height > maxHeight) {
      maxHeight = height;
    }
  }

  private void grow(int count) {
    if (height + count > MAX_HEIGHT) {
      throw invalid("operand stack exceeds " + MAX_HEIGHT + " values");
    }
    stack = Arrays.copyOf(stack, Math.max(height + count, 2 * stack.length));
    slots = Arrays.copyOf(slots, stack.length);
  }

  /** Takes any operand; null where it is unknown. */
  ValType pop() {
    if (height > frame.height) {
      return stack[--height];
    }
    if (!frame.unreachable) {
      throw invalid("type mismatch: instruction requires a value but stack has []");
    }
    return null;
  }

  void pop(ValType type) {
    if (height > frame.height) {
      ValType actual = stack[height - 1];
      if (actual != type && !fits(actual, type)) {
        throw mismatch(List.of(type));
      }
      height--;
    } else if (!frame.unreachable) {
      throw mismatch(List.of(type));
    }
  }

  void pop(ValType[] types) {
    int top = height;
    int floor = frame.height;
    for (int i = types.length - 1; i >= 0; i--) {
      if (top > floor) {
        ValType actual = stack[--top];
        if (actual != types[i] && !fits(actual, types[i])) {
          throw mismatch(List.of(types));
        }
      } else if (!frame.unreachable) {
        throw mismatch(List.of(types));
      }
    }
    height = top;
  }

  void pop(List<ValType> types) {
    height = check(types);
  }

  /** Whether the topmost operands have these types; gives the height without them. */
  int check(List<ValType> types) {
    int top = height;
    int floor = frame.height;
    for (int i = types.size() - 1; i >= 0; i--) {
      if (top > floor) {
        ValType actual = stack[--top];
        if (actual != types.get(i) && !fits(actual, types.get(i))) {
          throw mismatch(types);
        }
      } else if (!frame.unreachable) {
        throw mismatch(types);
      }
    }
    return top;
  }

  /** Takes a reference; an unknown operand counts as one below every other. */
  RefType popRef() {
    return switch (pop()) {
      case RefType type -> type;
      case null -> RefType.BOTREF;
      case ValType other ->
          throw invalid(
              "type mismatch: instruction requires reference type but stack has " + other);
    };
  }

  private static boolean fits(ValType actual, ValType expected) {
    return actual == null || Subtyping.matches(actual, expected);
  }

  // The control stack.

  void open(Opcode opcode, List<ValType> params, List<ValType> results, int start) {
    if (depth == frames.length) {
      frames = Arrays.copyOf(frames, 2 * depth);
    }
    frame = new ControlFrame(opcode, params, results, height, start, locals.mark());
    frames[depth++] = frame;
    push(params);
  }

  /** Closes the innermost block, whose results must be all that is left of its operands. */
  ControlFrame close() {
    ControlFrame closed = frame;
    if (check(closed.results) != closed.height) {
      throw invalid(
          "type mismatch: block requires " + text(closed.results) + " but stack has " + operands());
    }
    height = closed.height;
    locals.rollback(closed.initialised);
    frames[--depth] = null;
    frame = depth == 0 ? closed : frames[depth - 1];
    return closed;
  }

  ControlFrame innermost() {
    return frame;
  }

  /** The rest of the block cannot be reached. */
  void cut() {
    height = frame.height;
    frame.unreachable = true;
  }

  /** What a branch to a label takes along. */
  List<ValType> label(int label) {
    return target(label).labelTypes();
  }

  ControlFrame target(int label) {
    if (Integer.compareUnsigned(label, depth) >= 0) {
      throw unknown("label", label);
    }
    return frames[depth - 1 - label];
  }

  List<ValType> functionResults() {
    return frames[0].results;
  }

  // What instructions name.

  FuncType funcType(HeapType type, int index) {
    if (!(type instanceof DefType def)) {
      throw unknown("type", index);
    }
    FuncType func = def.asFunc();
    if (func == null) {
      throw invalid("type mismatch: non-function type " + Integer.toUnsignedString(index));
    }
    return func;
  }

  DefType defType(int index) {
    if (module.type(index) instanceof DefType type) {
      return type;
    }
    throw unknown("type", index);
  }

  void requireDeclared(int func) {
    if (declared != null && !declared.get(func)) {
      throw invalid("undeclared function reference " + func);
    }
  }

  void requireData(int index) {
    if (module.dataCount().isEmpty() && !module.datas().isEmpty()) {
      throw malformed("data count section required");
    }
    if (Integer.compareUnsigned(index, module.datas().size()) >= 0) {
      throw unknown("data segment", index);
    }
  }

  void require(ValType type) {
    String problem = typeRules.problem(type);
    if (problem != null) {
      throw invalid(problem);
    }
  }

  void require(Feature feature) {
    if (!typeRules.has(feature)) {
      throw invalid(TypeRules.disabled(feature));
    }
  }

  // Errors.

  InvalidException unknown(String what, int index) {
    return invalid("unknown " + what + " " + Integer.toUnsignedString(index));
  }

  InvalidException mismatch(List<ValType> expected) {
    return invalid(
        "type mismatch: instruction requires " + text(expected) + " but stack has " + operands());
  }

  InvalidException invalid(String reason) {
    return new InvalidException(reason, place());
  }

  MalformedException malformed(String reason) {
    return new MalformedException(reason, reader.fileOffset());
  }

  private String place() {
    StringBuilder place = new StringBuilder(owner);
    if (ownerIndex >= 0) {
      place.append(' ').append(ownerIndex);
    }
    if (owner.equals("func")) {
      String name = module.names().functions().get(ownerIndex);
      if (name != null) {
        place.append(' ').append(Quoted.name(name));
      }
    }
    if (reader != null) {
      place.append(", offset 0x").append(Long.toHexString(reader.fileOffset()));
      place.append(", ").append(reader.opcode);
    }
    return place.toString();
  }

  /** The operands of the innermost block, the topmost few where there are many. */
  private String operands() {
    int from = Math.max(frame.height, height - 16);
    String text = text(Arrays.asList(stack).subList(from, height));
    return from > frame.height ? "[... " + text.substring(1) : text;
  }

  private static String text(List<ValType> types) {
    StringBuilder text = new StringBuilder("[");
    for (int i = 0; i < types.size(); i++) {
      text.append(i == 0 ? "" : " ").append(types.get(i) == null ? "bot" : types.get(i));
    }
    return text.append(']').toString();
  }
}

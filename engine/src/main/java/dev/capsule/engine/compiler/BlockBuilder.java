package dev.capsule.engine.compiler;

import dev.capsule.engine.compiler.Block.Exit;
import dev.capsule.engine.compiler.Ins.Kind;
import dev.capsule.engine.exec.FunctionCode;
import dev.capsule.engine.module.InstructionReader;
import dev.capsule.engine.module.Module;
import dev.capsule.engine.module.Opcode;
import dev.capsule.engine.types.RefType;
import dev.capsule.engine.types.ValType;
import dev.capsule.engine.validation.ControlFrame;
import dev.capsule.engine.validation.OperandTyper;
import java.util.ArrayList;
import java.util.List;

/**
 * The block of a function that is being built, and where its operands are.
 *
 * <p>Operands that are produced and consumed in one block stay on the JVM's operand stack. At
 * borders of blocks they move to variables, one per position and kind, so positions from {@link
 * #onJvm} up are on the JVM's stack and those below are in variables.
 */
final class BlockBuilder {
  /**
   * Straight-line code is cut where the stack is empty after this many simple steps, so that
   * regions fit.
   */
  private static final int LONG_BLOCK = 160;

  /** Nor does it push more, because each takes about 30 bytes where it goes to a frame. */
  private static final int MANY_OPERANDS = 100;

  /** What stands for operands of any reference type. */
  static final RefType REF = RefType.ANYREF;

  final Module module;
  final FunctionCode function;
  final FunctionIr ir;
  final ValueMoves moves;
  final InstructionReader reader;
  final OperandTyper typer;

  /** The structured instructions that are open; the outermost is the function's body. */
  final List<Scope> scopes = new ArrayList<>();

  Block block;
  private int weight;
  int onJvm;
  int loopDepth;
  Block.Handler handler;

  BlockBuilder(FunctionCode function, boolean vectors) {
    this.function = function;
    this.module = function.module.module;
    this.ir = new FunctionIr(function, vectors);
    this.moves = new ValueMoves(ir);
    this.reader = new InstructionReader(module, module.body(function.index).code());
    this.typer = OperandTyper.forFunction(module, function.index);
  }

  /** Adds a block to the function and goes on in it. */
  void start(Block next) {
    next.loopDepth = loopDepth;
    next.handler = handler;
    ir.blocks.add(next);
    block = next;
    weight = 0;
    onJvm = typer.height();
  }

  Ins emit(Ins ins) {
    weight += weight(ins);
    block.code.add(ins);
    return ins;
  }

  /** Appends the instruction that the reader is at. */
  Ins op(Opcode opcode) {
    return emit(instruction(opcode));
  }

  Ins instruction(Opcode opcode) {
    Ins ins = new Ins(Kind.OP, opcode);
    ins.offset = (int) reader.fileOffset();
    ins.cost = opcode.cost();
    ins.a = reader.index;
    ins.b = reader.index2;
    return ins;
  }

  /** The type of the operand at a position, counted from the bottom. */
  ValType typeAt(int position) {
    ValType type = typer.type(typer.height() - 1 - position);
    return type == null ? REF : type;
  }

  int operandVariable(int position) {
    return ir.operand(position, typeAt(position));
  }

  void load(int variable, ValType type) {
    emit(Ins.get(variable));
    if (ir.width(type) == 2) {
      emit(Ins.get(variable + 1));
    } else {
      // Blocks are cut at the same places in both forms: charges depend on that.
      weight += type.slots() - 1;
    }
  }

  void store(int variable, ValType type) {
    if (ir.width(type) == 2) {
      emit(Ins.set(variable + 1));
    } else {
      weight += type.slots() - 1;
    }
    emit(Ins.set(variable));
  }

  /** Moves what is on the JVM's stack, from position {@code height} down, to its variables. */
  void spill(int height) {
    for (int p = height - 1; p >= onJvm; p--) {
      store(operandVariable(p), typeAt(p));
    }
    onJvm = height;
  }

  void spillAll() {
    spill(typer.height());
  }

  /** Ends the block: what is on the JVM's stack goes to its variables, and the code on there. */
  void goTo(Block next) {
    spillAll();
    block.exit(Exit.GOTO, next);
  }

  /** Brings the topmost {@code count} operands onto the JVM's stack. */
  void prepare(int count) {
    int height = typer.height();
    int from = height - count;
    if (onJvm <= from) {
      return;
    }
    if (onJvm < height) {
      spill(height);
    }
    for (int p = from; p < height; p++) {
      load(operandVariable(p), typeAt(p));
    }
    onJvm = from;
  }

  /** Takes the topmost operands as variables; reads of locals right before are used in place. */
  int[] take(int count, Ins carrier) {
    int from = typer.height() - count;
    int[] variables = new int[count];
    carrier.vectors = new boolean[count];
    for (int i = 0; i < count; i++) {
      ValType type = typeAt(from + i);
      carrier.vectors[i] = ir.width(type) == 2;
      ir.needsHalves |= type.slots() == 2 && !VectorEmitter.takes(carrier.opcode);
    }
    int p = typer.height() - 1;
    while (p >= from && p >= onJvm) {
      int read = unread(ir.width(typeAt(p)), carrier);
      if (read < 0) {
        break;
      }
      variables[p - from] = read;
      p--;
    }
    for (int q = p; q >= from; q--) {
      variables[q - from] = operandVariable(q);
      if (q >= onJvm) {
        store(variables[q - from], typeAt(q));
      }
    }
    onJvm = Math.min(onJvm, from);
    return variables;
  }

  /**
   * Removes the read of one variable, or of two for a vector, that ends the block; -1 if none does.
   */
  private int unread(int slots, Ins carrier) {
    List<Ins> code = block.code;
    int first = code.size() - slots;
    for (int i = 0; i < slots; i++) {
      if (first < 0
          || code.get(first + i).kind != Kind.GET
          || code.get(first + i).a != code.get(first).a + i) {
        return -1;
      }
    }
    int variable = code.get(first).a;
    for (int i = 0; i < slots; i++) {
      carrier.cost += code.removeLast().cost;
    }
    return variable;
  }

  /** Begins a new block where so many operands as variables would make this one too long. */
  void makeRoom(int operands) {
    if (weight > 0 && weight + 4 * operands > 2 * LONG_BLOCK) {
      cut();
    }
  }

  void cutLongBlock() {
    if (block == null || typer.unreachable() || typer.finished()) {
      return;
    }
    int pushed = typer.height() - onJvm;
    if (weight > LONG_BLOCK && pushed == 0 || weight > 2 * LONG_BLOCK || pushed > MANY_OPERANDS) {
      cut();
    }
  }

  private void cut() {
    Block next = new Block();
    goTo(next);
    start(next);
  }

  /** What a step counts for in a block's length: simple ones take about four bytes of bytecode. */
  private static int weight(Ins ins) {
    int operands = ins.operands == null ? 0 : 4 * ins.operands.length;
    return ins.kind == Kind.OP && ins.opcode.prefix() != 0 ? 6 + operands : 1 + operands;
  }

  /** Drops an operand that is on the JVM's stack. */
  void popped(ValType type) {
    char kind = FunctionIr.kindOf(type);
    for (int i = 0; i < ir.width(type); i++) {
      emit(Ins.of(Kind.POP, kind == 'V' && !ir.vectors ? 'J' : kind, 0));
    }
    weight += type.slots() - ir.width(type);
  }

  /** Goes on in a block that has been added already. */
  void continueIn(Block next) {
    block = next;
    weight = 0;
  }

  /** What a label stands for. */
  Scope scope(int label) {
    return scopes.get(scopes.size() - 1 - label);
  }

  /** Opens the structured instruction that the reader is at. */
  Scope open() {
    Scope scope = new Scope();
    scope.opcode = reader.opcode;
    typer.apply(reader);
    ControlFrame frame = typer.frame(0);
    scope.base = frame.height();
    scope.labelTypes = frame.labelTypes();
    scope.join = new Block();
    scope.outer = handler;
    scopes.add(scope);
    return scope;
  }

  /** After an instruction that never continues. */
  void leaveForever() {
    block.exit(Exit.NEVER);
    leave();
  }

  /** After the end of a block: what follows up to the next border cannot be reached. */
  void leave() {
    typer.apply(reader);
    onJvm = typer.height();
  }

  void addLoad(Block block, int variable, ValType type) {
    block.code.add(Ins.get(variable));
    if (ir.width(type) == 2) {
      block.code.add(Ins.get(variable + 1));
    }
  }

  void addStore(Block block, int variable, ValType type) {
    if (ir.width(type) == 2) {
      block.code.add(Ins.set(variable + 1));
    }
    block.code.add(Ins.set(variable));
  }
}

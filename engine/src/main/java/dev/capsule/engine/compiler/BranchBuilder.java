package dev.capsule.engine.compiler;

import dev.capsule.engine.compiler.Block.Condition;
import dev.capsule.engine.compiler.Block.Exit;
import dev.capsule.engine.compiler.Ins.Kind;
import dev.capsule.engine.module.InstructionReader;
import dev.capsule.engine.module.Opcode;
import dev.capsule.engine.types.NumType;
import dev.capsule.engine.types.RefType;
import dev.capsule.engine.types.ValType;
import dev.capsule.engine.validation.OperandTyper;
import java.util.List;

/** Builds how blocks end: branches, and the moves of the values that they take along. */
final class BranchBuilder {
  private static final RefType REF = BlockBuilder.REF;

  private final BlockBuilder code;
  private final FunctionIr ir;
  private final ValueMoves moves;
  private final InstructionReader reader;
  private final OperandTyper typer;
  private final List<Scope> scopes;

  BranchBuilder(BlockBuilder code) {
    this.code = code;
    this.ir = code.ir;
    this.moves = code.moves;
    this.reader = code.reader;
    this.typer = code.typer;
    this.scopes = code.scopes;
  }

  /** Ends the current block with the i32 on top as its condition; a comparison is fused. */
  Block condition() {
    int height = typer.height();
    code.prepare(1);
    Condition condition = Condition.TRUE;
    Opcode fused = null;
    int cost = 0;
    if (code.onJvm == height - 1) {
      while (!code.block.code.isEmpty()
          && code.block.code.getLast().kind == Kind.OP
          && code.block.code.getLast().opcode == Opcode.I32_EQZ) {
        cost += code.block.code.removeLast().cost;
        condition = condition == Condition.TRUE ? Condition.FALSE : Condition.TRUE;
      }
      if (!code.block.code.isEmpty() && code.block.code.getLast().kind == Kind.OP) {
        Opcode last = code.block.code.getLast().opcode;
        if (last == Opcode.REF_IS_NULL) {
          cost += code.block.code.removeLast().cost;
          condition = condition == Condition.TRUE ? Condition.NULL : Condition.NON_NULL;
        } else if (Comparisons.fuses(last)) {
          cost += code.block.code.removeLast().cost;
          fused = last;
        }
      }
    } else {
      // Other values lie under the condition: they have to go to their variables first.
      int variable = ir.operand(height - 1, NumType.I32);
      code.emit(Ins.set(variable));
      code.spill(height - 1);
      code.emit(Ins.get(variable));
    }
    code.block.condition = condition;
    code.block.conditionOp = fused;
    code.block.exitCost = cost;
    code.onJvm = height;
    return code.block;
  }

  /**
   * Moves the values that a branch takes along to where its target expects them; drops the others.
   */
  void moveTo(Scope target) {
    int count = target.labelTypes.size();
    int height = typer.height();
    if (returns(target)) {
      code.prepare(count);
      return;
    }
    if (height - count == target.base) {
      code.spillAll();
      return;
    }
    if (ValueMoves.many(target.labelTypes)) {
      code.spillAll();
      code.continueIn(moves.copy(code.block, height - count, target.base, target.labelTypes));
      return;
    }
    code.prepare(count);
    for (int i = count - 1; i >= 0; i--) {
      ValType type = target.labelTypes.get(i);
      code.store(ir.operand(target.base + i, type), type);
    }
    for (int p = height - count - 1; p >= code.onJvm; p--) {
      if (p < target.base) {
        code.store(code.operandVariable(p), code.typeAt(p));
      } else {
        code.popped(code.typeAt(p));
      }
    }
  }

  /** Whether a branch to a target leaves the function right there. */
  boolean returns(Scope target) {
    return target == scopes.getFirst() && target.join == null;
  }

  void jump(Scope target) {
    if (returns(target)) {
      code.block.exit(Exit.RETURN);
    } else {
      code.block.exit(Exit.GOTO, target.entry());
    }
  }

  void returnValues() {
    Scope outermost = scopes.getFirst();
    moveTo(outermost);
    jump(outermost);
  }

  /** The block that a conditional branch goes to: the target, or code that moves values there. */
  private Block edgeTo(Scope target, int height) {
    int count = target.labelTypes.size();
    boolean returns = returns(target);
    if (!returns && (count == 0 || height - count == target.base)) {
      return target.entry();
    }
    Block edge = new Block();
    edge.loopDepth = Math.max(0, code.loopDepth - 1);
    edge.handler = code.handler;
    ir.blocks.add(edge);
    if (!returns && ValueMoves.many(target.labelTypes)) {
      moves
          .copy(edge, height - count, target.base, target.labelTypes)
          .exit(Exit.GOTO, target.entry());
      return edge;
    }
    for (int i = 0; i < count; i++) {
      ValType type = target.labelTypes.get(i);
      code.addLoad(edge, ir.operand(height - count + i, type), type);
    }
    if (returns) {
      edge.exit(Exit.RETURN);
      return edge;
    }
    for (int i = count - 1; i >= 0; i--) {
      ValType type = target.labelTypes.get(i);
      code.addStore(edge, ir.operand(target.base + i, type), type);
    }
    edge.exit(Exit.GOTO, target.entry());
    return edge;
  }

  void branchIf() {
    Scope target = code.scope(reader.index);
    int height = typer.height() - 1;
    if (code.onJvm < height) {
      // Values travel in variables, so that both ways find them there.
      int variable = ir.operand(height, NumType.I32);
      code.prepare(1);
      code.emit(Ins.set(variable));
      code.spill(height);
      code.emit(Ins.get(variable));
      code.onJvm = height;
    }
    Block before = condition();
    before.exitCost += 1;
    Block taken = edgeTo(target, height);
    Block next = new Block();
    before.exit(Exit.BRANCH, taken, next);
    typer.apply(reader);
    code.start(next);
  }

  void branchTable() {
    int height = typer.height() - 1;
    int variable = ir.operand(height, NumType.I32);
    if (code.onJvm < height) {
      code.prepare(1);
      code.emit(Ins.set(variable));
      code.spill(height);
      code.emit(Ins.get(variable));
    } else {
      code.prepare(1);
    }
    Block before = code.block;
    Block[] targets = new Block[reader.labels.length];
    Block[] byLabel = new Block[scopes.size()];
    for (int i = 0; i < targets.length; i++) {
      int label = reader.labels[i];
      if (byLabel[label] == null) {
        byLabel[label] = edgeTo(code.scope(label), height);
      }
      targets[i] = byLabel[label];
    }
    before.exitCost = 1;
    before.exit(Exit.TABLE, targets);
    code.leave();
  }

  void branchOnReference() {
    Opcode op = reader.opcode;
    Scope target = code.scope(reader.index);
    int height = typer.height();
    code.spillAll();
    code.emit(Ins.get(ir.operand(height - 1, REF)));
    int taken = op == Opcode.BR_ON_NULL ? height - 1 : height;
    switch (op) {
      case BR_ON_NULL -> code.block.condition = Condition.NULL;
      case BR_ON_NON_NULL -> code.block.condition = Condition.NON_NULL;
      default -> {
        Ins test = new Ins(Kind.OP, Opcode.REF_TEST);
        test.o = reader.castTo;
        code.emit(test);
        code.block.condition = op == Opcode.BR_ON_CAST ? Condition.TRUE : Condition.FALSE;
      }
    }
    Block before = code.block;
    before.exitCost = 1;
    Block edge = edgeTo(target, taken);
    Block next = new Block();
    before.exit(Exit.BRANCH, edge, next);
    typer.apply(reader);
    code.start(next);
  }
}

package dev.capsule.engine.compiler;

import dev.capsule.engine.compiler.Block.Condition;
import dev.capsule.engine.compiler.Block.Exit;
import dev.capsule.engine.compiler.Ins.Kind;
import dev.capsule.engine.module.InstructionReader;
import dev.capsule.engine.module.InstructionReader.CatchClause;
import dev.capsule.engine.module.Module;
import dev.capsule.engine.module.Opcode;
import dev.capsule.engine.types.RefType;
import dev.capsule.engine.types.ValType;
import dev.capsule.engine.validation.OperandTyper;
import java.util.List;

/** Builds the blocks that handle exceptions, of {@code try_table} and of the older {@code try}. */
final class HandlerBuilder {
  private static final RefType REF = BlockBuilder.REF;

  private final BlockBuilder code;
  private final Module module;
  private final FunctionIr ir;
  private final ValueMoves moves;
  private final InstructionReader reader;
  private final OperandTyper typer;
  private final List<Scope> scopes;
  private final BranchBuilder branches;

  HandlerBuilder(BlockBuilder code, BranchBuilder branches) {
    this.code = code;
    this.module = code.module;
    this.ir = code.ir;
    this.moves = code.moves;
    this.reader = code.reader;
    this.typer = code.typer;
    this.scopes = code.scopes;
    this.branches = branches;
  }

  void beginTry() {
    ir.hasHandlers = true;
    code.spillAll();
    CatchClause[] clauses = reader.catches;
    boolean table = reader.opcode == Opcode.TRY_TABLE;
    Block before = code.block;
    // Labels of the clauses are counted from outside the try_table.
    List<Scope> around = List.copyOf(scopes);
    Scope scope = code.open();
    code.handler = new Block.Handler(scope.outer);
    Block body = new Block();
    before.exit(Exit.GOTO, body);
    if (table) {
      Block.Handler own = code.handler;
      code.handler = scope.outer;
      clauses(own, clauses, around, scope.base);
      code.handler = own;
    } else {
      scope.nextClause = landing(code.handler, scope);
    }
    code.start(body);
  }

  /** The block that a handler starts with; it keeps the exception for the tests that follow. */
  private Block landing(Block.Handler own, Scope scope) {
    Block landing = own.landing;
    landing.loopDepth = 0;
    ir.blocks.add(landing);
    scope.exception = ir.variable('A');
    landing.code.add(Ins.of(Kind.CAUGHT, scope.exception, 0));
    Block next = new Block();
    next.handler = scope.outer;
    landing.exit(Exit.GOTO, next);
    return next;
  }

  private void clauses(Block.Handler own, CatchClause[] clauses, List<Scope> around, int height) {
    Scope holder = new Scope();
    holder.outer = own.outer;
    Block test = landing(own, holder);
    for (CatchClause clause : clauses) {
      ir.blocks.add(test);
      Scope target = around.get(around.size() - 1 - clause.label());
      Block match = test;
      Block otherwise = new Block();
      otherwise.handler = own.outer;
      if (clause.tag() >= 0) {
        match = new Block();
        match.handler = own.outer;
        test.code.add(Ins.of(Kind.HAS_TAG, holder.exception, clause.tag()));
        test.condition = Condition.TRUE;
        test.exit(Exit.BRANCH, match, otherwise);
        ir.blocks.add(match);
      }
      match.code.add(compare());
      caughtValues(match, clause, target, holder.exception, around);
      test = otherwise;
      if (clause.tag() < 0) {
        return;
      }
    }
    ir.blocks.add(test);
    rethrow(test, holder.exception);
  }

  private void caughtValues(
      Block matching, CatchClause clause, Scope target, int exception, List<Scope> around) {
    boolean returns = branches.returns(target);
    Block match = matching;
    int at = 0;
    int slot = 0;
    List<ValType> types = clause.tag() < 0 ? List.of() : module.tag(clause.tag()).func().params();
    for (ValType type : types) {
      exceptionValue(match, exception, at, slot, type);
      if (!returns) {
        code.addStore(match, ir.operand(target.base + at, type), type);
      }
      at++;
      slot += type.slots();
      if (at % ValueMoves.MANY == 0 && !returns) {
        match = moves.next(match);
      }
    }
    if (clause.ref()) {
      match.code.add(Ins.of(Kind.EXCEPTION_REF, exception, 0));
      if (!returns) {
        match.code.add(Ins.set(ir.operand(target.base + at, REF)));
      }
    }
    if (returns) {
      match.exit(Exit.RETURN);
    } else {
      match.exit(Exit.GOTO, target.entry());
    }
  }

  /** Whoever catches an exception compares fuel. */
  private Ins compare() {
    Ins compare = new Ins(Kind.COMPARE, null);
    compare.offset = (int) reader.fileOffset();
    return compare;
  }

  private void exceptionValue(Block block, int exception, int at, int slot, ValType type) {
    char kind = FunctionIr.kindOf(type);
    ir.needsHalves |= kind == 'V';
    for (int half = 0; half < type.slots(); half++) {
      Ins value = Ins.of(Kind.EXCEPTION_VALUE, exception, at);
      value.x = kind == 'V' ? 'J' : kind;
      value.y = slot + half;
      block.code.add(value);
    }
  }

  private static void rethrow(Block block, int exception) {
    Ins ins = new Ins(Kind.OP, Opcode.RETHROW);
    ins.a = exception;
    block.code.add(ins);
    block.exit(Exit.NEVER);
  }

  void beginCatch(boolean reachable) {
    Scope scope = code.scope(0);
    boolean all = reader.opcode == Opcode.CATCH_ALL;
    int tag = reader.index;
    if (scope.dead) {
      typer.apply(reader);
      return;
    }
    if (reachable) {
      code.goTo(scope.join);
    }
    code.handler = scope.outer;
    scope.opcode = reader.opcode;
    typer.apply(reader);
    Block test = scope.nextClause;
    test.loopDepth = code.loopDepth;
    if (all) {
      scope.nextClause = null;
      code.start(test);
      code.emit(compare());
      return;
    }
    ir.blocks.add(test);
    Block match = new Block();
    Block otherwise = new Block();
    otherwise.handler = scope.outer;
    test.code.add(Ins.of(Kind.HAS_TAG, scope.exception, tag));
    test.condition = Condition.TRUE;
    test.exit(Exit.BRANCH, match, otherwise);
    scope.nextClause = otherwise;
    code.start(match);
    code.emit(compare());
    int at = 0;
    int slot = 0;
    for (ValType type : module.tag(tag).func().params()) {
      exceptionValue(code.block, scope.exception, at, slot, type);
      code.addStore(code.block, ir.operand(scope.base + at, type), type);
      at++;
      slot += type.slots();
      if (at % ValueMoves.MANY == 0) {
        code.continueIn(moves.next(code.block));
      }
    }
  }

  void endClauses(Scope scope) {
    ir.blocks.add(scope.nextClause);
    rethrow(scope.nextClause, scope.exception);
  }

  void delegate(boolean reachable) {
    Scope scope = scopes.removeLast();
    if (scope.dead) {
      typer.apply(reader);
      return;
    }
    int label = reader.index;
    if (reachable) {
      code.goTo(scope.join);
    }
    // The label is counted without the try itself; the handler is the one in force inside its body.
    int target = scopes.size() - 1 - label;
    Block last = scope.nextClause;
    last.handler = target + 1 < scopes.size() ? scopes.get(target + 1).outer : scope.outer;
    ir.blocks.add(last);
    rethrow(last, scope.exception);
    code.handler = scope.outer;
    typer.apply(reader);
    code.start(scope.join);
  }
}

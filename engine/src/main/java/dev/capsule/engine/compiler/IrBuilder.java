package dev.capsule.engine.compiler;

import dev.capsule.engine.compiler.Block.Exit;
import dev.capsule.engine.compiler.Ins.Kind;
import dev.capsule.engine.exec.FunctionCode;
import dev.capsule.engine.module.InstructionReader;
import dev.capsule.engine.module.Module;
import dev.capsule.engine.module.Opcode;
import dev.capsule.engine.types.FuncType;
import dev.capsule.engine.types.NumType;
import dev.capsule.engine.types.StructType;
import dev.capsule.engine.types.ValType;
import dev.capsule.engine.validation.OperandTyper;
import java.util.ArrayList;
import java.util.List;

/** Turns a valid function body into basic blocks. */
final class IrBuilder {
  private final BlockBuilder code;
  private final Module module;
  private final FunctionCode function;
  private final FunctionIr ir;
  private final ValueMoves moves;
  private final InstructionReader reader;
  private final OperandTyper typer;
  private final List<Scope> scopes;
  private final BranchBuilder branches;
  private final HandlerBuilder handlers;

  private IrBuilder(FunctionCode function, boolean vectors) {
    this.code = new BlockBuilder(function, vectors);
    this.module = code.module;
    this.function = code.function;
    this.ir = code.ir;
    this.moves = code.moves;
    this.reader = code.reader;
    this.typer = code.typer;
    this.scopes = code.scopes;
    this.branches = new BranchBuilder(code);
    this.handlers = new HandlerBuilder(code, branches);
  }

  static FunctionIr build(FunctionCode function) {
    return build(function, false);
  }

  /**
   * Has the same blocks and the same steps at the same places of the module in both forms.
   *
   * @param vectors whether vectors are variables of kind {@code V}
   */
  static FunctionIr build(FunctionCode function, boolean vectors) {
    IrBuilder builder = new IrBuilder(function, vectors);
    builder.run();
    return builder.ir;
  }

  private void run() {
    int locals = (int) typer.localCount();
    ir.localVariable = new int[locals];
    ir.localTypes = new ValType[locals];
    for (int i = 0; i < locals; i++) {
      ValType type = typer.localType(i);
      ir.localTypes[i] = type;
      ir.localVariable[i] = ir.variable(type);
      ir.localSlots += type.slots();
    }
    Scope outermost = new Scope();
    outermost.opcode = Opcode.BLOCK;
    outermost.labelTypes = function.type.results();
    if (ValueMoves.many(outermost.labelTypes)) {
      outermost.join = new Block();
    }
    scopes.add(outermost);
    code.start(new Block());
    code.emit(Ins.of(Kind.CHECK_FUEL, Ins.ENTRY, 0));
    packParameters();
    while (!reader.atEnd()) {
      reader.next();
      if (unreachable()) {
        skip();
      } else {
        step();
      }
      if (!typer.finished() && !unreachable()) {
        countSlots();
      }
    }
    BlockOrder.arrange(ir, ir.blocks);
  }

  /** Inside a block that cannot be reached the typer takes code for reachable again. */
  private boolean unreachable() {
    return typer.unreachable() || scopes.getLast().dead;
  }

  /** The most slots that operands take is what a call is charged for, so it has to be exact. */
  private void countSlots() {
    ir.operandSlots = Math.max(ir.operandSlots, typer.slots());
  }

  /** Callers pass vectors as halves. */
  private void packParameters() {
    List<ValType> params = function.type.params();
    ir.parameterHalves = new int[params.size()];
    for (int i = 0; i < params.size(); i++) {
      if (ir.width(params.get(i)) == params.get(i).slots()) {
        ir.parameterHalves[i] = -1;
        continue;
      }
      int low = ir.variable('J');
      ir.variable('J');
      ir.parameterHalves[i] = low;
      code.block.code.add(Ins.get(low));
      code.block.code.add(Ins.get(low + 1));
      code.block.code.add(Ins.of(Kind.PACK, 0, 0));
      code.block.code.add(Ins.set(ir.localVariable[i]));
    }
  }

  /** Calls pass vectors as halves. */
  private void needsHalves(FuncType type) {
    ir.needsHalves |= hasVector(type.params()) || hasVector(type.results());
  }

  private static boolean hasVector(List<ValType> types) {
    return types.stream().anyMatch(type -> type.slots() == 2);
  }

  private void skip() {
    switch (reader.opcode) {
      case BLOCK, LOOP, IF, TRY, TRY_TABLE -> {
        Scope dead = new Scope();
        dead.opcode = reader.opcode;
        dead.dead = true;
        typer.apply(reader);
        scopes.add(dead);
      }
      case ELSE -> beginElse(false);
      case CATCH, CATCH_ALL -> handlers.beginCatch(false);
      case DELEGATE -> handlers.delegate(false);
      case END -> end(false);
      default -> typer.apply(reader);
    }
  }

  private void step() {
    Opcode op = reader.opcode;
    switch (op) {
      case NOP -> typer.apply(reader);
      case UNREACHABLE -> {
        code.op(op);
        code.leaveForever();
      }
      case BLOCK -> code.open();
      case LOOP -> beginLoop();
      case IF -> beginIf();
      case ELSE -> beginElse(true);
      case TRY, TRY_TABLE -> handlers.beginTry();
      case CATCH, CATCH_ALL -> handlers.beginCatch(true);
      case DELEGATE -> handlers.delegate(true);
      case END -> end(true);
      case BR -> {
        Scope target = code.scope(reader.index);
        Block edge = code.block;
        branches.moveTo(target);
        edge.exitCost = 1;
        branches.jump(target);
        code.leave();
      }
      case BR_IF -> branches.branchIf();
      case BR_TABLE -> branches.branchTable();
      case BR_ON_NULL, BR_ON_NON_NULL, BR_ON_CAST, BR_ON_CAST_FAIL -> branches.branchOnReference();
      case RETURN -> {
        branches.returnValues();
        code.leave();
      }
      case DROP -> drop();
      case LOCAL_GET -> {
        int local = reader.index;
        typer.apply(reader);
        code.load(ir.localVariable[local], typer.localType(local));
        code.block.code.getLast().cost = 1;
      }
      case LOCAL_SET, LOCAL_TEE -> setLocal(op == Opcode.LOCAL_TEE);
      case RETURN_CALL, RETURN_CALL_INDIRECT, RETURN_CALL_REF -> tailCall();
      case CALL, CALL_INDIRECT, CALL_REF -> call();
      case THROW -> {
        FuncType type = module.tag(reader.index).func();
        takeSome(type.params(), 0);
        code.leaveForever();
      }
      case THROW_REF -> {
        code.prepare(1);
        code.op(op);
        code.leaveForever();
      }
      case RETHROW -> {
        Ins ins = code.op(op);
        ins.a = code.scope(reader.index).exception;
        code.leaveForever();
      }
      case SELECT, SELECT_T -> select();
      case STRUCT_NEW ->
          aggregate(((StructType) module.defType(reader.index).expand()).fields().size());
      case ARRAY_NEW_FIXED -> aggregate(reader.index2);
      default -> ordinary(op);
    }
    code.cutLongBlock();
  }

  /** An instruction whose operands and results are known by counting. */
  private void ordinary(Opcode op) {
    int pops = Operands.pops(op);
    boolean vector = takesVectors(op, pops);
    ir.hasVectors |= ir.vectors && op.prefix() == 0xFD;
    if (vector) {
      takeOperands(pops);
    } else {
      code.prepare(pops);
      immediates(code.op(op));
    }
    typer.apply(reader);
    switch (op) {
      case GLOBAL_GET, STRUCT_GET, ARRAY_GET ->
          ir.needsHalves |= typer.height() > 0 && code.typeAt(typer.height() - 1).slots() == 2;
      default -> {}
    }
  }

  private boolean takesVectors(Opcode op, int pops) {
    if (op == Opcode.V128_LOAD || op == Opcode.GLOBAL_GET) {
      return op == Opcode.V128_LOAD;
    }
    for (int i = 0; i < pops; i++) {
      if (typer.type(i) != null && typer.type(i).slots() == 2) {
        return true;
      }
    }
    return op.prefix() == 0xFD;
  }

  private Ins takeOperands(int count) {
    code.makeRoom(count);
    Ins ins = code.instruction(reader.opcode);
    ins.operands = code.take(count, ins);
    immediates(ins);
    return code.emit(ins);
  }

  private void aggregate(int count) {
    if (count > ValueMoves.MANY) {
      takeThroughSlots(count, 0);
    } else {
      takeOperands(count);
    }
    typer.apply(reader);
  }

  private void immediates(Ins ins) {
    switch (reader.opcode.immediate()) {
      case MEMARG, MEMARG_LANE -> ins.x = reader.offset;
      case I32, I64, F32, F64 -> ins.x = reader.value;
      case V128, SHUFFLE -> {
        ins.x = reader.value;
        ins.y = reader.value2;
      }
      case HEAP -> ins.o = reader.heap;
      default -> {}
    }
  }

  private void setLocal(boolean keep) {
    int local = reader.index;
    ValType type = typer.localType(local);
    int variable = ir.localVariable[local];
    code.prepare(1);
    code.store(variable, type);
    code.block.code.getLast().cost = 1;
    typer.apply(reader);
    if (keep) {
      code.load(variable, type);
    } else {
      code.onJvm = Math.min(code.onJvm, typer.height());
    }
  }

  private void drop() {
    int height = typer.height();
    if (code.onJvm < height) {
      code.popped(code.typeAt(height - 1));
    }
    typer.apply(reader);
    code.onJvm = Math.min(code.onJvm, typer.height());
  }

  private void select() {
    ValType type = typer.type(1) == null ? typer.type(2) : typer.type(1);
    char kind = FunctionIr.kindOf(type == null ? NumType.I32 : type);
    if (kind == 'V') {
      takeOperands(3).a = kind;
    } else {
      code.prepare(3);
      code.op(reader.opcode).a = kind;
    }
    typer.apply(reader);
  }

  private void call() {
    FuncType type = calleeType();
    needsHalves(type);
    int extra = reader.opcode == Opcode.CALL ? 0 : 1;
    boolean wide = JvmSignature.of(type).wide();
    boolean manyResults = ValueMoves.many(type.results());
    Ins ins;
    if (wide) {
      ins = takeThroughSlots(type.params().size(), extra);
    } else {
      if (manyResults) {
        code.spillAll();
      }
      code.prepare(type.params().size() + extra);
      ins = code.op(reader.opcode);
    }
    ins.o = type;
    if (function.comparesBehind(reader.start)) {
      code.emit(new Ins(Kind.COMPARE, null));
    }
    typer.apply(reader);
    if (manyResults) {
      int base = typer.height() - type.results().size();
      code.continueIn(moves.fromSlots(code.block, base, type.results(), !wide));
      code.onJvm = typer.height();
    }
  }

  /** Moves many operands into slots; {@code extra} ones above them are taken as variables. */
  private Ins takeThroughSlots(int count, int extra) {
    int from = typer.height() - count - extra;
    List<ValType> types = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      types.add(code.typeAt(from + i));
    }
    code.spillAll();
    code.continueIn(moves.toSlots(code.block, from, types, 0));
    Ins ins = code.instruction(reader.opcode);
    ins.operands = new int[extra];
    ins.vectors = new boolean[extra];
    for (int i = 0; i < extra; i++) {
      ins.operands[i] = code.operandVariable(from + count + i);
    }
    code.onJvm = from;
    immediates(ins);
    return code.emit(ins);
  }

  /** Takes operands as variables, or through slots where there are too many for one block. */
  private Ins takeSome(List<ValType> types, int extra) {
    return ValueMoves.many(types)
        ? takeThroughSlots(types.size(), extra)
        : takeOperands(types.size() + extra);
  }

  private void tailCall() {
    ir.hasTailCalls = true;
    FuncType type = calleeType();
    Ins ins = takeSome(type.params(), reader.opcode == Opcode.RETURN_CALL ? 0 : 1);
    ins.o = type;
    code.leaveForever();
  }

  private FuncType calleeType() {
    return switch (reader.opcode) {
      case CALL, RETURN_CALL -> module.funcType(reader.index);
      default -> module.defType(reader.index).asFunc();
    };
  }

  private void beginLoop() {
    int offset = (int) reader.fileOffset();
    Block header = new Block();
    header.loop = true;
    code.spillAll();
    Scope scope = code.open();
    scope.header = header;
    code.block.exit(Exit.GOTO, header);
    code.loopDepth++;
    code.start(header);
    if (typer.height() == 0 && !inCatch()) {
      header.loopOffset = offset;
    }
    code.emit(Ins.of(Kind.CHECK_FUEL, 0, 0)).offset = offset;
  }

  /** Whether a caught exception is at hand here, which the interpreter does not keep in a local. */
  private boolean inCatch() {
    return scopes.stream().anyMatch(s -> s.opcode == Opcode.CATCH || s.opcode == Opcode.CATCH_ALL);
  }

  private void beginIf() {
    Block before = branches.condition();
    before.exitCost += 1;
    Scope scope = code.open();
    Block then = new Block();
    scope.orElse = new Block();
    before.exit(Exit.BRANCH, then, scope.orElse);
    code.start(then);
  }

  private void beginElse(boolean reachable) {
    Scope scope = code.scope(0);
    if (scope.dead) {
      typer.apply(reader);
      return;
    }
    if (reachable) {
      code.goTo(scope.join);
    }
    Block orElse = scope.orElse;
    scope.orElse = null;
    typer.apply(reader);
    code.start(orElse);
  }

  private void end(boolean reachable) {
    Scope scope = scopes.getLast();
    if (scopes.size() == 1) {
      if (reachable) {
        branches.returnValues();
      }
      if (scope.join != null) {
        ir.blocks.add(scope.join);
        List<ValType> results = function.type.results();
        moves.returns(scope.join, results, JvmSignature.of(function.type).wide());
      }
      scopes.removeLast();
      typer.apply(reader);
      code.block = null;
      return;
    }
    scopes.removeLast();
    if (scope.dead) {
      typer.apply(reader);
      return;
    }
    if (reachable) {
      code.goTo(scope.join);
    }
    if (scope.opcode == Opcode.LOOP) {
      code.loopDepth--;
    }
    if (scope.orElse != null) {
      // An if without else: its parameters are its results.
      scope.orElse.loopDepth = code.loopDepth;
      scope.orElse.handler = code.handler;
      ir.blocks.add(scope.orElse);
      scope.orElse.exit(Exit.GOTO, scope.join);
    }
    code.handler = scope.outer;
    if (scope.nextClause != null) {
      handlers.endClauses(scope);
    }
    typer.apply(reader);
    code.start(scope.join);
  }
}

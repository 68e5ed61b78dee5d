package dev.capsule.engine.compiler;

import dev.capsule.engine.compiler.Block.Condition;
import dev.capsule.engine.compiler.Block.Exit;
import dev.capsule.engine.compiler.Ins.Kind;
import dev.capsule.engine.exec.FunctionCode;
import dev.capsule.engine.module.InstructionReader;
import dev.capsule.engine.module.InstructionReader.CatchClause;
import dev.capsule.engine.module.Module;
import dev.capsule.engine.module.Opcode;
import dev.capsule.engine.types.FuncType;
import dev.capsule.engine.types.NumType;
import dev.capsule.engine.types.RefType;
import dev.capsule.engine.types.StructType;
import dev.capsule.engine.types.ValType;
import dev.capsule.engine.validation.ControlFrame;
import dev.capsule.engine.validation.OperandTyper;
import java.util.ArrayList;
import java.util.List;

/**
 * Turns a valid function body into basic blocks.
 *
 * <p>Operands that are produced and consumed in one block stay on the JVM's operand stack. At
 * borders of blocks they move to variables, one per position and kind, so positions from {@link
 * #onJvm} up are on the JVM's stack and those below are in variables.
 */
final class IrBuilder {
  /**
   * Straight-line code is cut where the stack is empty after this many simple steps, so that
   * regions fit.
   */
  private static final int LONG_BLOCK = 160;

  /** Nor does it push more, because each takes about 30 bytes where it goes to a frame. */
  private static final int MANY_OPERANDS = 100;

  private static final RefType REF = RefType.ANYREF;

  private final Module module;
  private final FunctionCode function;
  private final FunctionIr ir;
  private final ValueMoves moves;
  private final InstructionReader reader;
  private final OperandTyper typer;
  private final List<Scope> scopes = new ArrayList<>();

  private Block block;
  private int weight;
  private int onJvm;
  private int loopDepth;
  private Block.Handler handler;

  /** A structured instruction that is open. */
  private static final class Scope {
    Opcode opcode;
    int base;
    List<ValType> labelTypes;
    Block join;
    Block header;
    Block orElse;
    Block.Handler outer;
    boolean dead;

    /** Legacy try: the exception that its catch blocks see, and the test that comes next. */
    int exception = -1;

    Block nextClause;
  }

  private IrBuilder(FunctionCode function, boolean vectors) {
    this.function = function;
    this.module = function.module.module;
    this.ir = new FunctionIr(function, vectors);
    this.moves = new ValueMoves(ir);
    this.reader = new InstructionReader(module, module.body(function.index).code());
    this.typer = OperandTyper.forFunction(module, function.index);
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
    start(new Block());
    emit(Ins.of(Kind.CHECK_FUEL, 0, 0));
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
    int height = typer.height();
    if (2 * height > ir.operandSlots) {
      int slots = height;
      for (int i = 0; i < height; i++) {
        slots += typeAt(i).slots() - 1;
      }
      ir.operandSlots = Math.max(ir.operandSlots, slots);
    }
  }

  // Blocks.

  private void start(Block next) {
    next.loopDepth = loopDepth;
    next.handler = handler;
    ir.blocks.add(next);
    block = next;
    weight = 0;
    onJvm = typer.height();
  }

  private Ins emit(Ins ins) {
    weight += weight(ins);
    block.code.add(ins);
    return ins;
  }

  private Ins op(Opcode opcode) {
    return emit(instruction(opcode));
  }

  private Ins instruction(Opcode opcode) {
    Ins ins = new Ins(Kind.OP, opcode);
    ins.offset = (int) reader.fileOffset();
    ins.cost = opcode.cost();
    ins.a = reader.index;
    ins.b = reader.index2;
    return ins;
  }

  private ValType typeAt(int position) {
    ValType type = typer.type(typer.height() - 1 - position);
    return type == null ? REF : type;
  }

  private int operandVariable(int position) {
    return ir.operand(position, typeAt(position));
  }

  private void load(int variable, ValType type) {
    emit(Ins.get(variable));
    if (ir.width(type) == 2) {
      emit(Ins.get(variable + 1));
    } else {
      // Blocks are cut at the same places in both forms: charges depend on that.
      weight += type.slots() - 1;
    }
  }

  private void store(int variable, ValType type) {
    if (ir.width(type) == 2) {
      emit(Ins.set(variable + 1));
    } else {
      weight += type.slots() - 1;
    }
    emit(Ins.set(variable));
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
      block.code.add(Ins.get(low));
      block.code.add(Ins.get(low + 1));
      block.code.add(Ins.of(Kind.PACK, 0, 0));
      block.code.add(Ins.set(ir.localVariable[i]));
    }
  }

  /** Calls pass vectors as halves. */
  private void needsHalves(FuncType type) {
    ir.needsHalves |= hasVector(type.params()) || hasVector(type.results());
  }

  private static boolean hasVector(List<ValType> types) {
    return types.stream().anyMatch(type -> type.slots() == 2);
  }

  /** Moves what is on the JVM's stack, from position {@code height} down, to its variables. */
  private void spill(int height) {
    for (int p = height - 1; p >= onJvm; p--) {
      store(operandVariable(p), typeAt(p));
    }
    onJvm = height;
  }

  private void spillAll() {
    spill(typer.height());
  }

  /** Brings the topmost {@code count} operands onto the JVM's stack. */
  private void prepare(int count) {
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
  private int[] take(int count, Ins carrier) {
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

  // Instructions.

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
      case CATCH, CATCH_ALL -> beginCatch(false);
      case DELEGATE -> delegate(false);
      case END -> end(false);
      default -> typer.apply(reader);
    }
  }

  private void step() {
    Opcode op = reader.opcode;
    switch (op) {
      case NOP -> typer.apply(reader);
      case UNREACHABLE -> {
        op(op);
        leaveForever();
      }
      case BLOCK -> open();
      case LOOP -> beginLoop();
      case IF -> beginIf();
      case ELSE -> beginElse(true);
      case TRY, TRY_TABLE -> beginTry();
      case CATCH, CATCH_ALL -> beginCatch(true);
      case DELEGATE -> delegate(true);
      case END -> end(true);
      case BR -> {
        Scope target = scope(reader.index);
        Block edge = block;
        moveTo(target);
        edge.exitCost = 1;
        jump(target);
        leave();
      }
      case BR_IF -> branchIf();
      case BR_TABLE -> branchTable();
      case BR_ON_NULL, BR_ON_NON_NULL, BR_ON_CAST, BR_ON_CAST_FAIL -> branchOnReference();
      case RETURN -> {
        returnValues();
        leave();
      }
      case DROP -> drop();
      case LOCAL_GET -> {
        int local = reader.index;
        typer.apply(reader);
        load(ir.localVariable[local], typer.localType(local));
        block.code.getLast().cost = 1;
      }
      case LOCAL_SET, LOCAL_TEE -> setLocal(op == Opcode.LOCAL_TEE);
      case RETURN_CALL, RETURN_CALL_INDIRECT, RETURN_CALL_REF -> tailCall();
      case CALL, CALL_INDIRECT, CALL_REF -> call();
      case THROW -> {
        FuncType type = module.tag(reader.index).func();
        takeSome(type.params(), 0);
        leaveForever();
      }
      case THROW_REF -> {
        prepare(1);
        op(op);
        leaveForever();
      }
      case RETHROW -> {
        Ins ins = op(op);
        ins.a = scope(reader.index).exception;
        leaveForever();
      }
      case SELECT, SELECT_T -> select();
      case STRUCT_NEW ->
          aggregate(((StructType) module.defType(reader.index).expand()).fields().size());
      case ARRAY_NEW_FIXED -> aggregate(reader.index2);
      default -> ordinary(op);
    }
    cutLongBlock();
  }

  private void cutLongBlock() {
    if (block == null || typer.unreachable() || typer.finished()) {
      return;
    }
    int pushed = typer.height() - onJvm;
    if (weight > LONG_BLOCK && pushed == 0 || weight > 2 * LONG_BLOCK || pushed > MANY_OPERANDS) {
      cut();
    }
  }

  private void cut() {
    spillAll();
    Block next = new Block();
    block.exit(Exit.GOTO, next);
    start(next);
  }

  /** What a step counts for in a block's length: simple ones take about four bytes of bytecode. */
  private static int weight(Ins ins) {
    int operands = ins.operands == null ? 0 : 4 * ins.operands.length;
    return ins.kind == Kind.OP && ins.opcode.prefix() != 0 ? 6 + operands : 1 + operands;
  }

  /** An instruction whose operands and results are known by counting. */
  private void ordinary(Opcode op) {
    int pops = Operands.pops(op);
    boolean vector = takesVectors(op, pops);
    if (vector) {
      takeOperands(pops);
    } else {
      prepare(pops);
      immediates(op(op));
    }
    typer.apply(reader);
    switch (op) {
      case GLOBAL_GET, STRUCT_GET, ARRAY_GET ->
          ir.needsHalves |= typer.height() > 0 && typeAt(typer.height() - 1).slots() == 2;
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
    if (weight > 0 && weight + 4 * count > 2 * LONG_BLOCK) {
      cut();
    }
    Ins ins = instruction(reader.opcode);
    ins.operands = take(count, ins);
    immediates(ins);
    return emit(ins);
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
    prepare(1);
    store(variable, type);
    block.code.getLast().cost = 1;
    typer.apply(reader);
    if (keep) {
      load(variable, type);
    } else {
      onJvm = Math.min(onJvm, typer.height());
    }
  }

  private void drop() {
    int height = typer.height();
    if (onJvm < height) {
      popped(typeAt(height - 1));
    }
    typer.apply(reader);
    onJvm = Math.min(onJvm, typer.height());
  }

  private void popped(ValType type) {
    char kind = FunctionIr.kindOf(type);
    for (int i = 0; i < ir.width(type); i++) {
      emit(Ins.of(Kind.POP, kind == 'V' && !ir.vectors ? 'J' : kind, 0));
    }
    weight += type.slots() - ir.width(type);
  }

  private void select() {
    ValType type = typer.type(1) == null ? typer.type(2) : typer.type(1);
    char kind = FunctionIr.kindOf(type == null ? NumType.I32 : type);
    if (kind == 'V') {
      takeOperands(3).a = kind;
    } else {
      prepare(3);
      op(reader.opcode).a = kind;
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
        spillAll();
      }
      prepare(type.params().size() + extra);
      ins = op(reader.opcode);
    }
    ins.o = type;
    typer.apply(reader);
    if (manyResults) {
      int base = typer.height() - type.results().size();
      continueIn(moves.fromSlots(block, base, type.results(), !wide));
      onJvm = typer.height();
    }
  }

  /** Goes on in a block that has been added already. */
  private void continueIn(Block next) {
    block = next;
    weight = 0;
  }

  /** Moves many operands into slots; {@code extra} ones above them are taken as variables. */
  private Ins takeThroughSlots(int count, int extra) {
    int from = typer.height() - count - extra;
    List<ValType> types = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      types.add(typeAt(from + i));
    }
    spillAll();
    continueIn(moves.toSlots(block, from, types, 0));
    Ins ins = instruction(reader.opcode);
    ins.operands = new int[extra];
    ins.vectors = new boolean[extra];
    for (int i = 0; i < extra; i++) {
      ins.operands[i] = operandVariable(from + count + i);
    }
    onJvm = from;
    immediates(ins);
    return emit(ins);
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
    leaveForever();
  }

  private FuncType calleeType() {
    return switch (reader.opcode) {
      case CALL, RETURN_CALL -> module.funcType(reader.index);
      default -> module.defType(reader.index).asFunc();
    };
  }

  // Control.

  private Scope scope(int label) {
    return scopes.get(scopes.size() - 1 - label);
  }

  private Scope open() {
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

  private void beginLoop() {
    int offset = (int) reader.fileOffset();
    Block header = new Block();
    spillAll();
    Scope scope = open();
    scope.header = header;
    block.exit(Exit.GOTO, header);
    loopDepth++;
    start(header);
    if (typer.height() == 0 && !inCatch()) {
      header.loopOffset = offset;
    }
    emit(Ins.of(Kind.CHECK_FUEL, 0, 0));
  }

  /** Whether a caught exception is at hand here, which the interpreter does not keep in a local. */
  private boolean inCatch() {
    return scopes.stream().anyMatch(s -> s.opcode == Opcode.CATCH || s.opcode == Opcode.CATCH_ALL);
  }

  private void beginIf() {
    Block before = condition();
    before.exitCost += 1;
    Scope scope = open();
    Block then = new Block();
    scope.orElse = new Block();
    before.exit(Exit.BRANCH, then, scope.orElse);
    start(then);
  }

  /** Ends the current block with the i32 on top as its condition; a comparison is fused. */
  private Block condition() {
    int height = typer.height();
    prepare(1);
    Condition condition = Condition.TRUE;
    Opcode fused = null;
    int cost = 0;
    if (onJvm == height - 1) {
      while (!block.code.isEmpty()
          && block.code.getLast().kind == Kind.OP
          && block.code.getLast().opcode == Opcode.I32_EQZ) {
        cost += block.code.removeLast().cost;
        condition = condition == Condition.TRUE ? Condition.FALSE : Condition.TRUE;
      }
      if (!block.code.isEmpty() && block.code.getLast().kind == Kind.OP) {
        Opcode last = block.code.getLast().opcode;
        if (last == Opcode.REF_IS_NULL) {
          cost += block.code.removeLast().cost;
          condition = condition == Condition.TRUE ? Condition.NULL : Condition.NON_NULL;
        } else if (Comparisons.fuses(last)) {
          cost += block.code.removeLast().cost;
          fused = last;
        }
      }
    } else {
      // Other values lie under the condition: they have to go to their variables first.
      int variable = ir.operand(height - 1, NumType.I32);
      emit(Ins.set(variable));
      spill(height - 1);
      emit(Ins.get(variable));
    }
    block.condition = condition;
    block.conditionOp = fused;
    block.exitCost = cost;
    onJvm = height;
    return block;
  }

  private void beginElse(boolean reachable) {
    Scope scope = scope(0);
    if (scope.dead) {
      typer.apply(reader);
      return;
    }
    if (reachable) {
      spillAll();
      block.exit(Exit.GOTO, scope.join);
    }
    Block orElse = scope.orElse;
    scope.orElse = null;
    typer.apply(reader);
    start(orElse);
  }

  private void end(boolean reachable) {
    Scope scope = scopes.getLast();
    if (scopes.size() == 1) {
      if (reachable) {
        returnValues();
      }
      if (scope.join != null) {
        ir.blocks.add(scope.join);
        List<ValType> results = function.type.results();
        moves.returns(scope.join, results, JvmSignature.of(function.type).wide());
      }
      scopes.removeLast();
      typer.apply(reader);
      block = null;
      return;
    }
    scopes.removeLast();
    if (scope.dead) {
      typer.apply(reader);
      return;
    }
    if (reachable) {
      spillAll();
      block.exit(Exit.GOTO, scope.join);
    }
    if (scope.opcode == Opcode.LOOP) {
      loopDepth--;
    }
    if (scope.orElse != null) {
      // An if without else: its parameters are its results.
      scope.orElse.loopDepth = loopDepth;
      scope.orElse.handler = handler;
      ir.blocks.add(scope.orElse);
      scope.orElse.exit(Exit.GOTO, scope.join);
    }
    handler = scope.outer;
    if (scope.nextClause != null) {
      endClauses(scope);
    }
    typer.apply(reader);
    start(scope.join);
  }

  /** After an instruction that never continues. */
  private void leaveForever() {
    block.exit(Exit.NEVER);
    leave();
  }

  /** After the end of a block: what follows up to the next border cannot be reached. */
  private void leave() {
    typer.apply(reader);
    onJvm = typer.height();
  }

  /**
   * Moves the values that a branch takes along to where its target expects them; drops the others.
   */
  private void moveTo(Scope target) {
    int count = target.labelTypes.size();
    int height = typer.height();
    if (returns(target)) {
      prepare(count);
      return;
    }
    if (height - count == target.base) {
      spillAll();
      return;
    }
    if (ValueMoves.many(target.labelTypes)) {
      spillAll();
      continueIn(moves.copy(block, height - count, target.base, target.labelTypes));
      return;
    }
    prepare(count);
    for (int i = count - 1; i >= 0; i--) {
      ValType type = target.labelTypes.get(i);
      store(ir.operand(target.base + i, type), type);
    }
    for (int p = height - count - 1; p >= onJvm; p--) {
      if (p < target.base) {
        store(operandVariable(p), typeAt(p));
      } else {
        popped(typeAt(p));
      }
    }
  }

  /** Whether a branch to a target leaves the function right there. */
  private boolean returns(Scope target) {
    return target == scopes.getFirst() && target.join == null;
  }

  private void jump(Scope target) {
    if (returns(target)) {
      block.exit(Exit.RETURN);
    } else {
      block.exit(Exit.GOTO, target.header != null ? target.header : target.join);
    }
  }

  private void returnValues() {
    Scope outermost = scopes.getFirst();
    moveTo(outermost);
    jump(outermost);
  }

  /** The block that a conditional branch goes to: the target, or code that moves values there. */
  private Block edgeTo(Scope target, int height) {
    int count = target.labelTypes.size();
    boolean returns = returns(target);
    if (!returns && (count == 0 || height - count == target.base)) {
      return target.header != null ? target.header : target.join;
    }
    Block edge = new Block();
    edge.loopDepth = Math.max(0, loopDepth - 1);
    edge.handler = handler;
    ir.blocks.add(edge);
    if (!returns && ValueMoves.many(target.labelTypes)) {
      moves
          .copy(edge, height - count, target.base, target.labelTypes)
          .exit(Exit.GOTO, target.header != null ? target.header : target.join);
      return edge;
    }
    for (int i = 0; i < count; i++) {
      ValType type = target.labelTypes.get(i);
      addLoad(edge, ir.operand(height - count + i, type), type);
    }
    if (returns) {
      edge.exit(Exit.RETURN);
      return edge;
    }
    for (int i = count - 1; i >= 0; i--) {
      ValType type = target.labelTypes.get(i);
      addStore(edge, ir.operand(target.base + i, type), type);
    }
    edge.exit(Exit.GOTO, target.header != null ? target.header : target.join);
    return edge;
  }

  private void addLoad(Block block, int variable, ValType type) {
    block.code.add(Ins.get(variable));
    if (ir.width(type) == 2) {
      block.code.add(Ins.get(variable + 1));
    }
  }

  private void addStore(Block block, int variable, ValType type) {
    if (ir.width(type) == 2) {
      block.code.add(Ins.set(variable + 1));
    }
    block.code.add(Ins.set(variable));
  }

  private void branchIf() {
    Scope target = scope(reader.index);
    int height = typer.height() - 1;
    if (onJvm < height) {
      // Values travel in variables, so that both ways find them there.
      int variable = ir.operand(height, NumType.I32);
      prepare(1);
      emit(Ins.set(variable));
      spill(height);
      emit(Ins.get(variable));
      onJvm = height;
    }
    Block before = condition();
    before.exitCost += 1;
    Block taken = edgeTo(target, height);
    Block next = new Block();
    before.exit(Exit.BRANCH, taken, next);
    typer.apply(reader);
    start(next);
  }

  private void branchTable() {
    int height = typer.height() - 1;
    int variable = ir.operand(height, NumType.I32);
    if (onJvm < height) {
      prepare(1);
      emit(Ins.set(variable));
      spill(height);
      emit(Ins.get(variable));
    } else {
      prepare(1);
    }
    Block before = block;
    Block[] targets = new Block[reader.labels.length];
    Block[] byLabel = new Block[scopes.size()];
    for (int i = 0; i < targets.length; i++) {
      int label = reader.labels[i];
      if (byLabel[label] == null) {
        byLabel[label] = edgeTo(scope(label), height);
      }
      targets[i] = byLabel[label];
    }
    before.exitCost = 1;
    before.exit(Exit.TABLE, targets);
    leave();
  }

  private void branchOnReference() {
    Opcode op = reader.opcode;
    Scope target = scope(reader.index);
    int height = typer.height();
    spillAll();
    emit(Ins.get(ir.operand(height - 1, REF)));
    int taken = op == Opcode.BR_ON_NULL ? height - 1 : height;
    switch (op) {
      case BR_ON_NULL -> block.condition = Condition.NULL;
      case BR_ON_NON_NULL -> block.condition = Condition.NON_NULL;
      default -> {
        Ins test = new Ins(Kind.OP, Opcode.REF_TEST);
        test.o = reader.castTo;
        emit(test);
        block.condition = op == Opcode.BR_ON_CAST ? Condition.TRUE : Condition.FALSE;
      }
    }
    Block before = block;
    before.exitCost = 1;
    Block edge = edgeTo(target, taken);
    Block next = new Block();
    before.exit(Exit.BRANCH, edge, next);
    typer.apply(reader);
    start(next);
  }

  // Exceptions.

  private void beginTry() {
    ir.hasHandlers = true;
    spillAll();
    CatchClause[] clauses = reader.catches;
    boolean table = reader.opcode == Opcode.TRY_TABLE;
    Block before = block;
    // Labels of the clauses are counted from outside the try_table.
    List<Scope> around = List.copyOf(scopes);
    Scope scope = open();
    handler = new Block.Handler(scope.outer);
    Block body = new Block();
    before.exit(Exit.GOTO, body);
    if (table) {
      Block.Handler own = handler;
      handler = scope.outer;
      clauses(own, clauses, around, scope.base);
      handler = own;
    } else {
      scope.nextClause = landing(handler, scope);
    }
    start(body);
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
    boolean returns = returns(target);
    Block match = matching;
    int at = 0;
    int slot = 0;
    List<ValType> types = clause.tag() < 0 ? List.of() : module.tag(clause.tag()).func().params();
    for (ValType type : types) {
      exceptionValue(match, exception, at, slot, type);
      if (!returns) {
        addStore(match, ir.operand(target.base + at, type), type);
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
      match.exit(Exit.GOTO, target.header != null ? target.header : target.join);
    }
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

  private void beginCatch(boolean reachable) {
    Scope scope = scope(0);
    boolean all = reader.opcode == Opcode.CATCH_ALL;
    int tag = reader.index;
    if (scope.dead) {
      typer.apply(reader);
      return;
    }
    if (reachable) {
      spillAll();
      block.exit(Exit.GOTO, scope.join);
    }
    handler = scope.outer;
    scope.opcode = reader.opcode;
    typer.apply(reader);
    Block test = scope.nextClause;
    test.loopDepth = loopDepth;
    if (all) {
      scope.nextClause = null;
      start(test);
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
    start(match);
    int at = 0;
    int slot = 0;
    for (ValType type : module.tag(tag).func().params()) {
      exceptionValue(block, scope.exception, at, slot, type);
      addStore(block, ir.operand(scope.base + at, type), type);
      at++;
      slot += type.slots();
      if (at % ValueMoves.MANY == 0) {
        continueIn(moves.next(block));
      }
    }
  }

  private void endClauses(Scope scope) {
    ir.blocks.add(scope.nextClause);
    rethrow(scope.nextClause, scope.exception);
  }

  private void delegate(boolean reachable) {
    Scope scope = scopes.removeLast();
    if (scope.dead) {
      typer.apply(reader);
      return;
    }
    int label = reader.index;
    if (reachable) {
      spillAll();
      block.exit(Exit.GOTO, scope.join);
    }
    // The label is counted without the try itself; the handler is the one in force inside its body.
    int target = scopes.size() - 1 - label;
    Block last = scope.nextClause;
    last.handler = target + 1 < scopes.size() ? scopes.get(target + 1).outer : scope.outer;
    ir.blocks.add(last);
    rethrow(last, scope.exception);
    handler = scope.outer;
    typer.apply(reader);
    start(scope.join);
  }
}

package dev.capsule.engine.interpreter;

import dev.capsule.engine.exec.CanonicalNan;
import dev.capsule.engine.exec.FunctionCode;
import dev.capsule.engine.module.FunctionBody;
import dev.capsule.engine.module.FunctionBody.LocalGroup;
import dev.capsule.engine.module.InstructionReader;
import dev.capsule.engine.module.Module;
import dev.capsule.engine.module.Opcode;
import dev.capsule.engine.types.FuncType;
import dev.capsule.engine.types.RefType;
import dev.capsule.engine.types.ValType;
import java.util.ArrayList;
import java.util.List;

/**
 * Turns a valid function body into register code, in one pass, and that into nodes.
 *
 * <p>{@code local.get} and constants emit nothing, {@code local.set} changes the destination of the
 * instruction before it, comparisons become part of the branch behind them, conversions that only
 * change the type disappear. Code that cannot be reached is skipped.
 */
final class Lowering {
  /** A body with more slots for locals than this cannot be called, so it needs no code. */
  private static final long MAX_LOCAL_SLOTS = 1 << 22;

  final FunctionCode function;
  final Module module;
  private final boolean deterministic;
  final InstructionReader reader;
  final Code code = new Code();
  final Operands operands;

  private final int[] localSlot;
  private final byte[] localType;
  private final int localSlots;
  private final List<Block> blocks = new ArrayList<>();
  private final DataLowering data;
  private final ExceptionLowering exceptions;

  /** Whether the current instruction cannot be reached, and how many blocks deep. */
  private boolean dead;

  private int skipped;

  /** Whether validation takes the instruction for reachable although it is not. */
  private boolean behind;

  /** Whether such instructions were passed over, which count for the call depth. */
  private boolean uncounted;

  /** An open block. */
  static final class Block {
    final Opcode opcode;
    final List<ValType> params;
    final List<ValType> results;

    /** The operands below the block, and the slot above them. */
    final int operands;

    final int height;

    /** Where a branch to the block leads. */
    final Label label;

    /** {@code if}: where the other part begins. */
    Label otherwise;

    /** Counted instructions at the branch to the other part. */
    int w;

    /** What exceptions need to know of {@code try} and {@code try_table}. */
    ExceptionLowering.Region region;

    Block(Opcode opcode, List<ValType> params, List<ValType> results, int operands, int height) {
      this.opcode = opcode;
      this.params = params;
      this.results = results;
      this.operands = operands;
      this.height = height;
      this.label = new Label();
    }

    List<ValType> labelTypes() {
      return opcode == Opcode.LOOP ? params : results;
    }
  }

  private Lowering(
      FunctionCode function, int[] localSlot, byte[] localType, int localSlots, boolean direct) {
    this.function = function;
    this.module = function.module.module;
    this.deterministic = function.module.deterministic;
    this.reader = new InstructionReader(module, module.body(function.index).code());
    this.localSlot = localSlot;
    this.localType = localType;
    this.localSlots = localSlots;
    this.operands = new Operands(code, localSlots + 1);
    this.data = new DataLowering(this, direct);
    this.exceptions = new ExceptionLowering(this);
    for (byte type : localType) {
      operands.refs |= type == Operands.REFERENCE;
    }
  }

  /**
   * Lowers a function.
   *
   * @param direct whether accesses to memory 0 may go to its array
   */
  static Lowered lower(FunctionCode function, boolean direct) {
    long slots = slots(function);
    if (slots > MAX_LOCAL_SLOTS) {
      return tooLarge(function, slots);
    }
    Lowering lowering = of(function, direct);
    lowering.run();
    return lowering.link();
  }

  /** The places of a function's instructions, see {@link Lowered#uncharged}. */
  static int[] positions(FunctionCode function, boolean direct) {
    if (slots(function) > MAX_LOCAL_SLOTS) {
      return new int[] {0, 0, 0};
    }
    Lowering lowering = of(function, direct);
    lowering.code.keepPositions();
    lowering.run();
    return lowering.code.positions();
  }

  private static long slots(FunctionCode function) {
    long slots = function.paramSlots;
    for (LocalGroup group : function.module.module.body(function.index).locals()) {
      slots += Integer.toUnsignedLong(group.count()) * group.type().slots();
    }
    return slots;
  }

  private static Lowered tooLarge(FunctionCode function, long slots) {
    Code code = new Code();
    code.emit(new ControlNodes.Unreachable());
    int most = (int) Math.min(slots, Integer.MAX_VALUE / 2);
    int base = function.module.places.getAndAdd(code.size);
    Linker linker =
        new Linker(
            code.words,
            code.size,
            code.specials,
            base,
            most,
            most + 1,
            FunctionCode.depthUnits(most),
            false);
    return new Lowered(function, linker, most, base, code.size, false, null, new int[0]);
  }

  private static Lowering of(FunctionCode function, boolean direct) {
    FunctionBody body = function.module.module.body(function.index);
    List<ValType> params = function.type.params();
    int count = params.size() + (int) body.localCount();
    int[] slot = new int[count];
    byte[] type = new byte[count];
    int local = 0;
    int next = 0;
    for (ValType param : params) {
      slot[local] = next;
      type[local++] = Operands.type(param);
      next += param.slots();
    }
    for (LocalGroup group : body.locals()) {
      byte groupType = Operands.type(group.type());
      for (int i = 0; i < group.count(); i++) {
        slot[local] = next;
        type[local++] = groupType;
        next += group.type().slots();
      }
    }
    return new Lowering(function, slot, type, next, direct);
  }

  private Lowered link() {
    int base = function.module.places.getAndAdd(code.size);
    // One slot more: some nodes handle any operand as if it took two.
    Linker linker =
        new Linker(
            code.words,
            code.size,
            code.specials,
            base,
            localSlots,
            operands.top + 1,
            FunctionCode.depthUnits(localSlots + operandSlots()),
            operands.refs);
    return new Lowered(
        function,
        linker,
        function.paramSlots,
        base,
        code.size,
        data.accessed(),
        exceptions.handlers(linker, base),
        code.headers());
  }

  /** The slots of the highest operand stack, by the types: every tier must say the same. */
  private int operandSlots() {
    return uncounted ? OperandHeight.slots(module, function.index) : operands.most;
  }

  private void run() {
    open(Opcode.BLOCK, List.of(), function.type.results());
    while (!blocks.isEmpty()) {
      reader.next();
      if (dead) {
        skip();
      } else {
        code.w += reader.opcode.cost();
        code.offset = (int) reader.fileOffset();
        instruction(reader.opcode);
      }
    }
  }

  /** Passes over an instruction that cannot be reached. */
  private void skip() {
    boolean counts = behind;
    behind = false;
    switch (reader.opcode) {
      case END, DELEGATE, ELSE, CATCH, CATCH_ALL, UNREACHABLE -> {}
      default -> uncounted |= counts;
    }
    switch (reader.opcode) {
      case BLOCK, LOOP, IF, TRY, TRY_TABLE -> skipped++;
      case END, DELEGATE -> {
        if (skipped == 0) {
          end();
        } else {
          skipped--;
        }
      }
      case ELSE -> {
        if (skipped == 0) {
          otherwise();
        }
      }
      case CATCH, CATCH_ALL -> {
        if (skipped == 0) {
          exceptions.caught(innermost(), true);
          dead = false;
        }
      }
      default -> {}
    }
  }

  private void instruction(Opcode op) {
    switch (op) {
      case NOP -> {}
      case UNREACHABLE -> {
        code.emit(new ControlNodes.Unreachable());
        cut();
      }
      case BLOCK -> {
        operands.settleLocals();
        openBlock(op);
      }
      case LOOP -> loop();
      case IF -> ifTrue();
      case ELSE -> otherwise();
      case END, DELEGATE -> end();
      case TRY, TRY_TABLE -> {
        operands.settleLocals();
        exceptions.open(openBlock(op));
      }
      case CATCH, CATCH_ALL -> {
        leave(innermost());
        exceptions.caught(innermost(), false);
      }
      case THROW -> exceptions.raise();
      case THROW_REF -> exceptions.raiseReference();
      case RETHROW -> exceptions.raiseAgain();
      case BR -> {
        jump(reader.index);
        cut();
      }
      case BR_IF -> branchIf();
      case BR_TABLE -> branchTable();
      case RETURN -> {
        returnTop();
        cut();
      }
      case CALL, CALL_INDIRECT, CALL_REF, RETURN_CALL, RETURN_CALL_INDIRECT, RETURN_CALL_REF ->
          Calls.lower(this, op);
      case DROP -> operands.pop();
      case SELECT, SELECT_T -> select();
      case LOCAL_GET -> operands.pushLocal(localType[reader.index], localSlot[reader.index]);
      case LOCAL_SET -> setLocal(reader.index);
      case LOCAL_TEE -> teeLocal(reader.index);
      case I32_CONST, I64_CONST, F64_CONST -> operands.pushConstant(reader.value);
      case F32_CONST -> operands.pushConstant((int) reader.value);
      case I32_EQZ, I64_EQZ -> equalsZero(op);
      case I32_WRAP_I64,
          I32_REINTERPRET_F32,
          I64_REINTERPRET_F64,
          F32_REINTERPRET_I32,
          F64_REINTERPRET_I64 -> {}
      default -> {
        int form = Ops.SLOTS[op.ordinal()];
        if (form == 0 || op.prefix() == 0xFD) {
          data.lower(op);
        } else if (Ops.IMMEDIATE[op.ordinal()] != 0) {
          binary(op, form);
        } else {
          int a = operands.use(operands.pop());
          code.emit(form, operands.push(Operands.NUMBER), a);
        }
        if (deterministic) {
          canonical(CanonicalNan.of(op));
        }
      }
    }
  }

  // Numbers.

  private void canonical(CanonicalNan.Shape shape) {
    if (shape != CanonicalNan.Shape.NONE) {
      int result = operands.pop();
      byte type = operands.type(result);
      int slot = operands.use(result);
      code.emit(new CanonicalNode(shape, operands.push(type), slot));
    }
  }

  private void binary(Opcode op, int form) {
    int b = operands.pop();
    int a = operands.pop();
    int immediate = Ops.IMMEDIATE[op.ordinal()];
    if (operands.isConstant(b)) {
      long value = operands.constant(b);
      int slot = operands.use(a);
      code.emitImmediate(immediate, operands.push(Operands.NUMBER), slot, value);
      return;
    }
    Opcode mirrored = operands.isConstant(a) ? op.mirrored().orElse(null) : null;
    if (mirrored != null) {
      long value = operands.constant(a);
      int slot = operands.use(b);
      code.emitImmediate(
          Ops.IMMEDIATE[mirrored.ordinal()], operands.push(Operands.NUMBER), slot, value);
      return;
    }
    int left = operands.use(a);
    int right = operands.use(b);
    code.emit(form, operands.push(Operands.NUMBER), left, right);
  }

  private void equalsZero(Opcode op) {
    int a = operands.pop();
    if (op == Opcode.I32_EQZ && operands.isHome(a) && code.invert(operands.home(a))) {
      operands.push(Operands.NUMBER);
      return;
    }
    int form = op == Opcode.I32_EQZ ? Ops.I32_EQ_I : Ops.I64_EQ_I;
    int slot = operands.use(a);
    code.emitImmediate(form, operands.push(Operands.NUMBER), slot, 0);
  }

  private void select() {
    int c = operands.use(operands.pop());
    int b = operands.pop();
    int a = operands.pop();
    byte type = operands.type(a);
    int right = operands.use(b);
    int left = operands.use(a);
    int d = operands.push(type);
    if (type == Operands.NUMBER) {
      code.emit(Ops.SELECT, d, left, right, c);
    } else {
      code.emit(new ControlNodes.Select(d, left, right, c));
    }
  }

  // Variables.

  private void setLocal(int local) {
    int slot = localSlot[local];
    int value = operands.pop();
    boolean used = operands.settleLocal(slot);
    if (used || !operands.isHome(value) || !code.redirect(operands.home(value), slot)) {
      operands.copy(value, slot);
    }
    code.seal();
  }

  private void teeLocal(int local) {
    int slot = localSlot[local];
    int value = operands.pop();
    boolean used = operands.settleLocal(slot);
    boolean redirected =
        !used && operands.isHome(value) && code.redirect(operands.home(value), slot);
    if (!redirected) {
      operands.copy(value, slot);
    }
    boolean constant = operands.isConstant(value);
    long bits = operands.constant(value);
    code.seal();
    if (constant) {
      operands.pushConstant(bits);
    } else {
      // Not the home any longer, even if the value is still there: homes are read only once.
      operands.pushLocal(localType[local], slot);
    }
  }

  // Control.

  private void open(Opcode op, List<ValType> params, List<ValType> results) {
    int below = operands.count - params.size();
    int height = params.isEmpty() ? operands.height : operands.home(below);
    blocks.add(new Block(op, params, results, below, height));
  }

  private Block openBlock(Opcode op) {
    if (reader.blockType >= 0) {
      FuncType type = module.defType(reader.blockType).asFunc();
      open(op, type.params(), type.results());
    } else {
      ValType result = reader.blockResult;
      open(op, List.of(), result == null ? List.of() : List.of(result));
    }
    return innermost();
  }

  Block innermost() {
    return blocks.get(blocks.size() - 1);
  }

  Block block(int label) {
    return blocks.get(blocks.size() - 1 - label);
  }

  int depth() {
    return blocks.size();
  }

  private void loop() {
    operands.settleLocals();
    Block block = openBlock(Opcode.LOOP);
    operands.settleTop(block.params.size());
    code.emit(new ControlNodes.LoopEntry(code.charge()));
    code.bind(block.label, 0);
    if (operands.count == 0) {
      code.header((int) reader.fileOffset());
    }
  }

  private void ifTrue() {
    int condition = operands.pop();
    boolean home = operands.isHome(condition);
    code.takeCondition(operands.use(condition), home);
    operands.settleLocals();
    Block block = openBlock(Opcode.IF);
    operands.settleTop(block.params.size());
    block.otherwise = new Label();
    block.w = code.w;
    code.branch(false, block.otherwise);
  }

  private void otherwise() {
    Block block = innermost();
    if (!dead) {
      leave(block);
      code.jump(block.label);
    }
    operands.cut(block.operands);
    operands.push(block.params);
    code.bind(block.otherwise, block.w);
    block.otherwise = null;
    dead = false;
  }

  /** Brings a block's results to where a branch to its end brings them. */
  void leave(Block block) {
    operands.settleTop(block.results.size());
    if (block.region != null && block.region.caught()) {
      operands.copyTop(block.results.size(), block.height);
    }
  }

  private void end() {
    Block block = innermost();
    if (block.otherwise != null) {
      // No other part: both ways meet here, and there are no results but the parameters.
      if (!dead) {
        leave(block);
      } else {
        operands.cut(block.operands);
        operands.push(block.params);
      }
      bindBehind(block.otherwise, block.w);
      dead = false;
    }
    Label label = block.opcode == Opcode.LOOP ? null : block.label;
    if (block.region != null) {
      exceptions.close(block);
    }
    boolean function = blocks.size() == 1;
    boolean caught = block.region != null && block.region.caught();
    if (label != null && (label.used() || caught && !dead)) {
      if (!dead) {
        leave(block);
      }
      bindBehind(label, 0);
      operands.cut(block.operands);
      operands.push(block.results);
      dead = false;
    } else if (!dead && !function) {
      // Results stay what they are, even locals and constants.
      code.seal();
    }
    if (function) {
      if (!dead) {
        returnTop();
      }
    } else if (dead) {
      operands.cut(block.operands);
      behind = true;
    }
    blocks.remove(blocks.size() - 1);
  }

  /**
   * Binds a label where control also comes from above, if it does.
   *
   * @param w what to take for {@link Code#w} if it does not
   */
  private void bindBehind(Label label, int w) {
    code.bind(label, dead ? w : code.w);
  }

  /** What follows cannot be reached. */
  void cut() {
    operands.cut(innermost().operands);
    dead = true;
  }

  /** {@code br}, or its share in other branches: with the values that the label takes. */
  void jump(int label) {
    Block block = block(label);
    if (label == blocks.size() - 1) {
      returnTop();
      return;
    }
    operands.copyTop(block.labelTypes().size(), block.height);
    code.jump(block.label);
  }

  private void branchIf() {
    int condition = operands.pop();
    boolean home = operands.isHome(condition);
    code.takeCondition(operands.use(condition), home);
    branchOn(reader.index);
  }

  /** Branches on the condition that the code holds. */
  private void branchOn(int label) {
    Block block = block(label);
    int values = block.labelTypes().size();
    operands.settleTop(values);
    if (operands.lieAt(values, block.height)) {
      code.branch(true, block.label);
      return;
    }
    Label around = new Label();
    code.branch(false, around);
    int w = code.w;
    jump(label);
    code.bind(around, w);
  }

  private void branchTable() {
    int[] labels = reader.labels;
    int index = operands.use(operands.pop());
    int values = block(labels[0]).labelTypes().size();
    operands.settleTop(values);
    Jump[] jumps = new Jump[labels.length];
    Label[] stubs = new Label[blocks.size()];
    for (int i = 0; i < labels.length; i++) {
      Block block = block(labels[i]);
      if (block.opcode != Opcode.LOOP && operands.lieAt(values, block.height)) {
        jumps[i] = code.jumpOf(block.label);
      } else {
        Label stub = stubs[labels[i]];
        if (stub == null) {
          stub = new Label();
          stubs[labels[i]] = stub;
        }
        jumps[i] = code.jumpOf(stub);
      }
    }
    int w = code.w;
    code.emit(Ops.BR_TABLE, new ControlNodes.BrTable(index, jumps));
    for (int label = 0; label < stubs.length; label++) {
      if (stubs[label] != null) {
        code.bind(stubs[label], w);
        jump(label);
      }
    }
    cut();
  }

  /** Returns the topmost operands from the function. */
  void returnTop() {
    List<ValType> results = function.type.results();
    int count = results.size();
    int w = code.w;
    if (count == 0) {
      code.emit(Ops.RETURN_NONE, w);
      return;
    }
    int first = operands.count - count;
    if (count == 1 && operands.type(first) != Operands.VECTOR) {
      int slot = operands.use(first);
      if (results.get(0) instanceof RefType) {
        code.emit(new GeneralReturn(slot, 1, true, true, w));
      } else {
        code.emit(Ops.RETURN_NUMBER, slot, w);
      }
      return;
    }
    operands.settleTop(count);
    code.emit(new GeneralReturn(operands.home(first), function.resultSlots, false, false, w));
  }

  // Branches on references.

  /** {@code br_on_null} and the others; what they leave on the stack is there already. */
  void branchOnReference(int slot, RefType type, boolean whenNot, int label, int dropped) {
    Block block = block(label);
    int values = block.labelTypes().size();
    // The reference is on top: as a value of the label, or above them.
    operands.settleTop(values + dropped);
    boolean direct =
        values + dropped == 0 || operands.home(operands.count - values - dropped) == block.height;
    if (direct) {
      code.emit(new ReferenceNodes.Branch(slot, type, whenNot, code.jumpOf(block.label)));
      code.seal();
      return;
    }
    Label around = new Label();
    code.emit(new ReferenceNodes.Branch(slot, type, !whenNot, code.jumpOf(around)));
    int w = code.w;
    if (dropped == 1) {
      operands.pop();
    }
    jump(label);
    if (dropped == 1) {
      operands.push(Operands.REFERENCE);
    }
    code.bind(around, w);
  }
}

package dev.capsule.engine.compiler;

import static org.objectweb.asm.Opcodes.*;

import dev.capsule.engine.compiler.Block.Condition;
import dev.capsule.engine.exec.CanonicalNan;
import dev.capsule.engine.module.Opcode;
import dev.capsule.engine.runtime.FuelMode;
import dev.capsule.engine.runtime.Tag;
import dev.capsule.engine.runtime.WasmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.objectweb.asm.Label;
import org.objectweb.asm.Type;

/**
 * Writes blocks into a method: their steps, how they end, and, at the end of the method, what
 * hardly ever runs. Where a jump leads out of the blocks of this method, {@link Places} says what
 * to do.
 */
final class BlockEmitter {
  /** Where control goes from a block of this method. */
  interface Places {
    /** The label of a block in this method; null where it is elsewhere. */
    Label label(Block target);

    /** Leaves the method for a block that is elsewhere. */
    default void leave(MethodCode code, Block target) {
      throw new IllegalStateException("all blocks are in this method");
    }

    /** The label of code that leaves the method for a block that is elsewhere. */
    default Label exit(Block target) {
      throw new IllegalStateException("all blocks are in this method");
    }

    /** Has a block's code written next. */
    default void begin(MethodCode code, Block block) {}

    /** The label to which the JVM goes with an exception that a handler covers. */
    default Label handler(Block.Handler handler) {
      return label(handler.landing);
    }

    /** Writes a branch table over blocks; false for the ordinary way. */
    default boolean table(MethodCode code, Block block) {
      return false;
    }
  }

  private static final String WASM_EXCEPTION = Type.getInternalName(WasmException.class);
  private static final String TAG = Names.descriptor(Tag.class);
  private static final String STORE = Names.descriptor(Names.STORE);

  private final MethodCode code;
  private final MeasuringVisitor visitor;
  private final NumericEmitter numeric;
  private final MemoryEmitter memory;
  private final VectorEmitter vector;
  private final GlobalEmitter globals;
  private final TableEmitter tables;
  private final ReferenceEmitter references;
  private final StructEmitter structs;
  private final ArrayEmitter arrays;
  private final CallEmitter calls;
  private final CoverEmitter cover;
  private final LineNumbers lines;
  private final Places places;
  private final List<Runnable> outOfLine = new ArrayList<>();

  private final List<Label[]> fuelRanges = new ArrayList<>();
  private final List<Label[]> countingRanges = new ArrayList<>();
  private Label fuelRange;
  private int fuelRangeStart;

  /** Whether the code is in the fast version of a loop. */
  private boolean counting;

  /** Whether that has variables of its own. */
  private boolean apart;

  /** Saved stack pointer of a function with handlers. */
  int savedSp = -1;

  /** Blocks whose code has begun: jumps to them go back. */
  private final Set<Block> emitted = new HashSet<>();

  BlockEmitter(MethodCode code, Places places, LineNumbers lines) {
    this.code = code;
    this.visitor = code.visitor;
    this.places = places;
    this.lines = lines;
    this.numeric = new NumericEmitter(code);
    this.memory = new MemoryEmitter(code);
    this.vector = new VectorEmitter(code, memory);
    this.globals = new GlobalEmitter(code);
    this.tables = new TableEmitter(code);
    this.references = new ReferenceEmitter(code);
    this.structs = new StructEmitter(code);
    this.arrays = new ArrayEmitter(code);
    this.calls = new CallEmitter(code);
    this.cover = new CoverEmitter(code);
  }

  /**
   * A place to jump to. In the middle of a block there must be none after a variable is written: no
   * frame tells of JVM locals that regions use within one block.
   */
  private void frame() {
    visitor.visitFrame(F_SAME, 0, null, 0, null);
  }

  /** Writes blocks in order; {@code next} falls through where it can. */
  void blocks(List<Block> blocks) {
    Map<Block.Handler, List<Label[]>> ranges = new HashMap<>();
    for (int i = 0; i < blocks.size(); i++) {
      Block block = blocks.get(i);
      Label from = places.label(block);
      visitor.visitLabel(from);
      emitted.add(block);
      if (block.landing) {
        visitor.visitFrame(F_SAME1, 0, null, 1, new Object[] {WASM_EXCEPTION});
      } else {
        frame();
      }
      places.begin(code, block);
      int before = visitor.size();
      if (counting != block.counting) {
        closeFuelRange();
        counting = block.counting;
      }
      if (apart != block.apart) {
        apart = block.apart;
        code.swapMemory();
      }
      block(block, i + 1 < blocks.size() ? blocks.get(i + 1) : null);
      if (block.handler != null && visitor.size() > before) {
        Label end = new Label();
        visitor.visitLabel(end);
        ranges
            .computeIfAbsent(block.handler, key -> new ArrayList<>())
            .add(new Label[] {from, end});
      }
    }
    closeFuelRange();
    for (int i = 0; i < outOfLine.size(); i++) {
      outOfLine.get(i).run();
    }
    ranges.forEach(
        (handler, list) -> {
          for (Label[] range : list) {
            handler(handler, range);
          }
        });
    fuelHandler(fuelRanges, false);
    fuelHandler(countingRanges, true);
  }

  /** Has code written at the end of the method, with fuel where it is now. */
  private void later(Runnable write) {
    boolean counts = counting;
    outOfLine.add(
        () -> {
          counting = counts;
          write.run();
        });
  }

  // Fuel in a local: what the JVM throws in code that has not stored it must not lose it.

  private void openFuelRange() {
    if ((counting || code.fuel >= 0) && fuelRange == null) {
      fuelRange = new Label();
      fuelRangeStart = visitor.size();
      visitor.visitLabel(fuelRange);
    }
  }

  private void closeFuelRange() {
    if (fuelRange != null) {
      if (visitor.size() > fuelRangeStart) {
        Label end = new Label();
        visitor.visitLabel(end);
        (counting ? countingRanges : fuelRanges).add(new Label[] {fuelRange, end});
      }
      fuelRange = null;
    }
  }

  private void fuelHandler(List<Label[]> ranges, boolean counted) {
    if (ranges.isEmpty()) {
      return;
    }
    Label handler = new Label();
    for (Label[] range : ranges) {
      visitor.visitTryCatchBlock(range[0], range[1], handler, null);
    }
    visitor.visitLabel(handler);
    visitor.visitFrame(F_SAME1, 0, null, 1, new Object[] {"java/lang/Throwable"});
    if (counted) {
      chargeCounted();
    }
    code.storeFuel();
    code.op(ATHROW);
  }

  private void chargeCounted() {
    if (code.fuel >= 0) {
      code.loadLocal('I', code.fuel);
      code.loadLocal('I', code.used);
      code.op(ISUB);
      code.storeLocal('I', code.fuel);
      return;
    }
    code.store();
    code.op(DUP);
    code.field(Names.STORE, "fuel", "J");
    code.loadLocal('I', code.used);
    code.op(I2L);
    code.op(LSUB);
    visitor.visitFieldInsn(PUTFIELD, Names.STORE, "fuel", "J");
  }

  /** Covers a range by a handler that is in this method. */
  private void handler(Block.Handler handler, Label[] range) {
    visitor.visitTryCatchBlock(range[0], range[1], places.handler(handler), WASM_EXCEPTION);
  }

  private void block(Block block, Block next) {
    for (int i = 0; i < block.code.size(); i++) {
      Ins ins = block.code.get(i);
      // Asked of calls alone, each look ends at the next one at the latest.
      code.wantsMemory = MemoryUse.calls(ins) && code.memoryWantedAt(block, i + 1);
      step(ins);
    }
    switch (block.exit) {
      case GOTO -> go(block.targets[0], next);
      case BRANCH -> branch(block, next);
      case TABLE -> {
        if (!places.table(code, block)) {
          table(block);
        }
      }
      case RETURN -> {
        closeFuelRange();
        code.storeFuel();
        calls.returns();
      }
      case NEVER -> {}
    }
  }

  private void go(Block target, Block next) {
    Label label = places.label(target);
    if (label == null) {
      places.leave(code, target);
    } else if (target != next) {
      visitor.visitJumpInsn(GOTO, label);
    }
  }

  private void branch(Block block, Block next) {
    Block taken = block.targets[0];
    Block other = block.targets[1];
    boolean wanted = true;
    long[] charges = block.edgeCharge;
    long takenCharge = charges == null ? 0 : charges[0];
    long otherCharge = charges == null ? 0 : charges[1];
    if (taken == next && takenCharge == 0 && !(other == next && otherCharge == 0)) {
      taken = other;
      other = block.targets[0];
      long swap = takenCharge;
      takenCharge = otherCharge;
      otherCharge = swap;
      wanted = false;
    }
    if (takenCharge == 0 && emitted.contains(taken) && numeric.leavesResult(block.conditionOp)) {
      // HotSpot polls where the bytecode jumps back, and keeps for it what is on the stack there: a
      // goto does not make C2 compute the comparison's result, which sum-scalar pays for threefold.
      Label on = new Label();
      jump(block, !wanted, on);
      visitor.visitJumpInsn(GOTO, places.label(taken));
      visitor.visitLabel(on);
      frame();
    } else {
      jump(block, wanted, edge(taken, takenCharge));
    }
    charge(otherCharge);
    go(other, next);
  }

  /** A label that leads to a block, by way of a charge or out of the method where needed. */
  private Label edge(Block target, long charge) {
    Label inside = places.label(target);
    Label label = inside != null ? inside : places.exit(target);
    if (charge == 0) {
      return label;
    }
    Label edge = new Label();
    later(
        () -> {
          visitor.visitLabel(edge);
          frame();
          charge(charge);
          visitor.visitJumpInsn(GOTO, label);
        });
    return edge;
  }

  private void jump(Block block, boolean wanted, Label target) {
    if (block.condition == Condition.NULL || block.condition == Condition.NON_NULL) {
      boolean ifNull = (block.condition == Condition.NULL) == wanted;
      visitor.visitJumpInsn(ifNull ? IFNULL : IFNONNULL, target);
    } else {
      boolean holds = (block.condition == Condition.TRUE) == wanted;
      numeric.jump(block.conditionOp, holds, target);
    }
  }

  private void table(Block block) {
    int last = block.targets.length - 1;
    if (last == 0) {
      code.op(POP);
      visitor.visitJumpInsn(GOTO, tableEdge(block, 0, new HashMap<>()));
      return;
    }
    Label[] labels = new Label[last];
    Map<Long, Label> edges = new HashMap<>();
    for (int i = 0; i < last; i++) {
      labels[i] = tableEdge(block, i, edges);
    }
    visitor.visitTableSwitchInsn(0, last - 1, tableEdge(block, last, edges), labels);
  }

  private Label tableEdge(Block block, int i, Map<Long, Label> edges) {
    long charge = block.edgeCharge == null ? 0 : block.edgeCharge[i];
    return edges.computeIfAbsent(
        (long) block.targets[i].id << 32 ^ charge, key -> edge(block.targets[i], charge));
  }

  // Steps.

  private void step(Ins ins) {
    if (ins.offset >= 0 && !isEmpty(ins)) {
      lines.mark(visitor, ins.offset);
    }
    if (ins.isCall() && code.fuel >= 0) {
      closeFuelRange();
      code.storeFuel();
      perform(ins);
      if (!ins.endsBlock()) {
        code.loadFuel();
      }
    } else {
      openFuelRange();
      perform(ins);
    }
  }

  private void perform(Ins ins) {
    switch (ins.kind) {
      case GET -> code.get(ins.a);
      case SET -> code.set(ins.a, ins.writeThrough);
      case POP -> code.pop((char) ins.a);
      case PACK -> VectorApi.pack(code);
      case OP -> {
        if (!numeric.emit(withoutOperands(ins))
            && !vector.emit(ins)
            && !memory.emit(ins)
            && !globals.emit(ins)
            && !calls.emit(ins)
            && !tables.emit(ins)
            && !references.emit(ins)
            && !structs.emit(ins)
            && !arrays.emit(ins)) {
          throw new IllegalStateException("no code for " + ins.opcode);
        }
        if (code.owner.function.module.deterministic) {
          canonical(CanonicalNan.of(ins.opcode));
        }
      }
      case TO_SLOTS -> SlotCode.store(code, ins.operands, (String) ins.o, ins.a, ins.b);
      case FROM_SLOT -> SlotCode.load(code, (char) ins.b, ins.a);
      case CAUGHT -> caught(ins);
      case HAS_TAG -> {
        code.get(ins.a);
        code.instance();
        code.field(Names.INSTANCE, "tags", "[" + TAG);
        code.push(ins.b);
        code.op(AALOAD);
        code.call(Support.class, "hasTag", "(Ljava/lang/Object;" + TAG + ")Z");
      }
      case EXCEPTION_VALUE -> {
        code.get(ins.a);
        code.push((int) ins.y);
        if (ins.x == 'A') {
          code.call(Support.class, "reference", "(Ljava/lang/Object;I)Ljava/lang/Object;");
        } else {
          code.call(Support.class, "scalar", "(Ljava/lang/Object;I)J");
          code.fromBits((char) ins.x);
        }
      }
      case EXCEPTION_REF -> {
        code.get(ins.a);
        code.call(Support.class, "exnref", "(Ljava/lang/Object;)Ljava/lang/Object;");
      }
      case CHECK_FUEL -> {
        if (ins.a != Ins.ENTRY) {
          checkFuel(ins);
        }
      }
      case COMPARE -> compare(ins);
      case CHECK_DUE -> checkDue();
      case CHARGE -> charge(ins.x);
      case ROUNDS -> cover.rounds(ins);
      case COVERED -> cover.covered(ins);
      case EXTEND -> {
        closeFuelRange();
        cover.extend(ins);
      }
      case ENTER_LOOP -> {
        code.zero('I');
        code.storeLocal('I', code.used);
        if (ins.a != 0) {
          code.loadLoopMemory();
        }
      }
      case RENEW -> {
        code.store();
        code.field(Names.STORE, "zero", "I");
        if (ins.a == 'J') {
          code.op(I2L);
          code.op(LADD);
        } else {
          code.op(IADD);
        }
      }
      case LEAVE_LOOP -> chargeCounted();
    }
  }

  /**
   * Whether a step has no bytecode: marked, it would be taken for the next one where that traps.
   */
  private static boolean isEmpty(Ins ins) {
    return ins.opcode == Opcode.ANY_CONVERT_EXTERN || ins.opcode == Opcode.EXTERN_CONVERT_ANY;
  }

  private static final Ins NONE = new Ins(Ins.Kind.OP, Opcode.NOP);

  /** Select on vectors has its operands in variables, and is no matter of the numeric emitter. */
  private static Ins withoutOperands(Ins ins) {
    return ins.operands == null ? ins : NONE;
  }

  /** Makes the NaNs of the result on the JVM's stack canonical. */
  private void canonical(CanonicalNan.Shape shape) {
    switch (shape) {
      case NONE -> {}
      case F32 -> code.call(CanonicalNan.class, "f32", "(F)F");
      case F64 -> code.call(CanonicalNan.class, "f64", "(D)D");
      case F32X4 -> canonicalHalves("f32x4");
      case F64X2 -> canonicalHalves("f64x2");
    }
  }

  private void canonicalHalves(String method) {
    int high = code.scratch(0);
    if (code.ir.vectors) {
      VectorApi.unpack(code);
    }
    code.storeLocal('J', high);
    code.call(CanonicalNan.class, method, "(J)J");
    code.loadLocal('J', high);
    code.call(CanonicalNan.class, method, "(J)J");
    if (code.ir.vectors) {
      VectorApi.pack(code);
    }
  }

  private void caught(Ins ins) {
    code.set(ins.a, ins.writeThrough);
    code.store();
    savedSp();
    visitor.visitFieldInsn(PUTFIELD, Names.STORE, "sp", "I");
    code.loadFuel();
    code.reloadMemory();
  }

  private void savedSp() {
    if (code.frame >= 0) {
      code.loadLocal('A', code.frame);
      code.field(code.owner.frameClass, "sp", "I");
    } else {
      code.loadLocal('I', savedSp);
    }
  }

  void charge(long units) {
    if (units == 0) {
      return;
    }
    if (counting) {
      code.loadLocal('I', code.used);
      code.push((int) units);
      code.op(IADD);
      code.storeLocal('I', code.used);
      return;
    }
    if (code.fuel >= 0) {
      if (units == (short) units && units != Short.MIN_VALUE) {
        visitor.visitIincInsn(code.fuel, (int) -units);
      } else {
        code.loadLocal('I', code.fuel);
        code.push((int) units);
        code.op(ISUB);
        code.storeLocal('I', code.fuel);
      }
      return;
    }
    code.store();
    code.op(DUP);
    code.field(Names.STORE, "fuel", "J");
    code.push(Math.abs(units));
    code.op(units > 0 ? LSUB : LADD);
    visitor.visitFieldInsn(PUTFIELD, Names.STORE, "fuel", "J");
  }

  private void checkFuel(Ins ins) {
    long pending = ins.x;
    Label slow = new Label();
    Label back = new Label();
    if (code.fuel >= 0) {
      code.loadLocal('I', code.fuel);
      if (pending == 0) {
        visitor.visitJumpInsn(IFLT, slow);
      } else {
        code.push((int) pending);
        visitor.visitJumpInsn(IF_ICMPLT, slow);
      }
    } else {
      code.store();
      code.field(Names.STORE, "fuel", "J");
      code.push(pending);
      code.op(LCMP);
      visitor.visitJumpInsn(IFLT, slow);
    }
    visitor.visitLabel(back);
    frame();
    later(
        () -> {
          visitor.visitLabel(slow);
          frame();
          if (ins.offset >= 0) {
            lines.mark(visitor, ins.offset);
          }
          code.storeFuel();
          code.store();
          code.push(pending);
          code.call(Support.class, "poll", "(" + STORE + "J)V");
          code.loadFuel();
          visitor.visitJumpInsn(GOTO, ins.o == null ? back : places.label((Block) ins.o));
        });
  }

  private void compare(Ins ins) {
    if (code.owner.function.module.fuelMode == FuelMode.EXACT) {
      closeFuelRange();
      code.storeFuel();
      code.store();
      code.push(-ins.x);
      code.call(Support.class, "compareFuel", "(" + STORE + "J)V");
      code.loadFuel();
    } else {
      code.store();
      code.call(Support.class, "pollDue", "(" + STORE + ")V");
    }
  }

  private void checkDue() {
    Label slow = new Label();
    Label back = new Label();
    code.store();
    code.field(Names.STORE, "due", "Z");
    visitor.visitJumpInsn(IFNE, slow);
    visitor.visitLabel(back);
    frame();
    later(
        () -> {
          visitor.visitLabel(slow);
          frame();
          code.store();
          visitor.visitMethodInsn(INVOKEVIRTUAL, Names.STORE, "poll", "()V", false);
          visitor.visitJumpInsn(GOTO, back);
        });
  }
}

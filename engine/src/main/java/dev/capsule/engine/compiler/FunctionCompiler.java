package dev.capsule.engine.compiler;

import static org.objectweb.asm.Opcodes.*;

import dev.capsule.engine.exec.FunctionCode;
import dev.capsule.engine.runtime.FuelMode;
import dev.capsule.engine.types.ValType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;

/** Compiles one function to the classes that hold it. */
final class FunctionCompiler {
  /** HotSpot's compilers do badly above about this many bytes of bytecode; larger code is split. */
  static final int WHOLE_LIMIT = 2000;

  /** The same where vectors are objects: split, they would be made at each change of the region. */
  private static final int VECTORS_LIMIT = 3000;

  /** More variables than this are not kept in one method. */
  private static final int MAX_WHOLE_VARIABLES = 800;

  /** Nearly every step of the blocks is a byte at least: with more of them none needs to try. */
  private static final int MAX_WHOLE_STEPS = 2 * VECTORS_LIMIT;

  private final FunctionCode function;
  private final CodeLoader loader;
  private FunctionIr ir;
  private ClassCode owner;
  private LineNumbers lines;

  /** A generated class. */
  record Generated(String name, byte[] bytes) {}

  FunctionCompiler(FunctionCode function, CodeLoader loader) {
    this.function = function;
    this.loader = loader;
  }

  /** The classes of the function, its own first. */
  List<Generated> compile() {
    lines = new LineNumbers(function.module.module.body(function.index));
    if (fits(true) || ir.hasVectors && fits(false)) {
      EntryCode.write(owner, loader.signatures().require(owner.signature), true, ir.hasTailCalls);
      return List.of(new Generated(owner.name, owner.finish()));
    }
    int units = FunctionCode.depthUnits(ir.localSlots + ir.operandSlots);
    return new SplitFunction(function, loader, ir, lines, units).compile();
  }

  /**
   * Makes the function's blocks, with vectors as objects where wanted and possible: not where the
   * function is split, because they would be made in memory at each change of the region.
   */
  private void plan(boolean vectors) {
    ir = IrBuilder.build(function, vectors && VectorApi.PRESENT);
    if (ir.vectors && ir.needsHalves) {
      ir = IrBuilder.build(function);
    }
    FuelPlan.apply(ir);
  }

  /** Writes the function as one method; tells whether that is small enough. */
  private boolean fits(boolean vectors) {
    plan(vectors);
    int steps = ir.blocks.stream().mapToInt(block -> block.code.size()).sum();
    if (ir.variables() > MAX_WHOLE_VARIABLES || steps > MAX_WHOLE_STEPS) {
      return false;
    }
    if (FastLoops.add(ir)) {
      if (wholeFits()) {
        return true;
      }
      plan(vectors);
    }
    return wholeFits();
  }

  private boolean wholeFits() {
    beginWhole();
    Front front = Front.of(ir, owner.signature);
    if (front != null) {
      owner.javaStack = JavaStack.withFront(ir, owner.signature, front);
      if (new FrontCode(ir, owner, front, lines).fits()) {
        return true;
      }
      beginWhole();
    }
    return whole() <= limit();
  }

  private int limit() {
    return ir.hasVectors ? VECTORS_LIMIT : WHOLE_LIMIT;
  }

  private void beginWhole() {
    int units = FunctionCode.depthUnits(ir.localSlots + ir.operandSlots);
    owner = new ClassCode(function, loader, Names.functionClass(function.index), units);
    owner.leaf = isLeaf();
    owner.javaStack = JavaStack.ofWhole(ir, owner.signature);
    begin();
  }

  /**
   * The class through which the interpreter hands over loops of a function that is one method: the
   * same code with other beginnings. Empty where there is no loop to enter.
   */
  List<Generated> compileLoops() {
    plan(true);
    boolean fast = FastLoops.add(ir);
    if (LoopEntries.of(ir).isEmpty()) {
      return List.of();
    }
    int size = loops();
    if (size > limit() && fast) {
      plan(true);
      size = loops();
    }
    if (size > limit() && ir.hasVectors) {
      plan(false);
      loops();
    }
    return List.of(new Generated(owner.name, owner.finish()));
  }

  /** Writes the class of loops; gives the size of its method in bytes. */
  private int loops() {
    List<Block> headers = LoopEntries.of(ir);
    int units = FunctionCode.depthUnits(ir.localSlots + ir.operandSlots);
    lines = lines(function);
    owner = new ClassCode(function, loader, Names.functionClass(function.index) + "$Loops", units);
    owner.javaStack = JavaStack.ofWhole(ir, owner.signature);
    begin();
    String method = owner.methodName(function.index);
    int[] numbers = new int[headers.size()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = i;
    }
    LoopEntries.write(owner, headers, numbers, method);
    MethodVisitor raw =
        owner.writer.visitMethod(
            ACC_PUBLIC | ACC_STATIC, method, LoopEntries.descriptor(owner.signature), null, null);
    raw.visitCode();
    MethodCode code = new MethodCode(raw, owner, ir);
    Prologue.loops(code);
    Label[] labels = new Label[ir.blocks.size()];
    Arrays.setAll(labels, i -> new Label());
    BlockEmitter emitter = new BlockEmitter(code, target -> labels[target.id], lines);
    if (ir.hasHandlers) {
      emitter.savedSp = Prologue.saveStackPointer(code);
    }
    lines.restart();
    Prologue.fuel(code);
    Prologue.frame(code);
    Label[] entries = new Label[headers.size()];
    for (int i = 0; i < entries.length; i++) {
      entries[i] = labels[headers.get(i).id];
    }
    code.loadLocal('I', 1);
    raw.visitTableSwitchInsn(0, entries.length - 1, entries[0], entries);
    emitter.blocks(ir.blocks);
    raw.visitMaxs(MAX_STACK, code.localsEnd() + SCRATCH);
    raw.visitEnd();
    EntryCode.write(owner, loader.signatures().require(owner.signature), false, false);
    return code.visitor.size();
  }

  private boolean isLeaf() {
    return ir.blocks.stream().noneMatch(Block::calls);
  }

  private void begin() {
    owner.writer.visit(
        V21,
        ACC_PUBLIC | ACC_FINAL | ACC_SUPER,
        owner.name,
        null,
        loader.signatures().require(owner.signature),
        null);
    owner.writer.visitSource(function.module.module.names().module().orElse("wasm"), null);
  }

  /** Writes the function as one method; gives its size in bytes. */
  private int whole() {
    String name = owner.methodName(function.index);
    if (ir.hasTailCalls) {
      EntryCode.settling(owner, name, "body$" + name);
      name = "body$" + name;
    }
    MethodVisitor raw =
        owner.writer.visitMethod(
            ACC_PUBLIC | ACC_STATIC, name, owner.signature.descriptor(Names.CONTEXT), null, null);
    MeasuringVisitor visitor = new MeasuringVisitor(raw);
    visitor.visitCode();
    MethodCode code = new MethodCode(visitor, owner, ir);
    Prologue.whole(code, ir.blocks);
    Label[] labels = new Label[ir.blocks.size()];
    Arrays.setAll(labels, i -> new Label());
    BlockEmitter emitter = new BlockEmitter(code, target -> labels[target.id], lines);
    if (ir.hasHandlers) {
      emitter.savedSp = Prologue.saveStackPointer(code);
    }
    lines.restart();
    Prologue.fuel(code);
    Prologue.frame(code);
    Prologue.withinBlocks(code, ir.blocks);
    emitter.blocks(ir.blocks);
    visitor.visitMaxs(MAX_STACK, code.localsEnd() + SCRATCH);
    visitor.visitEnd();
    return visitor.size();
  }

  /** More than any code needs beyond its own operands. */
  static final int SCRATCH = 24;

  static final int MAX_STACK = 2500;

  /** The lines of a function's code. */
  static LineNumbers lines(FunctionCode function) {
    return new LineNumbers(function.module.module.body(function.index));
  }

  /**
   * What the instruction at a line has consumed but not charged when it traps, itself included.
   * Compiles the function's fuel plan again: traps are rare, tables for all places would not be
   * small.
   */
  static long pendingAt(FunctionCode function, LineNumbers lines, int line) {
    if (function.module.fuelMode != FuelMode.EXACT) {
      return 0;
    }
    FunctionIr ir = IrBuilder.build(function);
    FuelPlan.apply(ir);
    for (Block block : ir.blocks) {
      long pending = block.pendingIn;
      for (Ins ins : block.code) {
        pending += ins.cost;
        if (ins.kind == Ins.Kind.CHARGE) {
          pending -= ins.x;
        }
        boolean here = ins.offset >= 0 && lines.line(ins.offset) == line;
        if (CallerFuel.callsShort(ir, ins)) {
          // The callee settles what it has consumed beyond what callers charge for it.
          pending += CallerFuel.ofCall(ir, ins).before();
          if (here) {
            return pending;
          }
          pending += CallerFuel.ofCall(ir, ins).after();
        } else if (FuelPlan.isExactBefore(ins, lines.isShared())) {
          // What has been charged for a callee is its own to settle.
          if (here) {
            return 0;
          }
          pending = CallerFuel.ofCall(ir, ins).after();
        }
        if (here) {
          return pending;
        }
      }
    }
    return 0;
  }

  /** The variables that hold parameters, in order of the method's parameters. */
  static List<Integer> parameterVariables(FunctionIr ir) {
    List<Integer> variables = new ArrayList<>();
    List<ValType> params = ir.function.type.params();
    for (int i = 0; i < params.size(); i++) {
      int first = ir.parameterHalves[i] >= 0 ? ir.parameterHalves[i] : ir.localVariable[i];
      for (int half = 0; half < params.get(i).slots(); half++) {
        variables.add(first + half);
      }
    }
    return variables;
  }
}

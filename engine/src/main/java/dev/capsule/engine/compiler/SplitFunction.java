package dev.capsule.engine.compiler;

import static org.objectweb.asm.Opcodes.*;

import dev.capsule.engine.compiler.Block.Exit;
import dev.capsule.engine.exec.FunctionCode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;

/**
 * A function that is too large for one method: a driver that calls regions in turn, a frame object
 * in which values survive between regions, and the regions.
 */
final class SplitFunction {
  /**
   * Bytes of bytecode that a region should have; C1 gives up on larger ones, smaller ones cross
   * more.
   */
  private static final int REGION_SIZE = 1300;

  /** HotSpot never compiles methods of this size. */
  private static final int HUGE = 8000;

  private static final int CLASS_SIZE = 40_000;

  /** A method that calls more regions than this would be huge itself. */
  private static final int GROUP_BITS = 8;

  private static final int GROUP = 1 << GROUP_BITS;

  /** Moves from slots to the frame in one method; each takes about 25 bytes. */
  private static final int MOVES = 200;

  private static final int MOVE_METHODS = 20;

  private final FunctionCode function;
  private final CodeLoader loader;
  private final FunctionIr ir;
  private final LineNumbers lines;
  private final int units;
  private final String name;
  private final String frameClass;
  private FrameLayout layout;

  /** Classes that move variables from slots to the frame. */
  private final List<FunctionCompiler.Generated> moving = new ArrayList<>();

  SplitFunction(
      FunctionCode function, CodeLoader loader, FunctionIr ir, LineNumbers lines, int units) {
    this.function = function;
    this.loader = loader;
    this.ir = ir;
    this.lines = lines;
    this.units = units;
    this.name = Names.functionClass(function.index);
    this.frameClass = name + "$Frame";
  }

  List<FunctionCompiler.Generated> compile() {
    chargesIntoBlocks();
    DispatchValues.apply(ir);
    Liveness liveness = Liveness.of(ir);
    layout = new FrameLayout(ir, liveness);
    int[] sizes = sizes();
    for (int capacity = REGION_SIZE; capacity > 50; capacity = capacity * 2 / 3) {
      List<FunctionCompiler.Generated> classes = attempt(liveness, sizes, capacity);
      if (classes != null) {
        return classes;
      }
    }
    throw new IllegalStateException("a single block exceeds " + HUGE + " bytes");
  }

  /** Gives charges on the edges of dispatching branches blocks of their own. */
  private void chargesIntoBlocks() {
    List<Block> blocks = new ArrayList<>(ir.blocks.size());
    for (Block block : ir.blocks) {
      blocks.add(block);
      if (block.exit != Exit.TABLE || block.edgeCharge == null) {
        continue;
      }
      Block[] targets = block.targets.clone();
      for (int i = 0; i < targets.length; i++) {
        if (block.edgeCharge[i] != 0) {
          Block edge = new Block();
          edge.loopDepth = block.loopDepth;
          edge.handler = block.handler;
          Ins charge = new Ins(Ins.Kind.CHARGE, null);
          charge.x = block.edgeCharge[i];
          edge.code.add(charge);
          edge.exit(Exit.GOTO, targets[i]);
          blocks.add(edge);
          targets[i] = edge;
        }
      }
      block.targets = targets;
      block.edgeCharge = null;
    }
    BlockOrder.arrange(ir, blocks);
  }

  /** Estimated sizes of blocks: what they take when everything has a JVM local. */
  private int[] sizes() {
    ClassCode owner = classCode(name + "$Size");
    int[] sizes = new int[ir.blocks.size()];
    MemoryUse memoryUse = MemoryUse.of(ir.blocks);
    for (Block block : ir.blocks) {
      MethodCode code = new MethodCode(new MeasuringVisitor(null), owner, ir);
      Arrays.fill(code.local, 20);
      code.instance = 2;
      code.store = 3;
      code.frame = 0;
      if (function.module.module.memoryCount() > 0) {
        code.memory = 10;
        code.memorySize = 11;
        code.memoryUse = memoryUse;
      }
      BlockEmitter emitter = new BlockEmitter(code, new Measuring(), lines);
      emitter.blocks(List.of(block));
      int writes = 0;
      for (Ins ins : block.code) {
        writes += Liveness.writes(ins) >= 0 ? 2 : 0;
      }
      sizes[block.id] = code.visitor.size() + writes;
    }
    return sizes;
  }

  /** Places for measuring: every jump leads to one label. */
  private static final class Measuring implements BlockEmitter.Places {
    private final Label label = new Label();

    @Override
    public Label label(Block target) {
      return label;
    }

    @Override
    public Label handler(Block.Handler handler) {
      return label;
    }

    @Override
    public boolean table(MethodCode code, Block block) {
      if (!RegionFlow.dispatches(block)) {
        return false;
      }
      code.visitor.visitLdcInsn("");
      for (int i = 0; i < 20; i++) {
        code.op(NOP);
      }
      return true;
    }
  }

  private ClassCode classCode(String className) {
    ClassCode code = new ClassCode(function, loader, className, units);
    code.frameClass = frameClass;
    code.frameLayout = layout;
    return code;
  }

  private List<FunctionCompiler.Generated> attempt(Liveness liveness, int[] sizes, int capacity) {
    List<Region> parts = Partition.of(ir.blocks, sizes, capacity);
    Regions regions = new Regions(ir, parts, liveness);
    List<FunctionCompiler.Generated> classes = new ArrayList<>();
    List<String> owners = new ArrayList<>();
    String base = Names.method(function.module.module.funcName(function.index));
    ClassCode current = null;
    int total = 0;
    int locals = 0;
    long spilled = 0;
    for (Region region : parts) {
      if (current == null || total > CLASS_SIZE) {
        if (current != null) {
          classes.add(new FunctionCompiler.Generated(current.name, current.finish()));
        }
        current = classCode(name + "$" + classes.size());
        current.writer.visit(V21, ACC_FINAL | ACC_SUPER, current.name, null, Names.OBJECT, null);
        current.writer.visitSource("wasm", null);
        total = 0;
      }
      RegionCode code = new RegionCode(ir, region, regions, current);
      int size = code.write(base + "$" + region.index, lines);
      if (size >= HUGE) {
        return null;
      }
      total += size;
      locals = Math.max(locals, code.locals());
      spilled = Math.max(spilled, region.blocks.stream().mapToLong(JavaStack::spilled).sum());
      owners.add(current.name);
    }
    classes.add(new FunctionCompiler.Generated(current.name, current.finish()));
    classes.add(
        new FunctionCompiler.Generated(
            frameClass, layout.write(frameClass, JvmSignature.of(function.type).returnKind())));
    moving.clear();
    int stack = JavaStack.ofSplit(ir, JvmSignature.of(function.type), locals, spilled);
    classes.addFirst(new FunctionCompiler.Generated(name, driver(regions, owners, base, stack)));
    classes.addAll(moving);
    return classes;
  }

  /**
   * Writes the function's class: it makes the frame and calls regions until one returns.
   *
   * @param stack what the function's Java frames take
   */
  private byte[] driver(Regions regions, List<String> owners, String base, int stack) {
    ClassCode owner = classCode(name);
    owner.javaStack = stack;
    String superClass = loader.signatures().require(owner.signature);
    owner.writer.visit(V21, ACC_PUBLIC | ACC_FINAL | ACC_SUPER, name, null, superClass, null);
    owner.writer.visitSource("wasm", null);
    String method = base;
    if (ir.hasTailCalls) {
      EntryCode.settling(owner, method, "body$" + method);
      method = "body$" + method;
    }
    MethodVisitor raw =
        owner.writer.visitMethod(
            ACC_PUBLIC | ACC_STATIC, method, owner.signature.descriptor(Names.CONTEXT), null, null);
    MethodCode code = new MethodCode(raw, owner, ir);
    raw.visitCode();
    boolean wide = owner.signature.wide();
    List<Integer> params = FunctionCompiler.parameterVariables(ir);
    List<Integer> locals = new ArrayList<>();
    for (int variable : params) {
      locals.add(wide ? -1 : code.newLocal(ir.kind(variable)));
    }
    code.left = code.newLocal('I');
    code.instance = code.newLocal('A');
    code.store = code.newLocal('A');
    Prologue.enter(code);
    code.frame = code.newLocal('A');
    int entry = code.newLocal('I');
    newFrame(code, () -> code.loadLocal('I', code.left));
    if (wide) {
      fromSlots(code, regions, params, "$Arguments");
    } else {
      for (int i = 0; i < params.size(); i++) {
        int variable = params.get(i);
        if (regions.framed.contains(variable)) {
          char kind = ir.kind(variable);
          code.loadLocal('A', code.frame);
          code.loadLocal(kind, locals.get(i));
          owner.frameField(raw, PUTFIELD, variable, kind);
        }
      }
    }
    if (ir.hasHandlers) {
      keepStackPointer(code);
    }
    code.push(regions.entryId(ir.blocks.getFirst()));
    code.storeLocal('I', entry);
    loop(code, entry, owners, base, new Object[] {frameClass, INTEGER});
    raw.visitMaxs(
        ClassCode.paramSlots(owner.signature) + 16, code.localsEnd() + FunctionCompiler.SCRATCH);
    raw.visitEnd();
    EntryCode.write(owner, superClass, true, ir.hasTailCalls);
    loops(owner, regions, owners, base);
    groups(owner, owners, base);
    return owner.finish();
  }

  private void keepStackPointer(MethodCode code) {
    code.loadLocal('A', code.frame);
    code.store();
    code.field(Names.STORE, "sp", "I");
    code.visitor.visitFieldInsn(PUTFIELD, frameClass, "sp", "I");
  }

  /** The way in for loops that the interpreter hands over. */
  private void loops(ClassCode owner, Regions regions, List<String> owners, String base) {
    List<Block> headers = LoopEntries.of(ir);
    if (headers.isEmpty()) {
      return;
    }
    int[] numbers = new int[headers.size()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = regions.entryId(headers.get(i));
    }
    String method = "resume$";
    LoopEntries.write(owner, headers, numbers, method);
    MethodVisitor raw =
        owner.writer.visitMethod(
            ACC_STATIC, method, LoopEntries.descriptor(owner.signature), null, null);
    raw.visitCode();
    MethodCode code = new MethodCode(raw, owner, ir);
    code.instance = code.newLocal('A');
    int number = code.newLocal('I');
    code.store = code.newLocal('A');
    code.frame = code.newLocal('A');
    int entry = code.newLocal('I');
    code.takeStore(code.store);
    newFrame(code, () -> Prologue.leftForLoop(code));
    List<Integer> locals = new ArrayList<>();
    for (int local = 0; local < ir.localVariable.length; local++) {
      for (int half = 0; half < ir.localType(local).slots(); half++) {
        locals.add(ir.localVariable[local] + half);
      }
    }
    fromSlots(code, regions, locals, "$Locals");
    if (ir.hasHandlers) {
      keepStackPointer(code);
    }
    code.loadLocal('I', number);
    code.storeLocal('I', entry);
    loop(code, entry, owners, base, new Object[] {Names.STORE, frameClass, INTEGER});
    raw.visitMaxs(16, code.localsEnd() + FunctionCompiler.SCRATCH);
    raw.visitEnd();
  }

  /**
   * Takes variables of the frame from slots, in methods and classes of a bounded size.
   *
   * @param variables by slot
   */
  private void fromSlots(MethodCode code, Regions regions, List<Integer> variables, String suffix) {
    String descriptor = "(" + Names.descriptor(frameClass) + Names.descriptor(Names.STORE) + ")V";
    ClassCode part = null;
    int methods = 0;
    int slot = 0;
    while (slot < variables.size()) {
      if (part == null || methods == MOVE_METHODS) {
        finish(part);
        part = classCode(name + suffix + slot);
        part.writer.visit(V21, ACC_FINAL | ACC_SUPER, part.name, null, Names.OBJECT, null);
        methods = 0;
      }
      String method = "move" + methods++;
      MethodVisitor v = part.writer.visitMethod(ACC_STATIC, method, descriptor, null, null);
      v.visitCode();
      MethodCode move = new MethodCode(v, part, ir);
      move.frame = move.newLocal('A');
      move.store = move.newLocal('A');
      int moves = 0;
      for (; slot < variables.size() && moves < MOVES; slot++) {
        int variable = variables.get(slot);
        if (regions.framed.contains(variable)) {
          move.loadLocal('A', move.frame);
          SlotCode.load(move, ir.kind(variable), slot);
          part.frameField(v, PUTFIELD, variable, ir.kind(variable));
          moves++;
        }
      }
      v.visitInsn(RETURN);
      v.visitMaxs(8, 2);
      v.visitEnd();
      code.loadLocal('A', code.frame);
      code.store();
      code.visitor.visitMethodInsn(INVOKESTATIC, part.name, method, descriptor, false);
    }
    finish(part);
  }

  private void finish(ClassCode part) {
    if (part != null) {
      moving.add(new FunctionCompiler.Generated(part.name, part.finish()));
    }
  }

  /**
   * Makes the frame.
   *
   * @param left pushes what is left for calls
   */
  private void newFrame(MethodCode code, Runnable left) {
    code.visitor.visitTypeInsn(NEW, frameClass);
    code.visitor.visitInsn(DUP);
    code.visitor.visitMethodInsn(INVOKESPECIAL, frameClass, "<init>", "()V", false);
    code.storeLocal('A', code.frame);
    code.loadLocal('A', code.frame);
    left.run();
    code.visitor.visitFieldInsn(PUTFIELD, frameClass, "left", "I");
  }

  /**
   * Calls regions until one returns.
   *
   * @param added locals since the last frame
   */
  private void loop(MethodCode code, int entry, List<String> owners, String base, Object[] added) {
    MethodVisitor v = code.visitor;
    Label again = new Label();
    Label done = new Label();
    v.visitLabel(again);
    v.visitFrame(F_APPEND, added.length, added, 0, null);
    int grouped = owners.size() > GROUP ? GROUP_BITS : 0;
    code.loadLocal('I', entry);
    code.op(I2C);
    if (grouped > 0) {
      code.push(grouped);
      code.op(ISHR);
    }
    Label[] calls = new Label[(owners.size() + (1 << grouped) - 1) >> grouped];
    Arrays.setAll(calls, i -> new Label());
    v.visitTableSwitchInsn(0, calls.length - 1, done, calls);
    for (int i = 0; i < calls.length; i++) {
      v.visitLabel(calls[i]);
      v.visitFrame(F_SAME, 0, null, 0, null);
      code.loadLocal('A', code.frame);
      code.loadLocal('I', entry);
      code.instance();
      String owner = grouped > 0 ? name : owners.get(i);
      String method = grouped > 0 ? "regions$" + i : base + "$" + i;
      v.visitMethodInsn(INVOKESTATIC, owner, method, RegionCode.descriptor(frameClass), false);
      code.storeLocal('I', entry);
      v.visitJumpInsn(GOTO, again);
    }
    v.visitLabel(done);
    v.visitFrame(F_SAME, 0, null, 0, null);
    char kind = JvmSignature.of(function.type).returnKind();
    if (kind == 'A') {
      code.loadLocal('A', code.frame);
      code.field(frameClass, "result", JvmSignature.typeOf(kind));
    } else if (kind != 'V') {
      code.instance();
      code.field(Names.INSTANCE, "result", "J");
      code.fromBits(kind);
    }
    v.visitInsn(ClassCode.returnOpcode(kind));
  }

  /** Methods that choose among the regions of a group, where one for all would be too large. */
  private void groups(ClassCode owner, List<String> owners, String base) {
    if (owners.size() <= GROUP) {
      return;
    }
    for (int from = 0; from < owners.size(); from += GROUP) {
      MethodVisitor v =
          owner.writer.visitMethod(
              ACC_PRIVATE | ACC_STATIC | ACC_SYNTHETIC,
              "regions$" + (from >> GROUP_BITS),
              RegionCode.descriptor(frameClass),
              null,
              null);
      v.visitCode();
      Label[] calls = new Label[Math.min(GROUP, owners.size() - from)];
      Arrays.setAll(calls, i -> new Label());
      v.visitVarInsn(ILOAD, 1);
      v.visitInsn(I2C);
      v.visitTableSwitchInsn(from, from + calls.length - 1, calls[0], calls);
      for (int i = 0; i < calls.length; i++) {
        v.visitLabel(calls[i]);
        v.visitFrame(F_SAME, 0, null, 0, null);
        v.visitVarInsn(ALOAD, 0);
        v.visitVarInsn(ILOAD, 1);
        v.visitVarInsn(ALOAD, 2);
        String region = base + "$" + (from + i);
        v.visitMethodInsn(
            INVOKESTATIC, owners.get(from + i), region, RegionCode.descriptor(frameClass), false);
        v.visitInsn(IRETURN);
      }
      v.visitMaxs(3, 3);
      v.visitEnd();
    }
  }
}

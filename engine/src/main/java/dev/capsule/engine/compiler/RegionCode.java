package dev.capsule.engine.compiler;

import static org.objectweb.asm.Opcodes.*;

import dev.capsule.engine.runtime.WasmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Type;

/**
 * Writes a region: {@code static int region(Frame, int entry, ModuleInstance)}, which gives the
 * entry at which the function goes on, or -1 where it returns.
 */
final class RegionCode implements BlockEmitter.Places {
  private static final String WASM_EXCEPTION = Type.getInternalName(WasmException.class);
  private static final int RETURNED = -1;

  /** About as many variables as a processor has registers for. */
  private static final int REGISTERS = 16;

  private final FunctionIr ir;
  private final Region region;
  private final Regions regions;
  private final RegionFlow flow;
  private final ClassCode owner;
  private final Map<Block, Label> labels = new HashMap<>();
  private final Map<Integer, Label> exits = new HashMap<>();

  /**
   * Variables of a region that dispatches, other than those of loops in it: they are read from the
   * frame until the region has written them, and from then on from a JVM local.
   */
  private final Set<Integer> mixed = new LinkedHashSet<>();

  private final Label dispatch = new Label();
  private boolean dispatches;

  /** The JVM locals of the method that was written. */
  private int locals;

  RegionCode(FunctionIr ir, Region region, Regions regions, ClassCode owner) {
    this.ir = ir;
    this.region = region;
    this.regions = regions;
    this.flow = new RegionFlow(region, regions.liveness);
    this.owner = owner;
    for (Block block : region.blocks) {
      labels.put(block, new Label());
    }
  }

  static String descriptor(String frameClass) {
    return "(" + Names.descriptor(frameClass) + "I" + Names.descriptor(Names.INSTANCE) + ")I";
  }

  int locals() {
    return locals;
  }

  /** Writes the method; gives its size. */
  int write(String name, LineNumbers lines) {
    MethodVisitor raw =
        owner.writer.visitMethod(ACC_STATIC, name, descriptor(owner.frameClass), null, null);
    MethodCode code = new MethodCode(raw, owner, ir);
    MeasuringVisitor v = code.visitor;
    v.visitCode();
    code.frame = code.newLocal('A');
    int entry = code.newLocal('I');
    code.instance = code.newLocal('A');
    code.takeStore(code.newLocal('A'));
    for (int variable : variables()) {
      zeroed(code, variable);
    }
    homes(code);
    Prologue.memory(code, region.blocks);
    Prologue.frame(code);
    for (int variable : mixed) {
      if (code.written[variable] < 0) {
        // Within one block: no frame tells of it.
        code.written[variable] = code.newLocal(ir.kind(variable));
      }
      code.local[variable] = -1;
    }
    enter(code, entry);
    BlockEmitter emitter = new BlockEmitter(code, this, lines);
    lines.restart();
    emitter.blocks(region.blocks);
    exits.forEach(
        (id, label) -> {
          v.visitLabel(label);
          v.visitFrame(F_SAME, 0, null, 0, null);
          code.push(id);
          code.op(IRETURN);
        });
    catches(code);
    v.visitMaxs(FunctionCompiler.MAX_STACK, code.localsEnd() + FunctionCompiler.SCRATCH);
    v.visitEnd();
    locals = code.localsEnd();
    return v.size();
  }

  /**
   * The variables that always have a JVM local. Where the region dispatches, the others stay in the
   * frame until they are written: hardly any is used twice before the next dispatch, and all would
   * be kept for each possible trap.
   */
  private Set<Integer> variables() {
    int depth =
        region.blocks.stream()
            .filter(RegionFlow::dispatches)
            .mapToInt(block -> block.loopDepth)
            .min()
            .orElse(-1);
    boolean all = depth < 0 || regions.framed.size() <= REGISTERS;
    Set<Integer> variables = new LinkedHashSet<>();
    for (Block block : region.blocks) {
      boolean inLoop = all || block.loopDepth > depth;
      for (Ins ins : block.code) {
        for (int read : Liveness.reads(ins)) {
          if (inLoop || !regions.framed.contains(read)) {
            variables.add(read);
          }
        }
        int written = Liveness.writes(ins);
        if (written >= 0 && (inLoop || !regions.framed.contains(written))) {
          variables.add(written);
        }
      }
    }
    return variables;
  }

  /** Gives a variable a JVM local, with a value for the verifier's sake. */
  private void zeroed(MethodCode code, int variable) {
    char kind = ir.kind(variable);
    code.local[variable] = code.newLocal(kind);
    code.zero(kind);
    code.storeLocal(kind, code.local[variable]);
  }

  /**
   * Decides where variables are that had only the frame: from where the region writes them on, in
   * JVM locals.
   */
  private void homes(MethodCode code) {
    for (Block block : region.blocks) {
      for (Ins ins : block.code) {
        int written = Liveness.writes(ins);
        if (written >= 0 && code.local[written] < 0) {
          mixed.add(written);
        }
      }
    }
    if (!mixed.isEmpty()) {
      flow.solveHomes();
    }
    for (Block block : region.blocks) {
      flow.markWrites(block, mixed);
      for (int variable : mixed) {
        if (code.local[variable] < 0 && !flow.inFrame(block, variable)) {
          zeroed(code, variable);
        }
      }
    }
    code.written = code.local.clone();
  }

  @Override
  public void begin(MethodCode code, Block block) {
    for (int variable : mixed) {
      code.local[variable] = flow.inFrame(block, variable) ? -1 : code.written[variable];
    }
  }

  /** Goes to the block that the caller asked for, by way of the loads that it needs. */
  private void enter(MethodCode code, int entry) {
    MeasuringVisitor v = code.visitor;
    List<Block> blocks = new ArrayList<>(region.entries.keySet());
    Label[] stubs = new Label[blocks.size()];
    for (int i = 0; i < stubs.length; i++) {
      stubs[i] = new Label();
    }
    v.visitLabel(dispatch);
    v.visitFrame(F_SAME, 0, null, 0, null);
    if (stubs.length > 1) {
      code.loadLocal('I', entry);
      code.push(16);
      code.op(IUSHR);
      v.visitTableSwitchInsn(0, stubs.length - 1, stubs[0], stubs);
    }
    for (int i = 0; i < stubs.length; i++) {
      Block block = blocks.get(i);
      v.visitLabel(stubs[i]);
      v.visitFrame(F_SAME, 0, null, 0, null);
      for (int variable : flow.loads(block)) {
        if (code.local[variable] >= 0) {
          char kind = ir.kind(variable);
          code.loadLocal('A', code.frame);
          owner.frameField(v, GETFIELD, variable, kind);
          code.storeLocal(kind, code.local[variable]);
        }
      }
      if (block.landing) {
        code.loadLocal('A', code.frame);
        code.field(owner.frameClass, "caught", Names.descriptor(WASM_EXCEPTION));
      }
      v.visitJumpInsn(GOTO, labels.get(block));
    }
  }

  @Override
  public Label label(Block target) {
    return labels.get(target);
  }

  @Override
  public void leave(MethodCode code, Block target) {
    code.push(regions.entryId(target));
    code.op(IRETURN);
  }

  @Override
  public Label exit(Block target) {
    return exits.computeIfAbsent(regions.entryId(target), key -> new Label());
  }

  @Override
  public boolean table(MethodCode code, Block block) {
    if (!RegionFlow.dispatches(block)) {
      return false;
    }
    // The index selects an entry; those of this region are dispatched to right here.
    int[] ids = new int[block.targets.length];
    boolean local = false;
    for (int i = 0; i < ids.length; i++) {
      ids[i] = regions.entryId(block.targets[i]);
      local |= (char) ids[i] == region.index;
    }
    owner.table(code.visitor, "entries" + regions.tableNumber(block), ids);
    code.call(Support.class, "entry", "(I[I)I");
    if (local) {
      code.op(DUP);
      code.storeLocal('I', 1);
      code.op(I2C);
      code.push(region.index);
      // Before a branch back HotSpot looks whether to stop, taken or not; most dispatches leave.
      Label out = new Label();
      code.visitor.visitJumpInsn(IF_ICMPNE, out);
      code.visitor.visitJumpInsn(GOTO, dispatch);
      code.visitor.visitLabel(out);
      code.visitor.visitFrame(F_SAME, 0, null, 0, null);
      code.loadLocal('I', 1);
    }
    code.op(IRETURN);
    return true;
  }

  private final Map<Block.Handler, Label> outside = new HashMap<>();

  @Override
  public Label handler(Block.Handler handler) {
    Label inside = labels.get(handler.landing);
    return inside != null ? inside : outside.computeIfAbsent(handler, key -> new Label());
  }

  /** Exceptions whose handler is in another region. */
  private void catches(MethodCode code) {
    outside.forEach(
        (handler, label) -> {
          code.visitor.visitLabel(label);
          code.visitor.visitFrame(F_SAME1, 0, null, 1, new Object[] {WASM_EXCEPTION});
          code.loadLocal('A', code.frame);
          code.op(SWAP);
          code.visitor.visitFieldInsn(
              PUTFIELD, owner.frameClass, "caught", Names.descriptor(WASM_EXCEPTION));
          code.push(regions.entryId(handler.landing));
          code.op(IRETURN);
        });
  }

  /** Leaves the function with the value on the JVM's stack as its result. */
  static void returnFromRegion(MethodCode code, char kind) {
    if (kind == 'A') {
      int value = code.spill(kind, 0);
      code.loadLocal('A', code.frame);
      code.loadLocal(kind, value);
      code.visitor.visitFieldInsn(
          PUTFIELD, code.owner.frameClass, "result", JvmSignature.typeOf(kind));
    } else if (kind != 'V') {
      // HotSpot would look for a result in the new frame whenever a region has been left.
      code.toBits(kind);
      int value = code.spill('J', 0);
      code.instance();
      code.loadLocal('J', value);
      code.visitor.visitFieldInsn(PUTFIELD, Names.INSTANCE, "result", "J");
    }
    code.push(RETURNED);
    code.op(IRETURN);
  }
}

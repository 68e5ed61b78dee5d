package dev.capsule.engine.compiler;

import static org.objectweb.asm.Opcodes.*;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;

/** Writes a function as two methods: its {@link Front}, and what that hands over to. */
final class FrontCode {
  private static final String REST = "rest$";

  private final FunctionIr ir;
  private final ClassCode owner;
  private final Front front;
  private final LineNumbers lines;
  private final String name;

  FrontCode(FunctionIr ir, ClassCode owner, Front front, LineNumbers lines) {
    this.ir = ir;
    this.owner = owner;
    this.front = front;
    this.lines = lines;
    this.name = owner.methodName(owner.function.index);
  }

  /** Writes both methods; tells whether HotSpot will inline the one and compile the other. */
  boolean fits() {
    return front() <= Front.INLINED && rest() <= FunctionCompiler.WHOLE_LIMIT;
  }

  private static Map<Block, Label> labels(List<Block> blocks) {
    Map<Block, Label> labels = new HashMap<>();
    for (Block block : blocks) {
      labels.put(block, new Label());
    }
    return labels;
  }

  private int front() {
    MethodCode code =
        begin(ACC_PUBLIC | ACC_STATIC, name, owner.signature.descriptor(Names.CONTEXT));
    MeasuringVisitor v = code.visitor;
    Prologue.whole(code, front.blocks);
    Map<Block, Label> labels = labels(front.blocks);
    Map<Block, Label> exits = new LinkedHashMap<>();
    BlockEmitter.Places places =
        new BlockEmitter.Places() {
          @Override
          public Label label(Block target) {
            return labels.get(target);
          }

          @Override
          public void leave(MethodCode code, Block target) {
            v.visitJumpInsn(GOTO, exit(target));
          }

          @Override
          public Label exit(Block target) {
            return exits.computeIfAbsent(target, key -> new Label());
          }
        };
    lines.restart();
    Prologue.frame(code);
    Prologue.withinBlocks(code, front.blocks);
    new BlockEmitter(code, places, lines).blocks(front.blocks);
    exits.forEach((target, label) -> handOver(code, target, label));
    return end(code);
  }

  /** Goes on in the other method. */
  private void handOver(MethodCode code, Block target, Label label) {
    MeasuringVisitor v = code.visitor;
    v.visitLabel(label);
    // The trap of an instruction in the other method is not one of this method, too.
    v.visitLineNumber(0, label);
    v.visitFrame(F_SAME, 0, null, 0, null);
    for (int variable : front.handed) {
      if (code.local[variable] >= 0) {
        code.get(variable);
      } else {
        code.zero(ir.kind(variable));
      }
    }
    code.push(front.cuts.indexOf(target));
    code.loadLocal('I', code.left);
    code.instance();
    v.visitMethodInsn(INVOKESTATIC, owner.name, REST + name, descriptor(), false);
    v.visitInsn(ClassCode.returnOpcode(owner.signature.returnKind()));
  }

  private String descriptor() {
    StringBuilder text = new StringBuilder("(");
    for (int variable : front.handed) {
      text.append(JvmSignature.typeOf(ir.kind(variable)));
    }
    return text.append("II")
        .append(Names.descriptor(Names.INSTANCE))
        .append(')')
        .append(owner.signature.returns())
        .toString();
  }

  private int rest() {
    MethodCode code = begin(ACC_PRIVATE | ACC_STATIC, REST + name, descriptor());
    MeasuringVisitor v = code.visitor;
    int number = Prologue.rest(code, front);
    Map<Block, Label> labels = labels(front.rest);
    BlockEmitter emitter = new BlockEmitter(code, labels::get, lines);
    lines.restart();
    Prologue.fuel(code);
    Prologue.frame(code);
    Prologue.withinBlocks(code, front.rest);
    Label[] entries = front.cuts.stream().map(labels::get).toArray(Label[]::new);
    code.loadLocal('I', number);
    v.visitTableSwitchInsn(0, entries.length - 1, entries[0], entries);
    emitter.blocks(front.rest);
    return end(code);
  }

  private MethodCode begin(int access, String method, String descriptor) {
    MethodVisitor raw = owner.writer.visitMethod(access, method, descriptor, null, null);
    MethodCode code = new MethodCode(raw, owner, ir);
    code.visitor.visitCode();
    return code;
  }

  private static int end(MethodCode code) {
    code.visitor.visitMaxs(FunctionCompiler.MAX_STACK, code.localsEnd() + FunctionCompiler.SCRATCH);
    code.visitor.visitEnd();
    return code.visitor.size();
  }
}

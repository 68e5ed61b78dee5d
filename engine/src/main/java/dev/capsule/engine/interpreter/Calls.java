package dev.capsule.engine.interpreter;

import dev.capsule.engine.module.InstructionReader;
import dev.capsule.engine.module.Module;
import dev.capsule.engine.module.Opcode;
import dev.capsule.engine.types.AddressType;
import dev.capsule.engine.types.DefType;
import dev.capsule.engine.types.FuncType;
import dev.capsule.engine.types.ValType;
import java.util.List;

/** Lowers calls (spec 4.6.10). */
final class Calls {
  private Calls() {}

  static void lower(Lowering to, Opcode op) {
    Module module = to.module;
    InstructionReader in = to.reader;
    Operands operands = to.operands;
    FuncType type;
    int callee = -1;
    boolean tail = false;
    switch (op) {
      case RETURN_CALL, CALL -> {
        type = module.funcType(in.index);
        tail = op == Opcode.RETURN_CALL;
      }
      case CALL_REF, RETURN_CALL_REF -> {
        type = module.defType(in.index).asFunc();
        callee = operands.use(operands.pop());
        tail = op == Opcode.RETURN_CALL_REF;
      }
      default -> {
        type = module.defType(in.index).asFunc();
        callee = operands.use(operands.pop());
        tail = op == Opcode.RETURN_CALL_INDIRECT;
      }
    }
    int params = type.params().size();
    operands.settleTop(params);
    int args = params == 0 ? operands.height : operands.home(operands.count - params);
    operands.pop(params);
    int w = to.code.charge();
    if (to.function.comparesAtCalls()) {
      to.code.emit(new ControlNodes.Compare(w));
      w = 0;
    }
    if (tail) {
      to.code.emit(tailCall(op, module, in, callee, type, args, w));
      to.cut();
      return;
    }
    List<ValType> results = type.results();
    boolean single = results.size() == 1 && results.get(0).slots() == 1;
    CallNode node;
    int form = 0;
    if (op == Opcode.CALL) {
      if (in.index < module.importedFuncs()) {
        node = new CallNode.Imported(in.index, args, w, single);
      } else if (to.function.module.tier instanceof Interpreter) {
        node = new CallNode.Interpreted(in.index, args, w, single);
        form = Ops.CALL;
      } else {
        node = new CallNode.Local(in.index, args, w, single);
      }
    } else if (op == Opcode.CALL_REF) {
      node = new IndirectCalls.ThroughReference(callee, args, w, single);
    } else {
      DefType expected = module.defType(in.index);
      boolean wide = module.table(in.index2).address() == AddressType.I64;
      node = new IndirectCalls.ThroughTable(in.index2, wide, callee, expected, args, w, single);
    }
    to.code.emit(form, node);
    if (to.function.comparesBehind(in.start)) {
      to.code.emit(new ControlNodes.Compare(0));
    }
    operands.push(results);
  }

  private static Node tailCall(
      Opcode op, Module module, InstructionReader in, int callee, FuncType type, int args, int w) {
    int slots = 0;
    for (ValType param : type.params()) {
      slots += param.slots();
    }
    return switch (op) {
      case RETURN_CALL ->
          in.index < module.importedFuncs()
              ? new TailCalls.Imported(in.index, args, slots, w)
              : new TailCalls.Local(in.index, args, slots, w);
      case RETURN_CALL_REF -> new TailCalls.ThroughReference(callee, args, slots, w);
      default ->
          new TailCalls.ThroughTable(
              in.index2,
              module.table(in.index2).address() == AddressType.I64,
              callee,
              module.defType(in.index),
              args,
              slots,
              w);
    };
  }
}

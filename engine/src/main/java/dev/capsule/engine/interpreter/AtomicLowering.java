package dev.capsule.engine.interpreter;

import dev.capsule.engine.exec.AtomicOps.Rmw;
import dev.capsule.engine.module.InstructionReader;
import dev.capsule.engine.module.Opcode;
import dev.capsule.engine.types.AddressType;
import java.util.Locale;

/** Lowers atomic instructions (threads proposal). */
final class AtomicLowering {
  private AtomicLowering() {}

  static void lower(Lowering to, Opcode op) {
    InstructionReader in = to.reader;
    Operands operands = to.operands;
    Code code = to.code;
    if (op == Opcode.ATOMIC_FENCE) {
      code.emit(new AtomicNodes.Fence());
      return;
    }
    String signature = op.signature();
    int values = signature.indexOf(':') - 1;
    int c = values > 1 ? operands.use(operands.pop()) : 0;
    int b = values > 0 ? operands.use(operands.pop()) : 0;
    int a = operands.use(operands.pop());
    boolean wide = to.module.memory(in.index).address() == AddressType.I64;
    AtomicNodes.Place place = new AtomicNodes.Place(in.index, wide, a, in.offset, op.align());
    if (op == Opcode.MEMORY_ATOMIC_WAIT32 || op == Opcode.MEMORY_ATOMIC_WAIT64) {
      int w = code.charge();
      code.emit(new AtomicNodes.Wait(operands.push(Operands.NUMBER), place, b, c, w));
      return;
    }
    int d = signature.endsWith(":") ? -1 : operands.push(Operands.NUMBER);
    boolean narrow = signature.charAt(1) == 'i';
    Node node =
        switch (values) {
          case 0 -> new AtomicNodes.Load(d, place);
          case 1 ->
              op == Opcode.MEMORY_ATOMIC_NOTIFY
                  ? new AtomicNodes.Notify(d, place, b)
                  : d < 0
                      ? new AtomicNodes.Store(place, b)
                      : new AtomicNodes.ReadModifyWrite(d, place, action(op), b);
          default -> new AtomicNodes.CompareExchange(d, place, b, narrow, c);
        };
    code.emit(node);
  }

  private static Rmw action(Opcode op) {
    String name = op.mnemonic();
    for (Rmw action : Rmw.values()) {
      if (name.contains("." + action.name().toLowerCase(Locale.ROOT))) {
        return action;
      }
    }
    throw new AssertionError(op);
  }
}

package dev.capsule.engine.interpreter;

import dev.capsule.engine.exec.Storage;
import dev.capsule.engine.exec.StructLayout;
import dev.capsule.engine.module.InstructionReader;
import dev.capsule.engine.module.Module;
import dev.capsule.engine.module.Opcode;
import dev.capsule.engine.types.ArrayType;
import dev.capsule.engine.types.DefType;
import dev.capsule.engine.types.RefType;

/** Lowers instructions on structs, arrays, i31 and casts (spec 4.6.4, 4.6.5). */
final class AggregateLowering {
  private final Lowering to;
  private final Module module;
  private final InstructionReader in;
  private final Code code;
  private final Operands operands;

  AggregateLowering(Lowering to) {
    this.to = to;
    this.module = to.module;
    this.in = to.reader;
    this.code = to.code;
    this.operands = to.operands;
  }

  private int pop() {
    return operands.use(operands.pop());
  }

  private int push(Storage storage) {
    return operands.push(
        switch (storage) {
          case REF -> Operands.REFERENCE;
          case V128 -> Operands.VECTOR;
          default -> Operands.NUMBER;
        });
  }

  private int reference() {
    return operands.push(Operands.REFERENCE);
  }

  private int number() {
    return operands.push(Operands.NUMBER);
  }

  private StructLayout layout(int type) {
    return to.function.module.layout(type);
  }

  private Storage storage(int type) {
    return Storage.of(((ArrayType) module.defType(type).expand()).field().storage());
  }

  void lower(Opcode op) {
    switch (op) {
      case STRUCT_NEW -> {
        StructLayout layout = layout(in.index);
        int args = popAll(layout.position.length);
        code.emit(new StructNodes.New(reference(), layout, args));
      }
      case STRUCT_NEW_DEFAULT -> code.emit(new StructNodes.New(reference(), layout(in.index), -1));
      case STRUCT_GET, STRUCT_GET_S, STRUCT_GET_U -> {
        StructLayout layout = layout(in.index);
        Storage storage = layout.storage[in.index2];
        int a = pop();
        int position = layout.position[in.index2];
        boolean signed = op == Opcode.STRUCT_GET_S;
        code.emit(new StructNodes.Get(push(storage), a, position, storage, signed));
      }
      case STRUCT_SET -> {
        StructLayout layout = layout(in.index);
        int value = pop();
        int a = pop();
        Storage storage = layout.storage[in.index2];
        code.emit(new StructNodes.Set(a, layout.position[in.index2], storage, value));
      }
      case REF_TEST, REF_TEST_NULL -> {
        int a = pop();
        RefType type = new RefType(op == Opcode.REF_TEST_NULL, in.heap);
        code.emit(new ReferenceNodes.Test(number(), a, type));
      }
      case REF_CAST, REF_CAST_NULL -> {
        int a = operands.use(operands.count - 1);
        code.emit(new ReferenceNodes.Cast(a, new RefType(op == Opcode.REF_CAST_NULL, in.heap)));
      }
      case BR_ON_CAST, BR_ON_CAST_FAIL -> {
        int a = operands.use(operands.count - 1);
        boolean whenNot = op == Opcode.BR_ON_CAST_FAIL;
        to.branchOnReference(a, in.castTo, whenNot, in.index, 0);
      }
      case ANY_CONVERT_EXTERN, EXTERN_CONVERT_ANY -> {}
      case REF_I31 -> {
        int a = pop();
        code.emit(new StructNodes.I31New(reference(), a));
      }
      case I31_GET_S, I31_GET_U -> {
        int a = pop();
        code.emit(new StructNodes.I31Get(number(), a, op == Opcode.I31_GET_S));
      }
      default -> array(op);
    }
  }

  /** Pops operands that have been brought home; gives the slot of the first. */
  private int popAll(int count) {
    operands.settleTop(count);
    int first = count == 0 ? operands.height : operands.home(operands.count - count);
    operands.pop(count);
    return first;
  }

  private void array(Opcode op) {
    switch (op) {
      case ARRAY_NEW -> {
        int length = pop();
        int value = pop();
        DefType type = module.defType(in.index);
        int w = code.charge();
        code.emit(new ArrayNodes.New(reference(), type, value, length, w));
      }
      case ARRAY_NEW_DEFAULT -> {
        int length = pop();
        int w = code.charge();
        code.emit(new ArrayNodes.New(reference(), module.defType(in.index), -1, length, w));
      }
      case ARRAY_NEW_FIXED -> {
        int args = popAll(in.index2);
        int w = code.charge();
        DefType type = module.defType(in.index);
        code.emit(new ArrayNodes.NewFixed(reference(), type, in.index2, args, w));
      }
      case ARRAY_NEW_DATA, ARRAY_NEW_ELEM -> {
        int length = pop();
        int source = pop();
        int w = code.charge();
        boolean data = op == Opcode.ARRAY_NEW_DATA;
        DefType type = module.defType(in.index);
        code.emit(
            new ArrayNodes.NewFromSegment(reference(), data, type, in.index2, source, length, w));
      }
      case ARRAY_GET, ARRAY_GET_S, ARRAY_GET_U -> {
        int index = pop();
        int a = pop();
        Storage storage = storage(in.index);
        boolean signed = op == Opcode.ARRAY_GET_S;
        code.emit(new ArrayNodes.Get(push(storage), a, index, storage, signed));
      }
      case ARRAY_SET -> {
        int value = pop();
        int index = pop();
        int a = pop();
        code.emit(new ArrayNodes.Set(a, index, storage(in.index), value));
      }
      case ARRAY_LEN -> {
        int a = pop();
        code.emit(new ArrayNodes.Length(number(), a));
      }
      case ARRAY_FILL -> {
        int length = pop();
        int value = pop();
        int index = pop();
        int a = pop();
        code.emit(ArrayNodes.fill(a, index, value, length, code.charge()));
      }
      case ARRAY_COPY -> {
        int length = pop();
        int from = pop();
        int source = pop();
        int index = pop();
        int a = pop();
        code.emit(ArrayNodes.copy(a, index, source, from, length, code.charge()));
      }
      case ARRAY_INIT_DATA, ARRAY_INIT_ELEM -> {
        int length = pop();
        int source = pop();
        int index = pop();
        int a = pop();
        boolean data = op == Opcode.ARRAY_INIT_DATA;
        int w = code.charge();
        code.emit(ArrayNodes.init(data, a, index, in.index2, source, length, w));
      }
      default -> throw new AssertionError(op);
    }
  }
}

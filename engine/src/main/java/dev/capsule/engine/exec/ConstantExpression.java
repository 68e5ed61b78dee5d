package dev.capsule.engine.exec;

import dev.capsule.engine.module.CodeSlice;
import dev.capsule.engine.module.InstructionReader;
import dev.capsule.engine.module.Opcode;
import dev.capsule.engine.types.ArrayType;
import dev.capsule.engine.types.RefType;
import dev.capsule.engine.types.StorageType;
import dev.capsule.engine.types.ValType;
import dev.capsule.engine.types.VecType;
import java.util.Arrays;

/**
 * Evaluates constant expressions (spec 3.4.4.2, 4.7.2) on a stack of slots of its own. What it
 * reads has been validated.
 */
final class ConstantExpression {
  private final ModuleInstance instance;
  private long[] stack = new long[8];
  private Object[] refs = new Object[8];
  private int sp;

  /**
   * @param instance of which all that the expression may name is in place
   */
  ConstantExpression(ModuleInstance instance) {
    this.instance = instance;
  }

  /** The bits of a number. */
  long number(CodeSlice code) {
    run(code);
    return stack[0];
  }

  Object reference(CodeSlice code) {
    run(code);
    return refs[0];
  }

  /** Evaluates into a new global. */
  void global(CodeSlice code, GlobalInstance global) {
    run(code);
    global.bits = stack[0];
    global.high = global.type().value() == VecType.V128 ? stack[1] : 0;
    global.ref = global.type().value().isRef() ? refs[0] : null;
  }

  private void run(CodeSlice code) {
    sp = 0;
    InstructionReader in = new InstructionReader(instance.module, code);
    for (in.next(); in.opcode != Opcode.END; in.next()) {
      step(in);
    }
  }

  private void step(InstructionReader in) {
    switch (in.opcode) {
      case I32_CONST, I64_CONST, F32_CONST, F64_CONST -> push(in.value);
      case V128_CONST -> {
        push(in.value);
        push(in.value2);
      }
      case I32_ADD -> push((int) pop() + (int) pop());
      case I32_SUB -> push(-(int) pop() + (int) pop());
      case I32_MUL -> push((int) pop() * (int) pop());
      case I64_ADD -> push(pop() + pop());
      case I64_SUB -> push(-pop() + pop());
      case I64_MUL -> push(pop() * pop());
      case GLOBAL_GET -> {
        GlobalInstance global = instance.globals[in.index];
        ValType type = global.type().value();
        if (type instanceof RefType) {
          push(global.ref);
        } else {
          push(global.bits);
          if (type == VecType.V128) {
            push(global.high);
          }
        }
      }
      case REF_NULL -> push(null);
      case REF_FUNC -> push(instance.func(in.index));
      case REF_I31 -> push(I31.of((int) pop()));
      case ANY_CONVERT_EXTERN, EXTERN_CONVERT_ANY -> {}
      case STRUCT_NEW_DEFAULT ->
          push(StructOps.create(instance.store, instance.code.layout(in.index)));
      case STRUCT_NEW -> {
        StructLayout layout = instance.code.layout(in.index);
        sp -= layout.operands;
        push(StructOps.create(instance.store, layout, stack, refs, sp));
      }
      case ARRAY_NEW_DEFAULT -> {
        int length = (int) pop();
        push(ArrayOps.create(instance.store, instance.module.defType(in.index), length));
      }
      case ARRAY_NEW -> arrayNew(in.index);
      case ARRAY_NEW_FIXED -> {
        sp -= in.index2 * element(in.index).unpacked().slots();
        push(
            ArrayOps.createFixed(
                instance.store, instance.module.defType(in.index), in.index2, stack, refs, sp));
      }
      default -> throw new IllegalStateException("not constant: " + in.opcode);
    }
  }

  private void arrayNew(int type) {
    int length = (int) pop();
    int slots = element(type).unpacked().slots();
    sp -= slots;
    long high = slots == 2 ? stack[sp + 1] : 0;
    push(
        ArrayOps.create(
            instance.store, instance.module.defType(type), stack[sp], high, refs[sp], length));
  }

  private StorageType element(int type) {
    return ((ArrayType) instance.module.defType(type).expand()).field().storage();
  }

  private long pop() {
    return stack[--sp];
  }

  private void push(long value) {
    grow();
    stack[sp++] = value;
  }

  private void push(Object value) {
    grow();
    refs[sp++] = value;
  }

  private void grow() {
    if (sp == stack.length) {
      stack = Arrays.copyOf(stack, 2 * sp);
      refs = Arrays.copyOf(refs, 2 * sp);
    }
  }
}

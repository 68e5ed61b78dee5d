package dev.capsule.engine.validation;

import dev.capsule.engine.module.Feature;
import dev.capsule.engine.module.InstructionReader;
import dev.capsule.engine.module.Opcode;
import dev.capsule.engine.types.AddressType;
import dev.capsule.engine.types.MemoryType;
import dev.capsule.engine.types.NumType;
import dev.capsule.engine.types.ValType;

/** Memory instructions (spec 3.4.9) and the lane indices of vector instructions (3.4.12). */
final class MemoryRules {
  private MemoryRules() {}

  static void access(OperandTyper typer, InstructionReader in, Signature signature) {
    AddressType address = memory(typer, in.index).address();
    int natural = in.opcode.align();
    if (Integer.compareUnsigned(in.align, natural) > 0) {
      throw typer.invalid(
          "alignment must not be larger than natural: 2^" + in.align + " is over 2^" + natural);
    }
    if (in.align != natural && in.opcode.feature() == Feature.THREADS) {
      throw typer.invalid("alignment of an atomic access must be natural: 2^" + natural);
    }
    if (address == AddressType.I32 && (in.offset >>> 32) != 0) {
      throw typer.invalid("offset out of range: " + Long.toUnsignedString(in.offset));
    }
    if (signature.lanes <= 16 && in.index2 >= signature.lanes) {
      throw typer.invalid("invalid lane index " + in.index2);
    }
    typer.pop(signature.params(address));
    typer.push(signature.results(address));
  }

  static void lane(OperandTyper typer, InstructionReader in, Signature signature) {
    if (in.opcode == Opcode.I8X16_SHUFFLE) {
      // Lanes count from 0 to 31, so any of the upper three bits of a byte is one too many.
      if (((in.value | in.value2) & 0xE0E0E0E0E0E0E0E0L) != 0) {
        throw typer.invalid("invalid lane index");
      }
    } else if (in.index >= signature.lanes) {
      throw typer.invalid("invalid lane index " + in.index);
    }
    typer.pop(signature.params());
    typer.push(signature.results());
  }

  static void apply(OperandTyper typer, InstructionReader in, Signature signature) {
    switch (in.opcode) {
      case MEMORY_SIZE, MEMORY_GROW, MEMORY_FILL -> {
        AddressType address = memory(typer, in.index).address();
        typer.pop(signature.params(address));
        typer.push(signature.results(address));
      }
      case MEMORY_COPY -> {
        AddressType target = memory(typer, in.index).address();
        AddressType source = memory(typer, in.index2).address();
        typer.pop(copy(target, source));
      }
      case MEMORY_INIT -> {
        AddressType address = memory(typer, in.index2).address();
        typer.requireData(in.index);
        typer.pop(signature.params(address));
      }
      case DATA_DROP -> typer.requireData(in.index);
      default -> throw new AssertionError(in.opcode);
    }
  }

  /** The operands of a copy: the length has the narrower address type. */
  static ValType[] copy(AddressType target, AddressType source) {
    boolean wide = target == AddressType.I64 && source == AddressType.I64;
    return new ValType[] {target.valType(), source.valType(), wide ? NumType.I64 : NumType.I32};
  }

  private static MemoryType memory(OperandTyper typer, int index) {
    if (Integer.compareUnsigned(index, typer.module.memoryCount()) >= 0) {
      throw typer.unknown("memory", index);
    }
    return typer.module.memory(index);
  }
}

package dev.capsule.engine.script;

import dev.capsule.engine.module.ByteReader;
import dev.capsule.engine.module.CustomSection;
import dev.capsule.engine.module.FunctionBody;
import dev.capsule.engine.module.InstructionReader;
import dev.capsule.engine.module.MalformedException;
import dev.capsule.engine.module.Module;
import dev.capsule.engine.module.Opcode;
import dev.capsule.engine.types.AbsHeapType;
import dev.capsule.engine.types.DefType;
import dev.capsule.engine.types.RefType;
import dev.capsule.engine.types.ValType;
import java.util.Optional;

/** Checks the section of the branch hinting proposal, which validation ignores. */
final class BranchHints {
  private static final String NAME = "metadata.code.branch_hint";
  private static final String PREFIX = "@" + NAME + " annotation: ";

  private BranchHints() {}

  /** What is wrong with the hints of a valid module, in the words of the official suite. */
  static Optional<String> fault(Module module) {
    for (CustomSection section : module.customs()) {
      if (section.name().equals(NAME)) {
        try {
          return fault(module, section);
        } catch (MalformedException e) {
          return Optional.of(PREFIX + e.reason());
        }
      }
    }
    return Optional.empty();
  }

  private static Optional<String> fault(Module module, CustomSection section) {
    ByteReader in =
        new ByteReader(section.bytes(), section.start(), section.end(), 0, module::type);
    int functions = in.u32();
    for (int f = 0; f != functions; f++) {
      int function = in.u32();
      int count = in.u32();
      if (function < module.importedFuncs() || function >= module.funcCount()) {
        return Optional.of(PREFIX + "invalid function");
      }
      for (int i = 0; i != count; i++) {
        int offset = in.u32();
        if (in.u32() != 1 || in.byteU() > 1) {
          return Optional.of(PREFIX + "malformed hint");
        }
        if (!isTarget(module, function, offset)) {
          return Optional.of(PREFIX + "invalid target");
        }
      }
    }
    return Optional.empty();
  }

  private static boolean isTarget(Module module, int function, int offset) {
    FunctionBody body = module.body(function);
    int position = body.code().start() + offset - declarationSize(module, body);
    InstructionReader code = new InstructionReader(module, body.code());
    while (!code.atEnd()) {
      code.next();
      if (code.start == position) {
        return code.opcode == Opcode.IF || code.opcode == Opcode.BR_IF;
      }
    }
    return false;
  }

  /** The bytes of the declaration of locals before the code, in shortest form. */
  private static int declarationSize(Module module, FunctionBody body) {
    int size = lebSize(body.locals().size());
    for (FunctionBody.LocalGroup group : body.locals()) {
      size += lebSize(group.count()) + typeSize(module, group.type());
    }
    return size;
  }

  private static int typeSize(Module module, ValType type) {
    if (!(type instanceof RefType ref)) {
      return 1;
    }
    if (ref.heap() instanceof AbsHeapType) {
      return ref.nullable() ? 1 : 2;
    }
    int index = 0;
    while (index < module.typeCount()
        && !(ref.heap() instanceof DefType def && def == module.type(index))) {
      index++;
    }
    // Type indices are signed: a bit less room.
    return 1 + lebSize(2 * index);
  }

  private static int lebSize(int value) {
    int size = 1;
    for (int rest = value >>> 7; rest != 0; rest >>>= 7) {
      size++;
    }
    return size;
  }
}

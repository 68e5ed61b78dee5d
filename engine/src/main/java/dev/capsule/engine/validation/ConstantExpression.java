package dev.capsule.engine.validation;

import dev.capsule.engine.module.CodeSlice;
import dev.capsule.engine.module.Feature;
import dev.capsule.engine.module.InstructionReader;
import dev.capsule.engine.module.Module;
import dev.capsule.engine.module.Opcode;
import dev.capsule.engine.types.ValType;
import java.util.BitSet;

/** Constant expressions (spec 3.4.13), the extended ones included. */
final class ConstantExpression {
  private final Module module;
  private final TypeRules rules;
  private final BitSet declared;

  /**
   * @param declared the functions that {@code ref.func} may name
   */
  ConstantExpression(Module module, TypeRules rules, BitSet declared) {
    this.module = module;
    this.rules = rules;
    this.declared = declared;
  }

  /**
   * Checks that code is constant and of a type.
   *
   * @param globals the number of globals that the code may see
   * @param owner what the code belongs to, for messages
   */
  void check(CodeSlice code, ValType type, int globals, String owner, int ownerIndex) {
    OperandTyper typer =
        OperandTyper.forConstant(module, type, rules, declared, globals, owner, ownerIndex);
    InstructionReader in = new InstructionReader(module, code);
    while (!in.atEnd()) {
      in.next();
      requireConstant(typer, in);
      typer.apply(in);
    }
    if (!typer.finished()) {
      throw in.malformed("unexpected end of section or function", in.position());
    }
  }

  private void requireConstant(OperandTyper typer, InstructionReader in) {
    typer.locate(in);
    boolean constant =
        switch (in.opcode) {
          case I32_CONST, I64_CONST, F32_CONST, F64_CONST, V128_CONST -> true;
          case REF_NULL, REF_FUNC, REF_I31, ANY_CONVERT_EXTERN, EXTERN_CONVERT_ANY -> true;
          case STRUCT_NEW, STRUCT_NEW_DEFAULT -> true;
          case ARRAY_NEW, ARRAY_NEW_DEFAULT, ARRAY_NEW_FIXED -> true;
          case END -> true;
          case I32_ADD, I32_SUB, I32_MUL, I64_ADD, I64_SUB, I64_MUL ->
              permitted(typer, Feature.EXTENDED_CONST);
          case GLOBAL_GET -> {
            // An index out of range is for the typer to report.
            boolean known = Integer.compareUnsigned(in.index, typer.globals) < 0;
            yield !known
                || !module.global(in.index).mutable()
                    && (in.index < module.importedGlobals() || permitted(typer, Feature.GC));
          }
          default -> false;
        };
    if (!constant) {
      throw typer.invalid("constant expression required");
    }
  }

  private boolean permitted(OperandTyper typer, Feature feature) {
    if (!rules.has(feature)) {
      throw typer.invalid("constant expression required: " + TypeRules.disabled(feature));
    }
    return true;
  }

  /** Adds the functions that code names with {@code ref.func}. */
  static void collect(Module module, CodeSlice code, BitSet into) {
    InstructionReader in = new InstructionReader(module, code);
    while (!in.atEnd()) {
      in.next();
      if (in.opcode == Opcode.REF_FUNC
          && Integer.compareUnsigned(in.index, module.funcCount()) < 0) {
        into.set(in.index);
      }
    }
  }
}

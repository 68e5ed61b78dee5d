package dev.capsule.engine.compiler;

import dev.capsule.engine.module.FunctionBody;
import dev.capsule.engine.module.InstructionReader;
import dev.capsule.engine.module.Opcode;
import java.util.Arrays;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;

/**
 * Line numbers of generated methods: positions of Wasm instructions, counted from the start of the
 * function's code, so that stack traces, profilers and debuggers show them. The JVM's line numbers
 * have 16 bits; in functions of more bytes only the instructions that can throw are numbered,
 * because the fuel taken by one that traps has to be known exactly. Where there are more of these
 * than numbers, some share a line, and fuel is exact before each of them.
 */
final class LineNumbers {
  private static final int MAX = 0xFFFF;

  private final int base;

  /** Offsets of numbered instructions in the module's file; null where every byte has a line. */
  private final int[] places;

  /** Numbered instructions to a line: one in functions of up to half a megabyte or so. */
  private final int step;

  private int current = -1;

  LineNumbers(FunctionBody body) {
    this.base = body.code().fileOffset(body.code().start());
    this.places = numbersEach(body) ? null : places(body);
    this.step = places == null ? 1 : places.length / (MAX - 1) + 1;
  }

  /** Whether each instruction of a function has a line of its own. */
  static boolean numbersEach(FunctionBody body) {
    return body.code().length() < MAX;
  }

  /** Whether instructions that can throw share lines. */
  boolean isShared() {
    return step > 1;
  }

  private static int[] places(FunctionBody body) {
    int[] places = new int[1024];
    int count = 0;
    InstructionReader reader = new InstructionReader(body.code());
    while (!reader.atEnd()) {
      reader.next();
      if (canThrow(reader.opcode)) {
        if (count == places.length) {
          places = Arrays.copyOf(places, 2 * count);
        }
        places[count++] = (int) reader.fileOffset();
      }
    }
    return Arrays.copyOf(places, count);
  }

  static boolean canThrow(Opcode op) {
    return switch (op.immediate()) {
      case BLOCK, LABEL, BR_TABLE, LOCAL, GLOBAL, I32, I64, F32, F64, V128, TRY_TABLE ->
          op == Opcode.RETHROW;
      case NONE ->
          switch (op) {
            case NOP, ELSE, END, RETURN, DROP, SELECT -> false;
            case I32_DIV_S, I32_DIV_U, I32_REM_S, I32_REM_U -> true;
            case I64_DIV_S, I64_DIV_U, I64_REM_S, I64_REM_U -> true;
            default -> op.signature() == null || op.mnemonic().contains("trunc_f");
          };
      default -> true;
    };
  }

  /** The line of an instruction at an offset in the module's file; -1 where it has none. */
  int line(int offset) {
    if (places == null) {
      return offset - base + 1;
    }
    int place = Arrays.binarySearch(places, offset);
    return place < 0 ? -1 : place / step + 1;
  }

  /** The offset, in the module's file, of the first instruction that a line stands for. */
  int offset(int line) {
    return places == null ? base + line - 1 : places[(line - 1) * step];
  }

  void mark(MethodVisitor visitor, int offset) {
    int line = line(offset);
    if (line >= 0 && line != current) {
      Label here = new Label();
      visitor.visitLabel(here);
      visitor.visitLineNumber(line, here);
      current = line;
    }
  }

  /** A new method begins. */
  void restart() {
    current = -1;
  }
}

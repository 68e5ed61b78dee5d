package dev.capsule.engine.compiler;

import dev.capsule.engine.module.FunctionBody;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;

/**
 * Line numbers of generated methods: positions of Wasm instructions, counted from the start of the
 * function's code, so that stack traces, profilers and debuggers show them. The JVM's line numbers
 * have 16 bits; in larger functions a line stands for several bytes.
 */
final class LineNumbers {
  private static final int MAX = 0xFFFF;

  private final int base;
  private final int step;
  private int current = -1;

  LineNumbers(FunctionBody body) {
    this.base = body.code().fileOffset(body.code().start());
    this.step = body.code().length() / (MAX - 1) + 1;
  }

  /** The line of an instruction at an offset in the module's file. */
  int line(int offset) {
    return (offset - base) / step + 1;
  }

  /** The offset, in the module's file, of the first byte that a line stands for. */
  int offset(int line) {
    return base + (line - 1) * step;
  }

  void mark(MethodVisitor visitor, int offset) {
    int line = line(offset);
    if (line != current) {
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

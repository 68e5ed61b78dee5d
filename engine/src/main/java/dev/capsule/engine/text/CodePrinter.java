package dev.capsule.engine.text;

import dev.capsule.engine.module.CodeSlice;
import dev.capsule.engine.module.InstructionReader;
import dev.capsule.engine.module.InvalidException;
import dev.capsule.engine.module.Opcode;
import dev.capsule.engine.types.ValType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Instructions as flat text (spec 6.5), a line for each. */
final class CodePrinter {
  /** Deeper nesting is not indented further, so that text stays in proportion to code. */
  private static final int MAX_INDENT = 40;

  /** Labels farther away are numbers: to know that a name means the right one takes a search. */
  private static final int MAX_NAMED = 100;

  private final ModuleNames names;
  private final TypePrinter types;
  private final StringBuilder out;

  private final List<String> labels = new ArrayList<>();
  private int blocks;
  private PrintedNames locals = new PrintedNames(Map.of(), 0);

  CodePrinter(ModuleNames names, TypePrinter types, StringBuilder out) {
    this.names = names;
    this.types = types;
    this.out = out;
  }

  /** Prints a function body without its last {@code end}. */
  void body(CodeSlice code, PrintedNames locals, Map<Integer, String> labelNames) {
    this.locals = locals;
    labels.clear();
    blocks = 0;
    InstructionReader in = new InstructionReader(code);
    in.next();
    while (!in.atEnd()) {
      boolean dedent =
          switch (in.opcode) {
            case END, ELSE, CATCH, CATCH_ALL, DELEGATE -> true;
            default -> false;
          };
      int depth = 2 + labels.size() - (dedent ? 1 : 0);
      out.append('\n').append("  ".repeat(Math.min(Math.max(depth, 2), MAX_INDENT)));
      print(in, labelNames);
      in.next();
    }
    if (!labels.isEmpty()) {
      throw new InvalidException("unexpected end of section or function", "code");
    }
  }

  /** Prints a constant expression on one line without its {@code end}. */
  void expression(CodeSlice code) {
    labels.clear();
    InstructionReader in = new InstructionReader(code);
    in.next();
    boolean first = true;
    while (!in.atEnd()) {
      out.append(first ? "" : " ");
      first = false;
      print(in, Map.of());
      in.next();
    }
  }

  private void print(InstructionReader in, Map<Integer, String> labelNames) {
    Opcode op = in.opcode;
    // The catch clauses of try_table mean labels outside of it, so they come before its own.
    switch (op) {
      case BLOCK, LOOP, IF, TRY, TRY_TABLE -> {
        String name = labelNames.get(blocks++);
        boolean named = name != null && !name.isEmpty();
        out.append(op.mnemonic());
        if (named) {
          out.append(' ').append(PrintedNames.identifier(name));
        }
        immediate(in);
        labels.add(named ? name : null);
      }
      case END, DELEGATE -> {
        if (labels.isEmpty()) {
          throw new InvalidException("unexpected end", "offset " + in.fileOffset());
        }
        labels.remove(labels.size() - 1);
        out.append(op.mnemonic());
        immediate(in);
      }
      default -> {
        out.append(op.mnemonic());
        immediate(in);
      }
    }
  }

  private StringBuilder space() {
    return out.append(' ');
  }

  private void immediate(InstructionReader in) {
    switch (in.opcode.immediate()) {
      case NONE, FENCE -> {}
      case BLOCK -> blockType(in);
      case LABEL -> label(in.index);
      case BR_TABLE -> {
        for (int target : in.labels) {
          label(target);
        }
      }
      case FUNC -> space().append(names.funcs.use(in.index));
      case TYPE -> space().append(types.use(in.index));
      case TYPE_TABLE -> {
        unlessZero(in.index2, names.tables);
        out.append(" (type ").append(types.use(in.index)).append(')');
      }
      case TAG -> space().append(names.tags.use(in.index));
      case LOCAL -> space().append(locals.use(in.index));
      case GLOBAL -> space().append(names.globals.use(in.index));
      case TABLE -> unlessZero(in.index, names.tables);
      case TABLE_TABLE -> pair(in, names.tables);
      case ELEM_TABLE -> {
        unlessZero(in.index2, names.tables);
        space().append(names.elems.use(in.index));
      }
      case ELEM -> space().append(names.elems.use(in.index));
      case DATA -> space().append(names.datas.use(in.index));
      case MEMORY -> unlessZero(in.index, names.memories);
      case MEMORY_MEMORY -> pair(in, names.memories);
      case DATA_MEMORY -> {
        unlessZero(in.index2, names.memories);
        space().append(names.datas.use(in.index));
      }
      case MEMARG -> memarg(in);
      case MEMARG_LANE -> {
        memarg(in);
        space().append(in.index2);
      }
      case LANE -> space().append(in.index);
      case SHUFFLE -> {
        for (int i = 0; i < 16; i++) {
          space().append((i < 8 ? in.value : in.value2) >>> i % 8 * 8 & 0xFF);
        }
      }
      case I32 -> space().append(in.index);
      case I64 -> space().append(in.value);
      case F32 -> space().append(FloatText.of((int) in.value));
      case F64 -> space().append(FloatText.of(in.value));
      case V128 ->
          out.append(
              String.format(
                  " i32x4 0x%08x 0x%08x 0x%08x 0x%08x",
                  (int) in.value,
                  (int) (in.value >>> 32),
                  (int) in.value2,
                  (int) (in.value2 >>> 32)));
      case HEAP -> heap(in);
      case SELECT -> {
        out.append(" (result");
        for (ValType type : in.types) {
          space().append(types.valType(type));
        }
        out.append(')');
      }
      case TYPE_FIELD -> {
        space().append(types.use(in.index));
        space().append(names.field(in.index, in.index2));
      }
      case TYPE_COUNT ->
          space()
              .append(types.use(in.index))
              .append(' ')
              .append(Integer.toUnsignedString(in.index2));
      case TYPE_DATA ->
          space().append(types.use(in.index)).append(' ').append(names.datas.use(in.index2));
      case TYPE_ELEM ->
          space().append(types.use(in.index)).append(' ').append(names.elems.use(in.index2));
      case TYPE_TYPE ->
          space().append(types.use(in.index)).append(' ').append(types.use(in.index2));
      case BR_ON_CAST -> {
        label(in.index);
        space().append(types.refType(in.castFrom));
        space().append(types.refType(in.castTo));
      }
      case TRY_TABLE -> {
        blockType(in);
        catches(in);
      }
    }
  }

  private void heap(InstructionReader in) {
    String type = types.heapType(in.heap);
    switch (in.opcode) {
      case REF_TEST, REF_CAST -> out.append(" (ref ").append(type).append(')');
      case REF_TEST_NULL, REF_CAST_NULL -> out.append(" (ref null ").append(type).append(')');
      default -> space().append(type);
    }
  }

  private void blockType(InstructionReader in) {
    if (in.blockType >= 0) {
      out.append(" (type ").append(types.use(in.blockType)).append(')');
    } else if (in.blockResult != null) {
      out.append(" (result ").append(types.valType(in.blockResult)).append(')');
    }
  }

  private void catches(InstructionReader in) {
    for (InstructionReader.CatchClause clause : in.catches) {
      out.append(clause.tag() < 0 ? " (catch_all" : " (catch").append(clause.ref() ? "_ref" : "");
      if (clause.tag() >= 0) {
        space().append(names.tags.use(clause.tag()));
      }
      label(clause.label());
      out.append(')');
    }
  }

  /** A label by name where that means the right block, else by number. */
  private void label(int depth) {
    int at = labels.size() - 1 - depth;
    String name = depth >= 0 && depth < MAX_NAMED && at >= 0 ? labels.get(at) : null;
    if (name != null && labels.lastIndexOf(name) == at) {
      space().append(PrintedNames.identifier(name));
    } else {
      space().append(Integer.toUnsignedString(depth));
    }
  }

  private void unlessZero(int index, PrintedNames space) {
    if (index != 0) {
      space().append(space.use(index));
    }
  }

  private void pair(InstructionReader in, PrintedNames space) {
    if (in.index != 0 || in.index2 != 0) {
      space().append(space.use(in.index)).append(' ').append(space.use(in.index2));
    }
  }

  private void memarg(InstructionReader in) {
    unlessZero(in.index, names.memories);
    if (in.offset != 0) {
      out.append(" offset=").append(Long.toUnsignedString(in.offset));
    }
    if (in.align != in.opcode.align()) {
      out.append(" align=").append(Long.toUnsignedString(1L << in.align));
    }
  }
}

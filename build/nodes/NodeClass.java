package nodes;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import nodes.Op.Kind;
import nodes.Op.Operand;

/** A class for one instruction, or for several in sequence. */
final class NodeClass {
  /** A part of a node: an instruction, and which of its operands are results of earlier parts. */
  record Part(Op op, int[] sources) {}

  final String name;
  private final List<Part> parts;
  private final boolean[] stored;
  private final boolean[] forwarded;
  private final StringBuilder fields = new StringBuilder();
  private final StringBuilder init = new StringBuilder();
  private final StringBuilder link = new StringBuilder();
  private final StringBuilder body = new StringBuilder();
  private int offset;

  NodeClass(String name, List<Part> parts, boolean[] stored) {
    this.name = name;
    this.parts = parts;
    this.stored = stored;
    this.forwarded = new boolean[parts.size()];
    for (Part part : parts) {
      for (int source : part.sources()) {
        if (source >= 0) {
          forwarded[source] = true;
        }
      }
    }
  }

  private void field(String type, String field, int word, String value) {
    fields.append("    private final " + type + " " + field + ";\n");
    init.append("      " + field + " = " + value.replace("@", "c[p + " + word + "]") + ";\n");
  }

  /** Fields for a part's operands; gives its code with the operands in it. */
  private String operands(int index) {
    Part part = parts.get(index);
    String suffix = parts.size() == 1 ? "" : String.valueOf(index);
    String code = part.op().code();
    int word = offset + 1;
    int number = 0;
    int slot = 0;
    for (Operand operand : part.op().operands()) {
      switch (operand.role()) {
        case 'd' -> {
          if (stored[index]) {
            field("int", "d" + suffix, word, "@");
          }
        }
        case 's' -> {
          int source = part.sources()[slot];
          String value;
          if (source >= 0) {
            value = convert(parts.get(source).op().result(), operand.type(), "v" + source);
          } else {
            String field = "abe".charAt(number) + suffix;
            field("int", field, word, "@");
            value = read(operand.type(), "st[fp + " + field + "]");
            code = code.replace("%" + number, "st[fp + " + field + " + 1]");
          }
          code = code.replace("$" + number, value);
          number++;
          slot++;
        }
        case 'i' -> {
          String field = "i" + number + suffix;
          String wide = "Node.wide(c, p + " + word + ")";
          String value =
              switch (operand.type()) {
                case 'l' -> wide;
                case 'd' -> "Double.longBitsToDouble(" + wide + ")";
                case 'f' -> "Float.intBitsToFloat(@)";
                default -> "@";
              };
          field(fieldType(operand), field, word, value);
          code = code.replace("$" + number, field);
          number++;
        }
        case 'w' -> field("int", "w" + suffix, word, "@");
        case 'n' -> {
          fields.append("    private " + code + " n" + suffix + ";\n");
          link.append("      n" + suffix + " = (" + code + ") linker.at(p + " + offset + ");\n");
        }
        case 'o', 'g' -> {
          field("int", operand.role() + suffix, word, "@");
          code = code.replace("$" + operand.role(), operand.role() + suffix);
        }
        case 't' -> {
          field("int", "w" + suffix, word + 1, "@");
          fields.append("    private Node t" + suffix + ";\n");
          link.append("      t" + suffix + " = linker.at(c[p + " + word + "]);\n");
        }
        default -> throw new IllegalStateException();
      }
      word += operand.words();
    }
    return code;
  }

  private void part(int index) {
    Op op = parts.get(index).op();
    String suffix = parts.size() == 1 ? "" : String.valueOf(index);
    String code = operands(index);
    switch (op.kind()) {
      case VALUE -> {
        String value = code;
        if (forwarded[index]) {
          body.append("      " + javaType(op.result()) + " v" + index + " = " + code + ";\n");
          value = "v" + index;
        }
        if (stored[index]) {
          body.append("      st[fp + d" + suffix + "] = " + write(op.result(), value) + ";\n");
        }
      }
      case VECTOR -> body.append(vectorBody(code));
      case EFFECT -> body.append("      " + code + "\n");
      case BRANCH ->
          body.append("      if (" + code + ") {\n" + jump(op, suffix, "        ") + "      }\n");
      case GOTO -> body.append(jump(op, suffix, "      "));
      case RETURN -> returns(suffix, code);
      case NODE -> body.append("      return n" + suffix + ".x(in, st, fp, mem);\n");
    }
    offset += op.words();
  }

  /** Goes back to the caller, with a value or without. */
  private void returns(String suffix, String value) {
    fields.append("    private int link;\n    private int units;\n");
    link.append("      link = linker.link;\n      units = linker.units;\n");
    body.append("      ExecStore store = in.store;\n");
    body.append("      store.fuel -= w" + suffix + ";\n      store.depth += units;\n");
    body.append("      int at = fp + link;\n");
    body.append("      CallNode site = (CallNode) store.refs[at];\n");
    body.append("      int caller = (int) st[at];\n");
    if (!value.isEmpty()) {
      body.append("      st[caller + site.result] = " + value + ";\n");
    }
    body.append("      store.fp = caller;\n      return site.next;\n");
  }

  String source() {
    List<Integer> sites = new ArrayList<>();
    boolean access = false;
    int at = 0;
    for (Part part : parts) {
      if (part.op().traps()) {
        sites.add(at);
        access |= part.op().kind() != Kind.NODE && !part.op().code().contains("Numeric");
      }
      at += part.op().words();
    }
    boolean several = sites.size() > 1;
    for (int i = 0; i < parts.size(); i++) {
      if (several && parts.get(i).op().traps() && offset != sites.get(0)) {
        body.append("      k = " + offset + ";\n");
      }
      part(i);
    }
    Kind last = parts.get(parts.size() - 1).op().kind();
    if (last != Kind.GOTO && last != Kind.RETURN && last != Kind.NODE) {
      body.append("      return next;\n");
    }
    StringBuilder text = new StringBuilder();
    String base = access ? "AccessNode" : "Node";
    text.append("  static final class " + name + " extends " + base + " {\n" + fields);
    text.append("\n    " + name + "(int[] c, int p) {\n" + init + "    }\n\n");
    if (!link.isEmpty()) {
      text.append("    @Override\n    void link(Linker linker, int[] c, int p) {\n");
      text.append(link).append("    }\n\n");
    }
    if (sites.size() == 1 && sites.get(0) > 0) {
      text.append(
          "    @Override\n    int site() {\n      return pc + " + sites.get(0) + ";\n    }\n\n");
    }
    text.append("    @Override\n    Node x(ModuleInstance in, long[] st, int fp, byte[] mem) {\n");
    if (several) {
      text.append("      int k = " + sites.get(0) + ";\n      try {\n" + body);
      text.append(
          "      } catch (RuntimeException e) {\n        throw new Fault(e, pc + k);\n      }\n");
    } else {
      text.append(body);
    }
    return text.append("    }\n  }\n").toString();
  }

  static String className(String name) {
    StringBuilder text = new StringBuilder();
    for (String part : name.split("_")) {
      text.append(part.charAt(0)).append(part.substring(1).toLowerCase(Locale.ROOT));
    }
    return text.toString();
  }

  private static String fieldType(Operand operand) {
    if (operand.role() != 'i') {
      return "int";
    }
    return switch (operand.type()) {
      case 'l' -> "long";
      case 'f' -> "float";
      case 'd' -> "double";
      default -> "int";
    };
  }

  private static String javaType(char type) {
    return switch (type) {
      case 'f' -> "float";
      case 'd' -> "double";
      case 'l' -> "long";
      default -> "int";
    };
  }

  /** A value of one type as the type that its bits in a slot would be read as. */
  private static String convert(char from, char to, String value) {
    if (from == to) {
      return value;
    }
    return switch ("" + from + to) {
      case "il" -> value;
      case "li" -> "(int) " + value;
      case "if" -> "Float.intBitsToFloat(" + value + ")";
      case "fi", "fl" -> "Float.floatToRawIntBits(" + value + ")";
      case "lf" -> "Float.intBitsToFloat((int) " + value + ")";
      case "ld" -> "Double.longBitsToDouble(" + value + ")";
      case "dl" -> "Double.doubleToRawLongBits(" + value + ")";
      case "di" -> "(int) Double.doubleToRawLongBits(" + value + ")";
      default -> throw new IllegalStateException(from + " read as " + to);
    };
  }

  private static String vectorBody(String code) {
    int parted = code.indexOf(';');
    if (parted < 0) {
      return "      long low = "
          + code
          + ";\n      st[fp + d] = low;\n      st[fp + d + 1] = low;\n";
    }
    return "      long low = "
        + code.substring(0, parted)
        + ";\n      long high = "
        + code.substring(parted + 1)
        + ";\n      st[fp + d] = low;\n      st[fp + d + 1] = high;\n";
  }

  private static String jump(Op op, String suffix, String indent) {
    boolean back = op.operands().get(op.operands().size() - 1).type() == 'b';
    String charge = "in.store.fuel -= w" + suffix;
    String target = "t" + suffix;
    if (back) {
      return indent
          + "if (("
          + charge
          + ") < 0) {\n"
          + indent
          + "  return poll(in, fp, "
          + target
          + ");\n"
          + indent
          + "}\n"
          + indent
          + "return "
          + target
          + ";\n";
    }
    return indent + charge + ";\n" + indent + "return " + target + ";\n";
  }

  private static String read(char type, String slot) {
    return switch (type) {
      case 'i' -> "(int) " + slot;
      case 'f' -> "Float.intBitsToFloat((int) " + slot + ")";
      case 'd' -> "Double.longBitsToDouble(" + slot + ")";
      default -> slot;
    };
  }

  private static String write(char type, String value) {
    return switch (type) {
      case 'f' -> "Float.floatToRawIntBits(" + value + ")";
      case 'd' -> "Double.doubleToRawLongBits(" + value + ")";
      default -> value;
    };
  }
}

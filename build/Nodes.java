import java.io.IOException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

/**
 * Generates the interpreter's node classes from the engine's table of instructions.
 *
 * <p>Usage: {@code java build/Nodes.java ENGINE_SOURCES SHAPES OUTPUT}. Written are {@code Ops}
 * (the lowered instructions with their tables) and {@code Nodes0}, {@code Nodes1}, ... with a class
 * for each. SHAPES lists the sequences that get a class of their own.
 */
public final class Nodes {
  private static final String PACKAGE = "dev.capsule.engine.interpreter";

  /** Classes per generated file: its factory method must stay small enough to be compiled. */
  private static final int CHUNK = 64;

  /** What an operand is: its name in code, and for those that are values its type. */
  record Operand(char role, char type) {
    int words() {
      return switch (role) {
        case 't' -> 2;
        case 'i' -> type == 'l' || type == 'd' ? 2 : 1;
        default -> 1;
      };
    }
  }

  enum Kind {
    VALUE,
    VECTOR,
    EFFECT,
    BRANCH,
    GOTO,
    RETURN,
    /** A node that exists already, and shapes may end with: {@code code} is its class. */
    NODE
  }

  /** A lowered instruction. In {@code code}, {@code $0} to {@code $9} are slots and immediates. */
  record Op(
      String name, Kind kind, List<Operand> operands, char result, String code, boolean traps) {
    int words() {
      return 1 + operands.stream().mapToInt(Operand::words).sum();
    }
  }

  private final Map<String, Op> ops = new LinkedHashMap<>();

  /** Tables from instruction name to lowered instruction, and between lowered instructions. */
  private final Map<String, String> slots = new LinkedHashMap<>();

  private final Map<String, String> immediates = new LinkedHashMap<>();
  private final Map<String, String> branches = new LinkedHashMap<>();
  private final Map<String, String> inverses = new LinkedHashMap<>();
  private final Map<String, String> swaps = new LinkedHashMap<>();

  public static void main(String[] args) throws Exception {
    Path out = Path.of(args[2]);
    Nodes nodes = new Nodes();
    nodes.fromTable(Path.of(args[0]));
    nodes.control();
    nodes.shapes(Files.readAllLines(Path.of(args[1])));
    Path folder = out.resolve(PACKAGE.replace('.', '/'));
    nodes.write(folder);
    writeDigest(folder, Path.of(args[0]), Path.of(args[1]));
  }

  /** What tells this build of the engine from others: a digest of its sources. */
  private static void writeDigest(Path folder, Path sources, Path shapes) throws Exception {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    digest.update(Files.readAllBytes(shapes));
    digest.update(Files.readAllBytes(Path.of(System.getProperty("jdk.launcher.sourcefile"))));
    List<Path> files;
    try (Stream<Path> all = Files.walk(sources)) {
      files = all.filter(file -> file.toString().endsWith(".java")).sorted().toList();
    }
    for (Path file : files) {
      digest.update(Files.readAllBytes(file));
    }
    Files.writeString(
        folder.resolve("SourceDigest.java"),
        """
        package %s;

        /** What tells this build of the engine from others: a digest of its sources. */
        public final class SourceDigest {
          /** The digest. */
          public static final String VALUE = value();

          private SourceDigest() {}

          /** Not a constant: other classes must not keep a copy of it. */
          private static String value() {
            return "%s";
          }
        }
        """
            .formatted(PACKAGE, HexFormat.of().formatHex(digest.digest())));
  }

  // From the table of instructions.

  private static final Map<String, String> EXPRESSIONS = new LinkedHashMap<>();

  static {
    String[][] table = {
      {"eqz", "$0 == 0"},
      {"eq", "$0 == $1"},
      {"ne", "$0 != $1"},
      {"lt", "$0 < $1"},
      {"gt", "$0 > $1"},
      {"le", "$0 <= $1"},
      {"ge", "$0 >= $1"},
      {"lt_s", "$0 < $1"},
      {"gt_s", "$0 > $1"},
      {"le_s", "$0 <= $1"},
      {"ge_s", "$0 >= $1"},
      {"lt_u", "@.compareUnsigned($0, $1) < 0"},
      {"gt_u", "@.compareUnsigned($0, $1) > 0"},
      {"le_u", "@.compareUnsigned($0, $1) <= 0"},
      {"ge_u", "@.compareUnsigned($0, $1) >= 0"},
      {"clz", "@.numberOfLeadingZeros($0)"},
      {"ctz", "@.numberOfTrailingZeros($0)"},
      {"popcnt", "@.bitCount($0)"},
      {"add", "$0 + $1"},
      {"sub", "$0 - $1"},
      {"mul", "$0 * $1"},
      {"div", "$0 / $1"},
      {"and", "$0 & $1"},
      {"or", "$0 | $1"},
      {"xor", "$0 ^ $1"},
      {"shl", "$0 << $1"},
      {"shr_s", "$0 >> $1"},
      {"shr_u", "$0 >>> $1"},
      {"rotl", "@.rotateLeft($0, #1)"},
      {"rotr", "@.rotateRight($0, #1)"},
      {"extend8_s", "(byte) $0"},
      {"extend16_s", "(short) $0"},
      {"extend32_s", "(int) $0"},
      {"extend_i32_s", "$0"},
      {"extend_i32_u", "$0 & 0xFFFFFFFFL"},
      {"convert_i32_s", "(~) $0"},
      {"convert_i64_s", "(~) $0"},
      {"demote_f64", "(float) $0"},
      {"promote_f32", "(double) $0"},
    };
    for (String[] row : table) {
      EXPRESSIONS.put(row[0], row[1]);
    }
  }

  private void fromTable(Path sources) throws Exception {
    Path classes = Files.createTempDirectory("nodes");
    try {
      Path engine = sources.resolve("dev/capsule/engine");
      List<String> arguments = new ArrayList<>(List.of("-proc:none", "-d", classes.toString()));
      for (String file :
          List.of(
              "module/Opcode",
              "module/Immediate",
              "module/Feature",
              "runtime/Trap",
              "runtime/TrapKind",
              "exec/Numeric")) {
        arguments.add(engine.resolve(file + ".java").toString());
      }
      try (Stream<Path> files = Files.list(engine.resolve("exec/simd"))) {
        files.forEach(file -> arguments.add(file.toString()));
      }
      int status =
          ToolProvider.getSystemJavaCompiler()
              .run(null, null, null, arguments.toArray(String[]::new));
      if (status != 0) {
        throw new IllegalStateException("the table of instructions does not compile");
      }
      try (URLClassLoader loader = new URLClassLoader(new URL[] {classes.toUri().toURL()})) {
        Class<?> opcode = loader.loadClass("dev.capsule.engine.module.Opcode");
        Class<?> shape = loader.loadClass("dev.capsule.engine.exec.simd.VectorShape");
        for (Object op : opcode.getEnumConstants()) {
          instruction(op, opcode, shape);
        }
      }
    } finally {
      try (Stream<Path> files = Files.walk(classes)) {
        for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
          Files.delete(file);
        }
      }
    }
  }

  private void instruction(Object op, Class<?> opcode, Class<?> shape) throws Exception {
    String name = ((Enum<?>) op).name();
    String signature = (String) opcode.getMethod("signature").invoke(op);
    String mnemonic = op.toString();
    String immediate = opcode.getMethod("immediate").invoke(op).toString();
    if (signature == null || signature.indexOf('p') >= 0 || mnemonic.indexOf('.') < 0) {
      return;
    }
    if (signature.indexOf('v') >= 0) {
      if (!immediate.equals("V128")) {
        vector(op, name, signature, immediate, shape);
      }
      return;
    }
    if (!immediate.equals("NONE") || !signature.matches("[ilfd]{1,2}:[ilfd]")) {
      return;
    }
    if (name.contains("REINTERPRET") || name.contains("WRAP")) {
      return; // Upper halves of slots may hold anything, so these do nothing.
    }
    numeric(name, mnemonic, signature);
  }

  private void numeric(String name, String mnemonic, String signature) {
    char type = signature.charAt(0);
    char result = signature.charAt(signature.length() - 1);
    String action = mnemonic.substring(4);
    String code = EXPRESSIONS.get(action);
    boolean traps =
        action.startsWith("div_") || action.startsWith("rem_") || action.matches("trunc_f.*");
    int arity = signature.indexOf(':');
    boolean compare = action.matches("(eq|ne|lt|gt|le|ge)(_[su])?");
    if (code == null || action.equals("div") && "il".indexOf(type) >= 0) {
      code = "Numeric." + camel(mnemonic) + (arity == 1 ? "($0)" : "($0, $1)");
    }
    if (name.equals("F64_SQRT")) {
      code = "Math.sqrt($0)";
    }
    code = code.replace("@", type == 'i' ? "Integer" : "Long");
    code = code.replace("~", result == 'f' ? "float" : "double");
    code = code.replace("#1", type == 'l' ? "(int) $1" : "$1");
    if (action.equals("eqz")) {
      return; // Lowered as a comparison with the immediate 0.
    }
    if (compare) {
      comparison(name, type, code);
      return;
    }
    List<Operand> operands = new ArrayList<>(List.of(new Operand('d', result)));
    for (int i = 0; i < arity; i++) {
      operands.add(new Operand('s', signature.charAt(i)));
    }
    slots.put(name, add(new Op(name, Kind.VALUE, List.copyOf(operands), result, code, traps)));
    if (arity == 2) {
      operands.set(2, new Operand('i', signature.charAt(1)));
      immediates.put(
          name, add(new Op(name + "_I", Kind.VALUE, List.copyOf(operands), result, code, traps)));
    }
  }

  private void comparison(String name, char type, String code) {
    String prefix = name.substring(0, 4);
    String action = name.substring(4);
    boolean integer = type == 'i' || type == 'l';
    String inverse =
        prefix
            + switch (action.substring(0, 2)) {
              case "EQ" -> "NE";
              case "NE" -> "EQ";
              case "LT" -> "GE" + action.substring(2);
              case "GT" -> "LE" + action.substring(2);
              case "LE" -> "GT" + action.substring(2);
              default -> "LT" + action.substring(2);
            };
    for (char role : new char[] {'s', 'i'}) {
      String suffix = role == 's' ? "" : "_I";
      Operand second = new Operand(role, type);
      Operand first = new Operand('s', type);
      String value =
          add(
              new Op(
                  name + suffix,
                  Kind.VALUE,
                  List.of(new Operand('d', 'i'), first, second),
                  'i',
                  code + " ? 1 : 0",
                  false));
      (role == 's' ? slots : immediates).put(name, value);
      branches.put(value, branch("BR_" + name + suffix, List.of(first, second), code));
      if (integer) {
        inverses.put(value, inverse + suffix);
      } else {
        branch("BR_NOT_" + name + suffix, List.of(first, second), "!(" + code + ")");
        inverses.put(value, "BR_NOT_" + name + suffix);
      }
    }
  }

  /** Adds a conditional branch forward, and behind it the one back to a loop's header. */
  private String branch(String name, List<Operand> sources, String code) {
    List<Operand> operands = new ArrayList<>(sources);
    operands.add(new Operand('t', 'f'));
    add(new Op(name, Kind.BRANCH, List.copyOf(operands), ' ', code, false));
    operands.set(operands.size() - 1, new Operand('t', 'b'));
    add(new Op("LOOP_" + name, Kind.BRANCH, List.copyOf(operands), ' ', code, false));
    return name;
  }

  private void vector(Object op, String name, String signature, String immediate, Class<?> shapes)
      throws Exception {
    Method of = shapes.getMethod("of", op.getClass());
    String shape = of.invoke(null, op).toString();
    Class<?> owner = (Class<?>) shapes.getMethod("owner", op.getClass()).invoke(null, op);
    String method =
        owner.getSimpleName() + "." + shapes.getMethod("method", op.getClass()).invoke(null, op);
    int lanes = (int) shapes.getMethod("lanesPerHalf", op.getClass()).invoke(null, op);
    int arity = signature.indexOf(':');
    char result = signature.charAt(signature.length() - 1);
    List<Operand> operands = new ArrayList<>(List.of(new Operand('d', result)));
    for (int i = 0; i < arity; i++) {
      operands.add(new Operand('s', signature.charAt(i)));
    }
    // $0 is a scalar or a low half, %0 a high half; low and high result are parted by a semicolon.
    String code =
        switch (shape) {
          case "LANES_1" -> method + "($0);" + method + "(%0)";
          case "LANES_2" -> method + "($0, $1);" + method + "(%0, %1)";
          case "LANES_3" -> method + "($0, $1, $2);" + method + "(%0, %1, %2)";
          case "SHIFT" -> method + "($0, $1);" + method + "(%0, $1)";
          case "CROSS_1" -> method + "Low($0, %0);" + method + "High($0, %0)";
          case "CROSS_2" -> method + "Low($0, %0, $1, %1);" + method + "High($0, %0, $1, %1)";
          case "SHUFFLE" -> method + "($0, %0, $1, %1, $2);" + method + "($0, %0, $1, %1, $3)";
          case "TEST" -> method + "($0, %0)";
          case "SPLAT" -> method + "($0)";
          case "EXTRACT" -> method + "($1 < L ? $0 : %0, $1 & (L - 1))";
          case "REPLACE" ->
              "$2 < L ? "
                  + method
                  + "($0, $2, $1) : $0;"
                  + "$2 < L ? %0 : "
                  + method
                  + "(%0, $2 - L, $1)";
          default -> throw new IllegalStateException(shape);
        };
    code = code.replace("L ", lanes + " ").replace("L)", lanes + ")").replace("- L", "- " + lanes);
    code = code.replace(lanes + " - 1", String.valueOf(lanes - 1));
    if (shape.equals("SHUFFLE")) {
      operands.add(new Operand('i', 'l'));
      operands.add(new Operand('i', 'l'));
    } else if (immediate.equals("LANE")) {
      operands.add(new Operand('i', 'i'));
    }
    slots.put(
        name,
        add(new Op(name, result == 'v' ? Kind.VECTOR : Kind.VALUE, operands, result, code, false)));
  }

  // Lowered instructions that stand for several, or for none.

  private void control() {
    load("LOAD8_S", 'i', "mem[" + at(1) + "]");
    load("LOAD8_U", 'i', "mem[" + at(1) + "] & 0xFF");
    load("LOAD16_S", 'i', "(short) ArrayMemory.SHORTS.get(mem, " + at(2) + ")");
    load("LOAD16_U", 'i', "(short) ArrayMemory.SHORTS.get(mem, " + at(2) + ") & 0xFFFF");
    load("LOAD32", 'i', "(int) ArrayMemory.INTS.get(mem, " + at(4) + ")");
    load("LOAD32_U", 'l', "(int) ArrayMemory.INTS.get(mem, " + at(4) + ") & 0xFFFFFFFFL");
    load("LOAD64", 'l', "(long) ArrayMemory.LONGS.get(mem, " + at(8) + ")");
    store("STORE8", 'i', "mem[" + at(1) + "] = (byte) $1;");
    store("STORE16", 'i', "ArrayMemory.SHORTS.set(mem, " + at(2) + ", (short) $1);");
    store("STORE32", 'i', "ArrayMemory.INTS.set(mem, " + at(4) + ", $1);");
    store("STORE64", 'l', "ArrayMemory.LONGS.set(mem, " + at(8) + ", $1);");
    Operand raw = new Operand('s', 'l');
    Operand dest = new Operand('d', 'l');
    add(new Op("MOVE", Kind.VALUE, List.of(dest, raw), 'l', "$0", false));
    add(new Op("CONST32", Kind.VALUE, List.of(dest, new Operand('i', 'i')), 'i', "$0", false));
    add(new Op("CONST64", Kind.VALUE, List.of(dest, new Operand('i', 'l')), 'l', "$0", false));
    add(
        new Op(
            "SELECT",
            Kind.VALUE,
            List.of(dest, raw, raw, new Operand('s', 'i')),
            'l',
            "$2 != 0 ? $0 : $1",
            false));
    Operand global = new Operand('g', ' ');
    add(new Op("GLOBAL_GET", Kind.VALUE, List.of(dest, global), 'l', "in.globals[$g].bits", false));
    add(
        new Op(
            "GLOBAL_SET",
            Kind.EFFECT,
            List.of(global, raw),
            ' ',
            "in.globals[$g].bits = $0;",
            false));
    branch("BR_IF", List.of(new Operand('s', 'i')), "$0 != 0");
    branch("BR_IF_NOT", List.of(new Operand('s', 'i')), "$0 == 0");
    add(new Op("GOTO", Kind.GOTO, List.of(new Operand('t', 'f')), ' ', "", false));
    add(new Op("LOOP_GOTO", Kind.GOTO, List.of(new Operand('t', 'b')), ' ', "", false));
    Operand charge = new Operand('w', ' ');
    add(new Op("RETURN_NONE", Kind.RETURN, List.of(charge), ' ', "", false));
    add(new Op("RETURN_NUMBER", Kind.RETURN, List.of(raw, charge), ' ', "$0", false));
    List<Operand> node = List.of(new Operand('n', ' '));
    add(new Op("BR_TABLE", Kind.NODE, node, ' ', "ControlNodes.BrTable", false));
    add(new Op("CALL", Kind.NODE, node, ' ', "CallNode.Interpreted", true));
  }

  /**
   * The index of an access to the memory's array, checked against the memory's size. What the check
   * leaves of the size is negative where no address is in bounds.
   */
  private static String at(int bytes) {
    String last = bytes == 1 ? "$o" : "($o + " + (bytes - 1) + ")";
    return "Objects.checkIndex($0, in.memory0.size - " + last + ") + $o";
  }

  private void load(String name, char type, String code) {
    add(
        new Op(
            name,
            Kind.VALUE,
            List.of(new Operand('d', type), new Operand('s', 'i'), new Operand('o', ' ')),
            type,
            code,
            true));
  }

  private void store(String name, char type, String code) {
    Operand address = new Operand('s', 'i');
    Operand offset = new Operand('o', ' ');
    add(
        new Op(
            name, Kind.EFFECT, List.of(address, new Operand('s', type), offset), ' ', code, true));
    add(
        new Op(
            name + "_I",
            Kind.EFFECT,
            List.of(address, new Operand('i', type), offset),
            ' ',
            code,
            true));
  }

  private String add(Op op) {
    if (ops.put(op.name, op) != null) {
      throw new IllegalStateException(op.name);
    }
    return op.name;
  }

  private static String camel(String mnemonic) {
    StringBuilder name = new StringBuilder();
    for (String part : mnemonic.split("[._]")) {
      name.append(
          name.isEmpty() ? part : Character.toUpperCase(part.charAt(0)) + part.substring(1));
    }
    return name.toString();
  }

  // The sources.

  private static String className(String name) {
    StringBuilder text = new StringBuilder();
    for (String part : name.split("_")) {
      text.append(part.charAt(0)).append(part.substring(1).toLowerCase(java.util.Locale.ROOT));
    }
    return text.toString();
  }

  private static String fieldType(Operand operand) {
    if (operand.role != 'i') {
      return "int";
    }
    return switch (operand.type) {
      case 'l' -> "long";
      case 'f' -> "float";
      case 'd' -> "double";
      default -> "int";
    };
  }

  /** A part of a node: an instruction, and which of its operands are results of earlier parts. */
  record Part(Op op, int[] sources) {}

  /** A class for one instruction, or for several in sequence. */
  private static final class NodeClass {
    private final String name;
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
        for (int source : part.sources) {
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
      String code = part.op.code;
      int word = offset + 1;
      int number = 0;
      int slot = 0;
      for (Operand operand : part.op.operands) {
        switch (operand.role) {
          case 'd' -> {
            if (stored[index]) {
              field("int", "d" + suffix, word, "@");
            }
          }
          case 's' -> {
            int source = part.sources[slot];
            String value;
            if (source >= 0) {
              value = convert(parts.get(source).op.result, operand.type, "v" + source);
            } else {
              String field = "abe".charAt(number) + suffix;
              field("int", field, word, "@");
              value = read(operand.type, "st[fp + " + field + "]");
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
                switch (operand.type) {
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
            field("int", operand.role + suffix, word, "@");
            code = code.replace("$" + operand.role, operand.role + suffix);
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
      Op op = parts.get(index).op;
      String suffix = parts.size() == 1 ? "" : String.valueOf(index);
      String code = operands(index);
      switch (op.kind) {
        case VALUE -> {
          String value = code;
          if (forwarded[index]) {
            body.append("      " + javaType(op.result) + " v" + index + " = " + code + ";\n");
            value = "v" + index;
          }
          if (stored[index]) {
            body.append("      st[fp + d" + suffix + "] = " + write(op.result, value) + ";\n");
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
        if (part.op.traps) {
          sites.add(at);
          access |= part.op.kind != Kind.NODE && !part.op.code.contains("Numeric");
        }
        at += part.op.words();
      }
      boolean several = sites.size() > 1;
      for (int i = 0; i < parts.size(); i++) {
        if (several && parts.get(i).op.traps && offset != sites.get(0)) {
          body.append("      k = " + offset + ";\n");
        }
        part(i);
      }
      Kind last = parts.get(parts.size() - 1).op.kind;
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
      text.append(
          "    @Override\n    Node x(ModuleInstance in, long[] st, int fp, byte[] mem) {\n");
      if (several) {
        text.append("      int k = " + sites.get(0) + ";\n      try {\n" + body);
        text.append(
            "      } catch (RuntimeException e) {\n        throw new Fault(e, pc + k);\n      }\n");
      } else {
        text.append(body);
      }
      return text.append("    }\n  }\n").toString();
    }
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

  // Sequences.

  /** A sequence that gets a class of its own. */
  record Shape(String name, List<Part> parts, List<Integer> keys, boolean[] stored) {}

  private final List<Shape> shapes = new ArrayList<>();

  /** Reads shapes, one a line: instructions, each with the parts that its operands come from. */
  private void shapes(List<String> lines) {
    for (String line : lines) {
      if (line.isBlank() || line.startsWith("#")) {
        continue;
      }
      List<Part> parts = new ArrayList<>();
      List<Integer> keys = new ArrayList<>();
      String[] words = line.strip().split(" +");
      boolean[] stored = new boolean[words.length];
      java.util.Arrays.fill(stored, true);
      for (String word : words) {
        String[] halves = word.split(":");
        Op op = ops.get(halves[0]);
        if (op == null) {
          throw new IllegalArgumentException("no instruction " + halves[0]);
        }
        String[] from = halves.length > 1 ? halves[1].split(",") : new String[0];
        int slotCount = (int) op.operands.stream().filter(o -> o.role == 's').count();
        int[] sources = new int[slotCount];
        int key = 0;
        for (int i = 0; i < slotCount; i++) {
          String source = i < from.length ? from[i] : "-";
          sources[i] = source.equals("-") ? -1 : Integer.parseInt(source.replace("!", ""));
          if (sources[i] >= 0) {
            key |= sources[i] + 1 << 4 * i;
            if (source.endsWith("!")) {
              key |= 1 << 12 + i;
              stored[sources[i]] = false;
            }
          }
        }
        parts.add(new Part(op, sources));
        keys.add(key);
      }
      shapes.add(new Shape("Shape" + shapes.size(), parts, keys, stored));
    }
  }

  private String shapesClass(int firstId, Map<String, Integer> ids) {
    List<int[]> transitions = new ArrayList<>();
    Map<String, Integer> states = new LinkedHashMap<>();
    List<Integer> accepts = new ArrayList<>(List.of(0));
    int longest = 1;
    for (int i = 0; i < shapes.size(); i++) {
      Shape shape = shapes.get(i);
      longest = Math.max(longest, shape.parts.size());
      int state = 0;
      for (int j = 0; j < shape.parts.size(); j++) {
        int op = ids.get(shape.parts.get(j).op.name);
        String key = state + " " + op + " " + shape.keys.get(j);
        Integer next = states.get(key);
        if (next == null) {
          next = accepts.size();
          accepts.add(0);
          states.put(key, next);
          transitions.add(new int[] {state, op, shape.keys.get(j), next});
        }
        state = next;
      }
      accepts.set(state, firstId + i);
    }
    StringBuilder text = new StringBuilder("package " + PACKAGE + ";\n\n");
    text.append(
        "/** The sequences that have a node class of their own. Generated by build/Nodes.java."
            + " */\n");
    text.append("final class Shapes {\n  static final int MAX_LENGTH = " + longest + ";\n\n");
    text.append("  /** By state: the operation of the sequence that ends there, or 0. */\n");
    text.append("  static final short[] ACCEPTS = {" + join(accepts) + "};\n\n");
    List<Integer> flat = new ArrayList<>();
    transitions.forEach(t -> java.util.Arrays.stream(t).forEach(flat::add));
    text.append("  /** State, operation, sources of its operands, next state. */\n");
    text.append("  private static final int[] STEPS = {" + join(flat) + "};\n\n");
    int size = Integer.highestOneBit(Math.max(8, transitions.size())) * 4;
    text.append("  private static final int[] TABLE = new int[" + size + "];\n\n");
    text.append(
        """
          static {
            for (int i = 0; i < STEPS.length; i += 4) {
              int at = hash(STEPS[i], STEPS[i + 1], STEPS[i + 2]);
              while (TABLE[at] != 0) {
                at = at + 1 & TABLE.length - 1;
              }
              TABLE[at] = i + 1;
            }
          }

          private Shapes() {}

          private static int hash(int state, int op, int sources) {
            int hash = (state * 1000003 + op) * 1000003 + sources;
            return (hash ^ hash >>> 15) & TABLE.length - 1;
          }

          /** The state behind an operation, or 0 where no sequence goes on so. */
          static int next(int state, int op, int sources) {
            for (int at = hash(state, op, sources); TABLE[at] != 0; at = at + 1 & TABLE.length - 1) {
              int i = TABLE[at] - 1;
              if (STEPS[i] == state && STEPS[i + 1] == op && STEPS[i + 2] == sources) {
                return STEPS[i + 3];
              }
            }
            return 0;
          }
        }
        """);
    return text.toString();
  }

  private static String join(List<Integer> numbers) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < numbers.size(); i++) {
      text.append(i == 0 ? "" : i % 40 == 0 ? ",\n    " : ", ").append(numbers.get(i));
    }
    return text.toString();
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
    boolean back = op.operands.get(op.operands.size() - 1).type == 'b';
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

  private void write(Path folder) throws IOException {
    Files.createDirectories(folder);
    try (Stream<Path> old = Files.list(folder)) {
      for (Path file : old.toList()) {
        Files.delete(file);
      }
    }
    List<Op> all = List.copyOf(ops.values());
    List<NodeClass> classes = new ArrayList<>();
    Map<String, Integer> ids = new LinkedHashMap<>();
    for (Op op : all) {
      int slotCount = (int) op.operands.stream().filter(o -> o.role == 's').count();
      int[] sources = new int[slotCount];
      java.util.Arrays.fill(sources, -1);
      classes.add(
          op.kind == Kind.NODE
              ? null
              : new NodeClass(
                  className(op.name), List.of(new Part(op, sources)), new boolean[] {true}));
      ids.put(op.name, classes.size());
    }
    for (Shape shape : shapes) {
      classes.add(new NodeClass(shape.name, shape.parts, shape.stored));
    }
    for (int chunk = 0; chunk * CHUNK < classes.size(); chunk++) {
      int from = chunk * CHUNK;
      List<NodeClass> part = classes.subList(from, Math.min(classes.size(), from + CHUNK));
      StringBuilder text = new StringBuilder("package " + PACKAGE + ";\n\n");
      for (String type :
          List.of(
              "exec.ArrayMemory",
              "exec.ExecStore",
              "exec.ModuleInstance",
              "exec.Numeric",
              "exec.simd.*")) {
        text.append("import dev.capsule.engine." + type + ";\n");
      }
      text.append("import java.util.Objects;\n\n");
      text.append("/** Generated by build/Nodes.java. */\nfinal class Nodes" + chunk + " {\n");
      text.append("  private Nodes" + chunk + "() {}\n\n");
      text.append("  static Node make(int op, int[] c, int p) {\n    return switch (op) {\n");
      for (int i = 0; i < part.size(); i++) {
        if (part.get(i) != null) {
          text.append("      case " + (1 + from + i) + " -> new " + part.get(i).name + "(c, p);\n");
        }
      }
      text.append("      default -> throw new AssertionError(op);\n    };\n  }\n");
      for (NodeClass node : part) {
        text.append(node == null ? "" : "\n" + node.source());
      }
      text.append("}\n");
      Files.writeString(folder.resolve("Nodes" + chunk + ".java"), text);
    }
    Files.writeString(folder.resolve("Ops.java"), opsClass(all, classes.size()));
    Files.writeString(folder.resolve("Shapes.java"), shapesClass(all.size() + 1, ids));
  }

  private String opsClass(List<Op> all, int classes) {
    Map<String, Integer> ids = new LinkedHashMap<>();
    StringBuilder text = new StringBuilder("package " + PACKAGE + ";\n\n");
    text.append("import dev.capsule.engine.module.Opcode;\n\n");
    text.append(
        "/** The lowered instructions. Generated by build/Nodes.java. */\nfinal class Ops {\n");
    StringBuilder words = new StringBuilder("2"); // The special instruction's.
    for (Op op : all) {
      ids.put(op.name, ids.size() + 1);
      words.append(", ").append(op.words());
      text.append("  static final int " + op.name + " = " + ids.size() + ";\n");
    }
    text.append("\n  /** Words that each takes in code. */\n");
    text.append("  static final byte[] WORDS = {" + words + "};\n\n");
    StringBuilder results = new StringBuilder("0");
    for (Op op : all) {
      results.append(op.kind == Kind.VALUE ? ", 1" : op.kind == Kind.VECTOR ? ", 2" : ", 0");
    }
    text.append(
        "  /** 1 where the first word is the slot of a number that is the result, 2 of a vector."
            + " */\n");
    text.append("  static final byte[] RESULT = {" + results + "};\n\n");
    StringBuilder sources = new StringBuilder("0");
    StringBuilder isBranch = new StringBuilder("false");
    StringBuilder isNode = new StringBuilder("true");
    for (Op op : all) {
      int mask = 0;
      int word = 0;
      for (Operand operand : op.operands) {
        mask |= operand.role == 's' ? 1 << word : 0;
        word += operand.words();
      }
      sources.append(", ").append(mask);
      isBranch.append(", ").append(op.kind == Kind.BRANCH);
      isNode.append(", ").append(op.kind == Kind.NODE);
    }
    text.append("  /** A bit for each word that is a slot to read. */\n");
    text.append("  static final byte[] SOURCES = {" + sources + "};\n\n");
    text.append("  /** Whether it is a conditional branch. */\n");
    text.append("  static final boolean[] IS_BRANCH = {" + isBranch + "};\n\n");
    text.append("  /** Whether it stands for a node that exists already. */\n");
    text.append("  static final boolean[] IS_NODE = {" + isNode + "};\n\n");
    text.append("  /** By instruction: the form with all operands in slots, or 0. */\n");
    text.append("  static final short[] SLOTS = new short[Opcode.values().length];\n\n");
    text.append("  /** By instruction: the form whose last operand is immediate, or 0. */\n");
    text.append("  static final short[] IMMEDIATE = new short[Opcode.values().length];\n\n");
    text.append("  /** By comparison: the branch taken where it holds, or 0. */\n");
    text.append("  static final short[] BRANCH = new short[" + (all.size() + 1) + "];\n\n");
    text.append("  /** By comparison: the branch taken where it does not hold, or 0. */\n");
    text.append("  static final short[] BRANCH_NOT = new short[" + (all.size() + 1) + "];\n\n");
    text.append("  /** By comparison: the opposite comparison, or 0. */\n");
    text.append("  static final short[] INVERSE = new short[" + (all.size() + 1) + "];\n\n");
    StringBuilder init = new StringBuilder();
    slots.forEach(
        (op, to) -> init.append("    SLOTS[Opcode." + op + ".ordinal()] = " + to + ";\n"));
    immediates.forEach(
        (op, to) -> init.append("    IMMEDIATE[Opcode." + op + ".ordinal()] = " + to + ";\n"));
    branches.forEach((op, to) -> init.append("    BRANCH[" + op + "] = " + to + ";\n"));
    inverses.forEach(
        (op, to) -> {
          if (to.startsWith("BR_")) {
            init.append("    BRANCH_NOT[" + op + "] = " + to + ";\n");
          } else {
            init.append("    INVERSE[" + op + "] = " + to + ";\n");
            init.append("    BRANCH_NOT[" + op + "] = BR_" + to + ";\n");
          }
        });
    text.append("  static {\n" + init + "  }\n\n");
    text.append("  private Ops() {}\n\n");
    text.append("  static Node make(int op, int[] c, int p) {\n");
    text.append("    return switch ((op - 1) / " + CHUNK + ") {\n");
    for (int chunk = 0; chunk * CHUNK < classes; chunk++) {
      text.append("      case " + chunk + " -> Nodes" + chunk + ".make(op, c, p);\n");
    }
    text.append("      default -> throw new AssertionError(op);\n    };\n  }\n}\n");
    return text.toString();
  }
}

package nodes;

import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import nodes.Op.Kind;
import nodes.Op.Operand;

/** The lowered instructions: from the engine's table, and those that it does not have. */
final class Instructions {
  final Map<String, Op> ops = new LinkedHashMap<>();

  /** Tables from instruction name to lowered instruction, and between lowered instructions. */
  final Map<String, String> slots = new LinkedHashMap<>();

  final Map<String, String> immediates = new LinkedHashMap<>();
  final Map<String, String> branches = new LinkedHashMap<>();
  final Map<String, String> inverses = new LinkedHashMap<>();

  Instructions(Path sources) throws Exception {
    fromTable(sources);
    control();
  }

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
    if (ops.put(op.name(), op) != null) {
      throw new IllegalStateException(op.name());
    }
    return op.name();
  }

  private static String camel(String mnemonic) {
    StringBuilder name = new StringBuilder();
    for (String part : mnemonic.split("[._]")) {
      name.append(
          name.isEmpty() ? part : Character.toUpperCase(part.charAt(0)) + part.substring(1));
    }
    return name.toString();
  }
}

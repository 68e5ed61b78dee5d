package dev.capsule.engine.compiler;

import static org.objectweb.asm.Opcodes.*;

import org.objectweb.asm.MethodVisitor;

/**
 * What generated code uses of the JDK's Vector API: vectors are then objects of class {@code
 * ByteVector}, which HotSpot keeps in registers of 128 bits. The API is in an incubator module,
 * which a JVM has only where it was started with {@code --add-modules jdk.incubator.vector}; so
 * generated code alone refers to it, by name.
 */
final class VectorApi {
  private static final String PACKAGE = "jdk/incubator/vector/";
  static final String BYTES = PACKAGE + "ByteVector";
  private static final String SPECIES = Names.descriptor(PACKAGE + "VectorSpecies");
  private static final String VECTOR = PACKAGE + "Vector";
  private static final String MASK = PACKAGE + "VectorMask";
  private static final String OPERATORS = PACKAGE + "VectorOperators";

  /** Earlier JDKs lack operations that saturate. */
  private static final int FIRST_JDK = 25;

  /** Whether the JVM has the API and registers to go with it. */
  static final boolean PRESENT = present();

  private VectorApi() {}

  private static boolean present() {
    if (Runtime.version().feature() < FIRST_JDK
        // Without the API's own check of bounds a guest could leave its memory.
        || Integer.getInteger("jdk.incubator.vector.VECTOR_ACCESS_OOB_CHECK", 2) == 0
        || ModuleLayer.boot().findModule("jdk.incubator.vector").isEmpty()) {
      return false;
    }
    try {
      Object preferred =
          Class.forName(BYTES.replace('/', '.')).getField("SPECIES_PREFERRED").get(null);
      Class<?> species = Class.forName(PACKAGE.replace('/', '.') + "VectorSpecies");
      // Less than 128 where HotSpot has no compiler that knows vectors.
      return (int) species.getMethod("vectorBitSize").invoke(preferred) >= 128;
    } catch (ReflectiveOperationException e) {
      return false;
    }
  }

  /** What a vector's lanes are. */
  enum Lanes {
    BYTES("Byte", "B", 8),
    SHORTS("Short", "S", 16),
    INTS("Int", "I", 32),
    LONGS("Long", "J", 64),
    FLOATS("Float", "F", 32),
    DOUBLES("Double", "D", 64);

    final String owner;
    final String type;
    final String descriptor;
    final int bits;
    private final String reinterpret;

    Lanes(String name, String type, int bits) {
      this.owner = PACKAGE + name + "Vector";
      this.descriptor = Names.descriptor(owner);
      this.type = type;
      this.bits = bits;
      this.reinterpret = "reinterpretAs" + name + "s";
    }
  }

  private static void invoke(MethodVisitor v, String owner, String name, String descriptor) {
    v.visitMethodInsn(INVOKEVIRTUAL, owner, name, descriptor, false);
  }

  /** Pops a vector of bytes; pushes it with other lanes. */
  static void as(MethodVisitor v, Lanes lanes) {
    if (lanes != Lanes.BYTES) {
      invoke(v, BYTES, lanes.reinterpret, "()" + lanes.descriptor);
    }
  }

  /** Pops a vector; pushes it as one of bytes. */
  static void asBytes(MethodVisitor v, Lanes lanes) {
    if (lanes != Lanes.BYTES) {
      invoke(v, lanes.owner, Lanes.BYTES.reinterpret, "()" + Lanes.BYTES.descriptor);
    }
  }

  /** Pushes an operator of a kind. */
  static void operator(MethodVisitor v, String kind, String name) {
    v.visitFieldInsn(GETSTATIC, OPERATORS, name, Names.descriptor(OPERATORS + "$" + kind));
  }

  /** Pushes an operator on two vectors. */
  static void binary(MethodVisitor v, String name) {
    boolean associative =
        switch (name) {
          case "ADD", "MUL", "MIN", "MAX", "UMIN", "UMAX", "AND", "OR", "XOR" -> true;
          default -> false;
        };
    operator(v, associative ? "Associative" : "Binary", name);
  }

  /** Pops a vector, an operator and a vector; pushes the result. */
  static void lanewise(MethodVisitor v, Lanes lanes) {
    lanewise(v, lanes, "$Binary;" + Names.descriptor(VECTOR));
  }

  /** Pops a vector, an operator and a value for all lanes; pushes the result. */
  static void lanewiseValue(MethodVisitor v, Lanes lanes) {
    lanewise(v, lanes, "$Binary;" + lanes.type);
  }

  /** Pops a vector; pushes the result of an operator on it. */
  static void unary(MethodVisitor v, Lanes lanes, String name) {
    operator(v, "Unary", name);
    lanewise(v, lanes, "$Unary;");
  }

  private static void lanewise(MethodVisitor v, Lanes lanes, String operands) {
    invoke(v, lanes.owner, "lanewise", "(L" + OPERATORS + operands + ")" + lanes.descriptor);
  }

  /** Pops two vectors; pushes a mask. */
  static void compare(MethodVisitor v, Lanes lanes) {
    String operands = "(L" + OPERATORS + "$Comparison;" + Names.descriptor(VECTOR) + ")";
    invoke(v, lanes.owner, "compare", operands + Names.descriptor(MASK));
  }

  /** Pops a vector, an operator and a value for all lanes; pushes a mask. */
  static void compareValue(MethodVisitor v, Lanes lanes) {
    String operands = "(L" + OPERATORS + "$Comparison;" + lanes.type + ")";
    invoke(v, lanes.owner, "compare", operands + Names.descriptor(MASK));
  }

  /** Pops a vector; pushes the mask of lanes that have a property. */
  static void test(MethodVisitor v, Lanes lanes, String property) {
    operator(v, "Test", property);
    invoke(v, lanes.owner, "test", "(L" + OPERATORS + "$Test;)" + Names.descriptor(MASK));
  }

  /** Pops a mask for lanes of a kind; pushes bytes, all ones or zeros in each lane. */
  static void maskBytes(MethodVisitor v, Lanes lanes) {
    if (lanes == Lanes.FLOATS || lanes == Lanes.DOUBLES) {
      // What is -1 there would be a number.
      species(v, lanes == Lanes.FLOATS ? Lanes.INTS : Lanes.LONGS);
      invoke(v, MASK, "cast", "(" + SPECIES + ")" + Names.descriptor(MASK));
    }
    invoke(v, MASK, "toVector", "()" + Names.descriptor(VECTOR));
    invoke(v, VECTOR, Lanes.BYTES.reinterpret, "()" + Lanes.BYTES.descriptor);
  }

  static void maskAny(MethodVisitor v) {
    invoke(v, MASK, "anyTrue", "()Z");
  }

  /** Pops a mask; pushes a long with a bit per lane. */
  static void maskBits(MethodVisitor v) {
    invoke(v, MASK, "toLong", "()J");
  }

  /** Pops two vectors and a mask; pushes the second's lanes where it is set. */
  static void blend(MethodVisitor v, Lanes lanes) {
    String operands = "(" + Names.descriptor(VECTOR) + Names.descriptor(MASK) + ")";
    invoke(v, lanes.owner, "blend", operands + lanes.descriptor);
  }

  /** Pops indices and a vector, both of bytes; pushes the bytes that the indices choose. */
  static void select(MethodVisitor v) {
    invoke(v, BYTES, "selectFrom", "(" + Names.descriptor(VECTOR) + ")" + Lanes.BYTES.descriptor);
  }

  /** Pops a vector; pushes what a conversion of its lanes to others of the same width gives. */
  static void convert(MethodVisitor v, Lanes lanes, String conversion) {
    operator(v, "Conversion", conversion);
    v.visitInsn(ICONST_0);
    String operands = "(L" + OPERATORS + "$Conversion;I)";
    invoke(v, lanes.owner, "convert", operands + Names.descriptor(VECTOR));
    invoke(v, VECTOR, Lanes.BYTES.reinterpret, "()" + Lanes.BYTES.descriptor);
  }

  static void species(MethodVisitor v, Lanes lanes) {
    v.visitFieldInsn(GETSTATIC, lanes.owner, "SPECIES_128", SPECIES);
  }

  /** Pops a species and a value; pushes the vector that has it in every lane. */
  static void broadcast(MethodVisitor v, Lanes lanes) {
    String descriptor = "(" + SPECIES + lanes.type + ")" + lanes.descriptor;
    v.visitMethodInsn(INVOKESTATIC, lanes.owner, "broadcast", descriptor, false);
  }

  /** Pops a vector and a lane's number; pushes the lane. */
  static void lane(MethodVisitor v, Lanes lanes) {
    invoke(v, lanes.owner, "lane", "(I)" + lanes.type);
  }

  /** Pops a vector, a lane's number and a value; pushes the vector with it. */
  static void withLane(MethodVisitor v, Lanes lanes) {
    invoke(v, lanes.owner, "withLane", "(I" + lanes.type + ")" + lanes.descriptor);
  }

  /** Pops a species, an array and an index. */
  static void load(MethodVisitor v) {
    String descriptor = "(" + SPECIES + "[BI)" + Lanes.BYTES.descriptor;
    v.visitMethodInsn(INVOKESTATIC, BYTES, "fromArray", descriptor, false);
  }

  /** Pops a vector, an array and an index. */
  static void store(MethodVisitor v) {
    invoke(v, BYTES, "intoArray", "([BI)V");
  }

  /** Makes a vector of constant halves. */
  static void constant(MethodVisitor v, long low, long high) {
    species(v, Lanes.LONGS);
    v.visitLdcInsn(low);
    broadcast(v, Lanes.LONGS);
    v.visitInsn(ICONST_1);
    v.visitLdcInsn(high);
    withLane(v, Lanes.LONGS);
    asBytes(v, Lanes.LONGS);
  }

  // Between both forms; the last scratch locals are not those of other code.

  private static final int LOW = 10;
  private static final int HIGH = 11;

  static void zero(MethodCode code) {
    species(code.visitor, Lanes.LONGS);
    code.op(LCONST_0);
    broadcast(code.visitor, Lanes.LONGS);
    asBytes(code.visitor, Lanes.LONGS);
  }

  /** Pops two halves; pushes a vector. */
  static void pack(MethodCode code) {
    code.storeLocal('J', code.scratch(HIGH));
    code.storeLocal('J', code.scratch(LOW));
    pack(
        code,
        () -> code.loadLocal('J', code.scratch(LOW)),
        () -> code.loadLocal('J', code.scratch(HIGH)));
  }

  /** Pushes the vector of two halves, each of which is pushed when it is needed. */
  static void pack(MethodCode code, Runnable low, Runnable high) {
    species(code.visitor, Lanes.LONGS);
    low.run();
    broadcast(code.visitor, Lanes.LONGS);
    code.op(ICONST_1);
    high.run();
    withLane(code.visitor, Lanes.LONGS);
    asBytes(code.visitor, Lanes.LONGS);
  }

  /** Pops a vector; pushes its halves. */
  static void unpack(MethodCode code) {
    as(code.visitor, Lanes.LONGS);
    code.storeLocal('A', code.scratch(LOW));
    for (int half = 0; half < 2; half++) {
      code.loadLocal('A', code.scratch(LOW));
      code.push(half);
      lane(code.visitor, Lanes.LONGS);
    }
  }

  /** Pushes half of a vector that is in a variable. */
  static void half(MethodCode code, int variable, int half) {
    code.get(variable);
    as(code.visitor, Lanes.LONGS);
    code.push(half);
    lane(code.visitor, Lanes.LONGS);
  }
}

package dev.capsule.engine.compiler;

import static org.objectweb.asm.Opcodes.*;

import dev.capsule.engine.exec.ExecStore;
import dev.capsule.engine.exec.FuncInstance;
import dev.capsule.engine.exec.FunctionCode;
import dev.capsule.engine.exec.StructLayout;
import dev.capsule.engine.module.Module;
import dev.capsule.engine.types.AbsHeapType;
import dev.capsule.engine.types.DefType;
import dev.capsule.engine.types.HeapType;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Type;

/**
 * A class that is being generated for a function: its constants, which the class takes from its
 * loader when it is initialised, and the small methods through which it calls what is not compiled
 * yet.
 */
final class ClassCode {
  private static final String INSTANCE = Names.descriptor(Names.INSTANCE);
  private static final String LOADER = Type.getInternalName(CodeLoader.class);
  private static final String OBJ = "Ljava/lang/Object;";
  private static final String LAYOUT = Names.descriptor(StructLayout.class);
  private static final String DEF_TYPE = Names.descriptor(DefType.class);

  final FunctionCode function;
  final Module module;
  final JvmSignature signature;
  final ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_MAXS);
  final String name;
  private final CodeLoader loader;
  private final int depthUnits;

  /** Constants by field name, with the code that makes each from the loader. */
  private final Map<String, Constant> constants = new LinkedHashMap<>();

  /** Vectors by field name, as two halves. */
  private final Map<String, long[]> vectors = new LinkedHashMap<>();

  private final Map<String, Runnable> helpers = new LinkedHashMap<>();

  /** Tables of numbers, by field name. */
  private final Map<String, int[]> tables = new LinkedHashMap<>();

  /** Numbers of a table in one string of at most 65,535 bytes. */
  private static final int TABLE_PART = 10_000;

  /** Whether the function calls nothing: then nobody looks at the call depth before it returns. */
  boolean leaf;

  /** What the function's Java frames take, in the store's units; known before its entry is. */
  int javaStack;

  /** The class of the function's frame where it is split; null else. */
  String frameClass;

  FrameLayout frameLayout;

  private record Constant(String descriptor, String method, int argument) {}

  ClassCode(FunctionCode function, CodeLoader loader, String name, int depthUnits) {
    this.function = function;
    this.module = function.module.module;
    this.signature = JvmSignature.of(function.type);
    this.loader = loader;
    this.name = name;
    this.depthUnits = depthUnits;
  }

  // Constants.

  private void constant(
      MethodVisitor to, String field, String descriptor, String method, int argument) {
    constants.putIfAbsent(field, new Constant(descriptor, method, argument));
    to.visitFieldInsn(GETSTATIC, name, field, descriptor);
  }

  void layout(MethodVisitor to, int type) {
    constant(to, "layout" + type, LAYOUT, "layout", type);
  }

  void type(MethodVisitor to, int type) {
    constant(to, "type" + type, DEF_TYPE, "type", type);
  }

  void heapType(MethodVisitor to, HeapType type) {
    if (type instanceof AbsHeapType abs) {
      String enumClass = Type.getInternalName(AbsHeapType.class);
      to.visitFieldInsn(GETSTATIC, enumClass, abs.name(), Names.descriptor(enumClass));
      return;
    }
    for (int i = 0; i < module.typeCount(); i++) {
      if (module.defType(i) == type) {
        type(to, i);
        return;
      }
    }
    throw new IllegalStateException("type " + type + " is not of this module");
  }

  /** Pushes a constant vector, an object of the Vector API. */
  void vector(MethodVisitor to, long low, long high) {
    String field = "vector" + Long.toHexString(low) + "_" + Long.toHexString(high);
    vectors.putIfAbsent(field, new long[] {low, high});
    to.visitFieldInsn(GETSTATIC, name, field, Names.descriptor(VectorApi.BYTES));
  }

  /** Static initialiser: takes the constants from the loader. */
  private void initialiser() {
    if (constants.isEmpty() && tables.isEmpty() && vectors.isEmpty()) {
      return;
    }
    MethodVisitor init = writer.visitMethod(ACC_STATIC, "<clinit>", "()V", null, null);
    init.visitCode();
    constants.forEach(
        (field, constant) -> {
          writer
              .visitField(ACC_STATIC | ACC_FINAL, field, constant.descriptor, null, null)
              .visitEnd();
          init.visitLdcInsn(Type.getObjectType(name));
          init.visitMethodInsn(
              INVOKEVIRTUAL,
              "java/lang/Class",
              "getClassLoader",
              "()Ljava/lang/ClassLoader;",
              false);
          init.visitTypeInsn(CHECKCAST, LOADER);
          init.visitLdcInsn(constant.argument);
          init.visitMethodInsn(
              INVOKEVIRTUAL, LOADER, constant.method, "(I)" + constant.descriptor, false);
          init.visitFieldInsn(PUTSTATIC, name, field, constant.descriptor);
        });
    tables.forEach((field, numbers) -> initialiseTable(init, field, numbers));
    vectors.forEach(
        (field, halves) -> {
          String type = Names.descriptor(VectorApi.BYTES);
          writer.visitField(ACC_STATIC | ACC_FINAL, field, type, null, null).visitEnd();
          VectorApi.constant(init, halves[0], halves[1]);
          init.visitFieldInsn(PUTSTATIC, name, field, type);
        });
    init.visitInsn(RETURN);
    init.visitMaxs(5, 0);
    init.visitEnd();
  }

  /** Pushes a table of numbers, which is a constant of the class, by the name of its field. */
  void table(MethodVisitor to, String field, int[] numbers) {
    tables.putIfAbsent(field, numbers);
    to.visitFieldInsn(GETSTATIC, name, field, "[I");
  }

  /** The numbers as text, which is how a class file holds them most compactly. */
  private void initialiseTable(MethodVisitor init, String field, int[] numbers) {
    writer.visitField(ACC_STATIC | ACC_FINAL, field, "[I", null, null).visitEnd();
    int parts = (numbers.length + TABLE_PART - 1) / TABLE_PART;
    push(init, parts);
    init.visitTypeInsn(ANEWARRAY, "java/lang/String");
    for (int part = 0; part < parts; part++) {
      StringBuilder text = new StringBuilder();
      int end = Math.min(numbers.length, (part + 1) * TABLE_PART);
      for (int i = part * TABLE_PART; i < end; i++) {
        text.append((char) (numbers[i] >>> 16)).append((char) numbers[i]);
      }
      init.visitInsn(DUP);
      push(init, part);
      init.visitLdcInsn(text.toString());
      init.visitInsn(AASTORE);
    }
    init.visitMethodInsn(INVOKESTATIC, Names.SUPPORT, "numbers", "([Ljava/lang/String;)[I", false);
    init.visitFieldInsn(PUTSTATIC, name, field, "[I");
  }

  // Calls.

  /**
   * The class with a function's compiled code, where it exists, or will when it is asked for; else
   * null.
   */
  String directClass(int index) {
    if (index < module.importedFuncs()) {
      return null;
    }
    FunctionCode callee = function.module.functions[index];
    return callee == function || loader.compilesAll() || callee.compiled != null
        ? Names.functionClass(index)
        : null;
  }

  String methodName(int index) {
    return loader.methodName(index);
  }

  /** Calls a function of the module, or an import, through the object that stands for it now. */
  void callHelper(MethodVisitor to, int index, JvmSignature callee) {
    boolean imported = index < module.importedFuncs();
    String method = (imported ? "import" : "call") + index;
    String descriptor = callee.descriptor(Names.CONTEXT);
    helpers.computeIfAbsent(
        method,
        key ->
            () -> {
              MethodVisitor v = helper(method, descriptor);
              int instance = paramSlots(callee) + 1;
              CallerFuel fuel = CallerFuel.NONE;
              if (imported) {
                v.visitVarInsn(ALOAD, instance);
                v.visitFieldInsn(
                    GETFIELD, Names.INSTANCE, "funcs", "[" + Names.descriptor(FUNC_INSTANCE));
                push(v, index);
                v.visitInsn(AALOAD);
                v.visitMethodInsn(
                    INVOKESTATIC, Names.SUPPORT, "callable", "(" + OBJ + ")" + OBJ, false);
              } else {
                // The object is called with exact fuel.
                fuel = CallerFuel.of(function.module.functions[index]);
                EntryCode.charge(v, instance, -fuel.before());
                constant(
                    v, "function" + index, Names.descriptor(Names.FUNCTION), "function", index);
                v.visitFieldInsn(GETFIELD, Names.FUNCTION, "entry", Names.descriptor(Names.BODY));
              }
              finish(v, callee, instance, -fuel.after());
            });
    to.visitMethodInsn(INVOKESTATIC, name, method, descriptor, false);
  }

  /** Calls through a table; the index lies above the arguments. */
  void indirectHelper(
      MethodVisitor to, int type, int table, boolean wideIndex, JvmSignature callee) {
    String method = "indirect" + type + "_" + table;
    String descriptor = callee.descriptor((wideIndex ? "J" : "I") + Names.CONTEXT);
    helpers.computeIfAbsent(
        method,
        key ->
            () -> {
              MethodVisitor v = helper(method, descriptor);
              int params = paramSlots(callee);
              if (!wideIndex && kinds() <= MAX_KINDS) {
                indirectByKind(v, type, table, callee, params);
                return;
              }
              int instance = params + (wideIndex ? 3 : 2);
              v.visitVarInsn(ALOAD, instance);
              push(v, table);
              v.visitVarInsn(wideIndex ? LLOAD : ILOAD, params);
              if (!wideIndex) {
                v.visitInsn(I2L);
                v.visitLdcInsn(0xFFFFFFFFL);
                v.visitInsn(LAND);
              }
              type(v, type);
              v.visitMethodInsn(
                  INVOKESTATIC,
                  Names.SUPPORT,
                  "indirect64",
                  "(" + INSTANCE + "IJ" + DEF_TYPE + ")" + OBJ,
                  false);
              finish(v, callee, instance, 0);
            });
    to.visitMethodInsn(INVOKESTATIC, name, method, descriptor, false);
  }

  /** Pairs of a table and a type; each may have an array of callables in each instance. */
  private long kinds() {
    return (long) module.tableCount() * module.typeCount();
  }

  /** With more of them callables are looked up in the table each time. */
  private static final int MAX_KINDS = 1 << 16;

  /**
   * An indirect call that looks first among the callables that earlier calls of the kind have found
   * at the table's indices: nothing is to be checked there but the index.
   */
  private void indirectByKind(
      MethodVisitor v, int type, int table, JvmSignature callee, int index) {
    String callable = loader.signatures().require(callee);
    int[] functions = bounded(loader.tableFunctions().of(type), index + 1);
    // Direct calls want no more of the receiver than what it is an object for.
    String receiverClass = functions.length == 0 ? callable : Names.BODY;
    String array = "[" + Names.descriptor(receiverClass);
    int instance = index + 2;
    int found = index + 3;
    int receiver = index + 4;
    int kind = table * module.typeCount() + type;
    Label slow = new Label();
    Label call = new Label();
    v.visitVarInsn(ALOAD, instance);
    push(v, kind);
    v.visitMethodInsn(
        INVOKESTATIC,
        Names.SUPPORT,
        "calls",
        "(" + INSTANCE + "I)[" + Names.descriptor(Names.BODY),
        false);
    if (functions.length == 0) {
      v.visitTypeInsn(CHECKCAST, array);
    }
    v.visitInsn(DUP);
    v.visitVarInsn(ASTORE, found);
    v.visitJumpInsn(IFNULL, slow);
    v.visitVarInsn(ILOAD, index);
    v.visitJumpInsn(IFLT, slow);
    v.visitVarInsn(ILOAD, index);
    v.visitVarInsn(ALOAD, found);
    v.visitInsn(ARRAYLENGTH);
    v.visitJumpInsn(IF_ICMPGE, slow);
    v.visitVarInsn(ALOAD, found);
    v.visitVarInsn(ILOAD, index);
    v.visitInsn(AALOAD);
    v.visitInsn(DUP);
    v.visitVarInsn(ASTORE, receiver);
    v.visitJumpInsn(IFNONNULL, call);
    v.visitLabel(slow);
    v.visitFrame(F_APPEND, 1, new Object[] {array}, 0, null);
    v.visitVarInsn(ALOAD, instance);
    push(v, table);
    v.visitVarInsn(ILOAD, index);
    type(v, type);
    push(v, kind);
    push(v, (int) kinds());
    v.visitMethodInsn(
        INVOKESTATIC,
        Names.SUPPORT,
        "indirect",
        "(" + INSTANCE + "II" + DEF_TYPE + "II)" + OBJ,
        false);
    v.visitTypeInsn(CHECKCAST, receiverClass);
    v.visitVarInsn(ASTORE, receiver);
    v.visitLabel(call);
    v.visitFrame(F_APPEND, 1, new Object[] {receiverClass}, 0, null);
    direct(v, functions, receiver, callee, instance);
    v.visitVarInsn(ALOAD, receiver);
    if (functions.length > 0) {
      v.visitTypeInsn(CHECKCAST, callable);
    }
    finishCall(v, callable, callee, instance, 0);
  }

  /** The bytes that direct calls may add to a helper. */
  private static final int MAX_DIRECT_BYTES = 1000;

  /**
   * Direct calls that helpers may still have: each takes constants, of which a class has 65,535.
   */
  private int directCalls = 1000;

  /** Those functions that a helper calls directly: all or none. */
  private int[] bounded(int[] functions, int parameters) {
    // With two charges.
    if (functions.length * (48 + 2 * parameters) > MAX_DIRECT_BYTES
        || functions.length > directCalls) {
      return new int[0];
    }
    directCalls -= functions.length;
    return functions;
  }

  /** Calls the receiver directly where it is one of a few functions, of the caller's instance. */
  private void direct(
      MethodVisitor v, int[] functions, int receiver, JvmSignature callee, int instance) {
    if (functions.length == 0) {
      return;
    }
    Label other = new Label();
    Label[] labels = new Label[functions.length];
    Arrays.setAll(labels, i -> new Label());
    v.visitVarInsn(ALOAD, receiver);
    v.visitFieldInsn(GETFIELD, Names.BODY, "instance", INSTANCE);
    v.visitVarInsn(ALOAD, instance);
    v.visitJumpInsn(IF_ACMPNE, other);
    v.visitVarInsn(ALOAD, receiver);
    v.visitFieldInsn(GETFIELD, Names.BODY, "function", "I");
    v.visitLookupSwitchInsn(other, functions, labels);
    for (int i = 0; i < functions.length; i++) {
      v.visitLabel(labels[i]);
      v.visitFrame(F_SAME, 0, null, 0, null);
      CallerFuel fuel = CallerFuel.of(function.module.functions[functions[i]]);
      EntryCode.charge(v, instance, fuel.before());
      loadParams(v, callee, 0);
      v.visitVarInsn(ILOAD, instance - 1);
      v.visitVarInsn(ALOAD, instance);
      // The receiver is of this class, so the call compiles nothing when it is linked.
      v.visitMethodInsn(
          INVOKESTATIC,
          Names.functionClass(functions[i]),
          methodName(functions[i]),
          callee.descriptor(Names.CONTEXT),
          false);
      EntryCode.charge(v, instance, fuel.after());
      v.visitInsn(returnOpcode(callee.returnKind()));
    }
    v.visitLabel(other);
    v.visitFrame(F_SAME, 0, null, 0, null);
  }

  /** Calls through a function reference, which lies above the arguments. */
  void referenceHelper(MethodVisitor to, int type, JvmSignature callee) {
    String method = "reference" + type;
    String descriptor = callee.descriptor(OBJ + Names.CONTEXT);
    helpers.computeIfAbsent(
        method,
        key ->
            () -> {
              MethodVisitor v = helper(method, descriptor);
              int params = paramSlots(callee);
              v.visitVarInsn(ALOAD, params);
              v.visitMethodInsn(
                  INVOKESTATIC, Names.SUPPORT, "callable", "(" + OBJ + ")" + OBJ, false);
              int[] functions = bounded(loader.tableFunctions().referenced(type), params + 1);
              if (functions.length > 0) {
                int receiver = params + 3;
                v.visitTypeInsn(CHECKCAST, Names.BODY);
                v.visitVarInsn(ASTORE, receiver);
                v.visitFrame(F_APPEND, 1, new Object[] {Names.BODY}, 0, null);
                direct(v, functions, receiver, callee, params + 2);
                v.visitVarInsn(ALOAD, receiver);
              }
              finish(v, callee, params + 2, 0);
            });
    to.visitMethodInsn(INVOKESTATIC, name, method, descriptor, false);
  }

  private static final String FUNC_INSTANCE = Type.getInternalName(FuncInstance.class);

  private MethodVisitor helper(String method, String descriptor) {
    MethodVisitor v =
        writer.visitMethod(
            ACC_PRIVATE | ACC_STATIC | ACC_SYNTHETIC, method, descriptor, null, null);
    v.visitCode();
    return v;
  }

  static int paramSlots(JvmSignature signature) {
    int slots = 0;
    if (!signature.wide()) {
      for (int i = 0; i < signature.params().length(); i++) {
        slots += JvmSignature.slots(signature.params().charAt(i));
      }
    }
    return slots;
  }

  /** Calls the object on the stack with the method's own arguments, charges, and returns. */
  private void finish(MethodVisitor v, JvmSignature callee, int instance, long charge) {
    String type = loader.signatures().require(callee);
    v.visitTypeInsn(CHECKCAST, type);
    finishCall(v, type, callee, instance, charge);
  }

  private static void finishCall(
      MethodVisitor v, String type, JvmSignature callee, int instance, long charge) {
    int at = loadParams(v, callee, 0);
    v.visitVarInsn(ILOAD, instance - 1);
    v.visitVarInsn(ALOAD, instance);
    v.visitMethodInsn(INVOKEVIRTUAL, type, Names.RUN, callee.descriptor(Names.CONTEXT), false);
    EntryCode.charge(v, instance, charge);
    v.visitInsn(returnOpcode(callee.returnKind()));
    v.visitMaxs(at + 7, instance + 3);
    v.visitEnd();
  }

  static int loadParams(MethodVisitor v, JvmSignature signature, int from) {
    int at = from;
    if (!signature.wide()) {
      for (char kind : signature.params().toCharArray()) {
        v.visitVarInsn(
            switch (kind) {
              case 'I' -> ILOAD;
              case 'J' -> LLOAD;
              case 'F' -> FLOAD;
              case 'D' -> DLOAD;
              default -> ALOAD;
            },
            at);
        at += JvmSignature.slots(kind);
      }
    }
    return at;
  }

  static int returnOpcode(char kind) {
    return switch (kind) {
      case 'I' -> IRETURN;
      case 'J' -> LRETURN;
      case 'F' -> FRETURN;
      case 'D' -> DRETURN;
      case 'A' -> ARETURN;
      default -> RETURN;
    };
  }

  static void push(MethodVisitor v, int value) {
    if (value >= 0 && value <= 5) {
      v.visitInsn(ICONST_0 + value);
    } else {
      v.visitLdcInsn(value);
    }
  }

  // Leaving the function.

  /** Returns the value on the JVM's stack, or nothing. */
  void returnValue(MethodCode code) {
    if (code.frame >= 0) {
      RegionCode.returnFromRegion(code, signature.returnKind());
    } else {
      code.op(returnOpcode(signature.returnKind()));
    }
  }

  /** Returns where the result does not matter, because a tail call will give it. */
  void returnNothing(MethodCode code) {
    if (signature.returnKind() != 'V') {
      code.zero(signature.returnKind());
    }
    returnValue(code);
  }

  int depthUnits() {
    return depthUnits;
  }

  /**
   * What a call takes of what callers pass on; see {@link ExecStore#left}. It is all that a store
   * has at most, so that what is left never wraps: a loop that is entered with nothing left, a call
   * from there, made again for fuel, take three times that from 0, more than -32,768.
   */
  int callUnits() {
    int stack = Math.max(javaStack, depthUnits * ExecStore.STACK_PER_DEPTH);
    return Math.min(stack, ExecStore.JAVA_STACK) << 16 | depthUnits;
  }

  // Frames of split functions.

  /** Pushes a variable of the frame on the stack, or pops a value into one of the frame below. */
  void frameField(MethodVisitor to, int opcode, int variable, char kind) {
    int at = frameLayout.inArray(variable);
    if (at < 0) {
      to.visitFieldInsn(opcode, frameClass, "v" + variable, JvmSignature.typeOf(kind));
      return;
    }
    if (opcode == PUTFIELD) {
      if (JvmSignature.slots(kind) == 2) {
        to.visitInsn(DUP2_X1);
        to.visitInsn(POP2);
      } else {
        to.visitInsn(SWAP);
      }
    }
    String array = kind == 'A' ? "[" + OBJ : "[J";
    to.visitFieldInsn(GETFIELD, frameClass, kind == 'A' ? "refs" : "bits", array);
    push(to, at);
    if (opcode == PUTFIELD) {
      String descriptor = "(" + JvmSignature.typeOf(kind) + array + "I)V";
      to.visitMethodInsn(INVOKESTATIC, Names.SUPPORT, "keep", descriptor, false);
    } else {
      to.visitInsn(kind == 'A' ? AALOAD : LALOAD);
      new MethodCode(to, null).fromBits(kind);
    }
  }

  byte[] finish() {
    // A helper may need constants, but no helper needs another.
    helpers.values().forEach(Runnable::run);
    initialiser();
    writer.visitEnd();
    return writer.toByteArray();
  }
}

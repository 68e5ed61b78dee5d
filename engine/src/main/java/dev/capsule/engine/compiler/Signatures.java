package dev.capsule.engine.compiler;

import static org.objectweb.asm.Opcodes.*;

import dev.capsule.engine.exec.ExecStore;
import dev.capsule.engine.exec.FuncInstance;
import java.lang.invoke.MethodHandles;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.concurrent.ConcurrentHashMap;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Type;

/**
 * The classes of signatures: for each way in which functions look to the JVM an abstract class with
 * a method {@code run}, so that calls through tables and references are virtual calls, across
 * modules and stores; and one that passes the call on through slots, to the interpreter or the
 * host.
 *
 * <p>They live in a loader of their own per engine, which loaders of code delegate to.
 */
final class Signatures extends ClassLoader {
  private static final String INSTANCE = Names.descriptor(Names.INSTANCE);
  private static final String STORE = Names.descriptor(Names.STORE);
  private static final String SLOTS = Type.getInternalName(SlotCallable.class);

  /** The constructor of a signature's class: the instance and the index of a function. */
  static final String MAKE = "(" + INSTANCE + "I)V";

  private static final String HOME = Names.PACKAGE + "Home";

  private static final int MAX_NAME = 100;

  /** Those whose classes exist. */
  private final ConcurrentHashMap<JvmSignature, String> known = new ConcurrentHashMap<>();

  /** By name of the class: those that stored code may ask for. */
  private final ConcurrentHashMap<String, JvmSignature> announced = new ConcurrentHashMap<>();

  Signatures() {
    super(Signatures.class.getClassLoader());
    Access.grant(this);
  }

  /** The name of the abstract class of a signature, which is made when first asked for. */
  String require(JvmSignature signature) {
    String name = known.get(signature);
    if (name != null) {
      return name;
    }
    // The JVM holds this lock, too, while it loads a class from here.
    synchronized (this) {
      name = known.get(signature);
      if (name == null) {
        name = make(signature);
        known.put(signature, name);
      }
      return name;
    }
  }

  /** Says that stored code may refer to the class of a signature. */
  void announce(JvmSignature signature) {
    announced.putIfAbsent(name(signature).replace('/', '.'), signature);
  }

  @Override
  protected Class<?> findClass(String name) throws ClassNotFoundException {
    JvmSignature signature = announced.get(name);
    if (signature == null) {
      throw new ClassNotFoundException(name);
    }
    require(signature);
    return findLoadedClass(name);
  }

  /** Names of long signatures are shortened, and kept apart by a digest: others must not match. */
  private static String name(JvmSignature signature) {
    String text = signature.name();
    if (text.length() > MAX_NAME) {
      byte[] digest = CodeCache.digest().digest(text.getBytes(StandardCharsets.UTF_8));
      text = text.substring(0, MAX_NAME / 2) + "_" + HexFormat.of().formatHex(digest);
    }
    return Names.PACKAGE + text;
  }

  /** An object that passes calls on to a function through slots. */
  Object slotCallable(FuncInstance function, int index, JvmSignature signature) {
    String name = require(signature) + "$Slots";
    try {
      return loadClass(name.replace('/', '.'))
          .getConstructor(FuncInstance.class, int.class)
          .newInstance(function, index);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("class " + name + " cannot be used", e);
    }
  }

  /** Lets classes be hidden among those of signatures; each goes when nothing refers to it. */
  MethodHandles.Lookup lookup() throws ReflectiveOperationException {
    synchronized (this) {
      if (findLoadedClass(HOME.replace('/', '.')) == null) {
        ClassWriter writer = new ClassWriter(0);
        writer.visit(V21, ACC_PUBLIC | ACC_FINAL | ACC_SUPER, HOME, null, Names.OBJECT, null);
        String descriptor = "()Ljava/lang/invoke/MethodHandles$Lookup;";
        MethodVisitor v =
            writer.visitMethod(ACC_PUBLIC | ACC_STATIC, "lookup", descriptor, null, null);
        v.visitCode();
        v.visitMethodInsn(
            INVOKESTATIC, "java/lang/invoke/MethodHandles", "lookup", descriptor, false);
        v.visitInsn(ARETURN);
        v.visitMaxs(1, 0);
        v.visitEnd();
        writer.visitEnd();
        define(HOME, writer.toByteArray());
      }
    }
    return (MethodHandles.Lookup)
        loadClass(HOME.replace('/', '.')).getMethod("lookup").invoke(null);
  }

  private String make(JvmSignature signature) {
    String name = name(signature);
    define(name, abstractClass(name, signature));
    define(name + "$Slots", slotsClass(name, signature));
    return name;
  }

  private void define(String name, byte[] bytes) {
    defineClass(name.replace('/', '.'), bytes, 0, bytes.length);
  }

  private byte[] abstractClass(String name, JvmSignature signature) {
    ClassWriter writer = new ClassWriter(0);
    writer.visit(V21, ACC_PUBLIC | ACC_ABSTRACT | ACC_SUPER, name, null, Names.BODY, null);
    MethodVisitor init = writer.visitMethod(ACC_PUBLIC, "<init>", MAKE, null, null);
    init.visitCode();
    init.visitVarInsn(ALOAD, 0);
    init.visitVarInsn(ALOAD, 1);
    init.visitVarInsn(ILOAD, 2);
    init.visitMethodInsn(INVOKESPECIAL, Names.BODY, "<init>", MAKE, false);
    init.visitInsn(RETURN);
    init.visitMaxs(3, 3);
    init.visitEnd();
    String descriptor = signature.descriptor(Names.CONTEXT);
    writer.visitMethod(ACC_PUBLIC | ACC_ABSTRACT, Names.RUN, descriptor, null, null).visitEnd();
    MethodVisitor once = writer.visitMethod(ACC_PUBLIC, Names.RUN_ONCE, descriptor, null, null);
    once.visitCode();
    once.visitVarInsn(ALOAD, 0);
    int at = ClassCode.loadParams(once, signature, 1);
    once.visitVarInsn(ILOAD, at);
    once.visitVarInsn(ALOAD, at + 1);
    once.visitMethodInsn(INVOKEVIRTUAL, name, Names.RUN, descriptor, false);
    once.visitInsn(ClassCode.returnOpcode(signature.returnKind()));
    once.visitMaxs(at + 2, at + 2);
    once.visitEnd();
    adapter(writer, name, signature, "call", Names.RUN);
    adapter(writer, name, signature, "callOrTail", Names.RUN_ONCE);
    writer.visitEnd();
    return writer.toByteArray();
  }

  /** {@code void method(ModuleInstance, ExecStore, int sp)}: takes arguments from slots. */
  private void adapter(
      ClassWriter writer, String name, JvmSignature signature, String method, String target) {
    MethodVisitor v =
        writer.visitMethod(
            ACC_PUBLIC | ACC_FINAL, method, "(" + INSTANCE + STORE + "I)V", null, null);
    v.visitCode();
    // Locals: this, instance, store, sp, saved sp, saved depth, saved Java stack, result.
    MethodCode code = new MethodCode(v, null);
    code.instance = 1;
    code.store = 2;
    Label start = new Label();
    Label end = new Label();
    Label handler = new Label();
    code.store();
    code.field(Names.STORE, "sp", "I");
    code.storeLocal('I', 4);
    code.store();
    code.field(Names.STORE, "depth", "I");
    code.storeLocal('I', 5);
    code.store();
    code.invoke(ExecStore.class, "javaStack", "()I");
    code.storeLocal('I', 6);
    code.store();
    code.loadLocal('I', 3);
    v.visitFieldInsn(PUTFIELD, Names.STORE, "sp", "I");
    v.visitTryCatchBlock(start, end, handler, "java/lang/Throwable");
    v.visitLabel(start);
    v.visitVarInsn(ALOAD, 0);
    int slot = 0;
    if (!signature.wide()) {
      for (char kind : signature.params().toCharArray()) {
        SlotCode.load(code, kind, slot++);
      }
    }
    code.depthLeft();
    code.instance();
    v.visitMethodInsn(INVOKEVIRTUAL, name, target, signature.descriptor(Names.CONTEXT), false);
    v.visitLabel(end);
    char kind = signature.returnKind();
    if (kind != 'V') {
      if (target.equals(Names.RUN_ONCE)) {
        // A tail call that was left has its arguments where the result would go.
        result(code, v, kind);
      } else {
        code.storeLocal(kind, 7);
        SlotCode.target(code, kind, 0);
        code.loadLocal(kind, 7);
        put(code, kind);
      }
    }
    restore(code, v);
    v.visitInsn(RETURN);
    v.visitLabel(handler);
    v.visitFrame(
        F_FULL,
        6,
        new Object[] {name, Names.INSTANCE, Names.STORE, INTEGER, INTEGER, INTEGER},
        1,
        new Object[] {"java/lang/Throwable"});
    code.store();
    code.op(SWAP);
    v.visitMethodInsn(
        INVOKESTATIC,
        Type.getInternalName(CompiledTraps.class),
        "translate",
        "(" + STORE + "Ljava/lang/Throwable;)Ljava/lang/Throwable;",
        false);
    v.visitInsn(ATHROW);
    v.visitMaxs(12 + 2 * signature.params().length(), 10);
    v.visitEnd();
  }

  private static void result(MethodCode code, MethodVisitor v, char kind) {
    Label left = new Label();
    code.storeLocal(kind, 7);
    code.store();
    v.visitFieldInsn(GETFIELD, Names.STORE, "tail", Names.descriptor(FuncInstance.class));
    v.visitJumpInsn(IFNONNULL, left);
    SlotCode.target(code, kind, 0);
    code.loadLocal(kind, 7);
    put(code, kind);
    v.visitLabel(left);
    Object[] saved = {INTEGER, INTEGER, INTEGER};
    v.visitFrame(F_APPEND, 3, saved, 0, null);
  }

  private static void put(MethodCode code, char kind) {
    if (kind == 'A') {
      code.op(AASTORE);
    } else {
      code.toBits(kind);
      code.op(LASTORE);
    }
  }

  private static void restore(MethodCode code, MethodVisitor v) {
    code.store();
    code.loadLocal('I', 4);
    v.visitFieldInsn(PUTFIELD, Names.STORE, "sp", "I");
    code.store();
    code.loadLocal('I', 5);
    v.visitFieldInsn(PUTFIELD, Names.STORE, "depth", "I");
    code.store();
    code.loadLocal('I', 6);
    code.invoke(ExecStore.class, "setJavaStack", "(I)V");
  }

  private byte[] slotsClass(String signatureClass, JvmSignature signature) {
    String name = signatureClass + "$Slots";
    ClassWriter writer = new ClassWriter(0);
    writer.visit(V21, ACC_PUBLIC | ACC_FINAL | ACC_SUPER, name, null, signatureClass, null);
    writer.visitField(ACC_PRIVATE | ACC_FINAL, "target", Names.descriptor(SLOTS), null, null);
    String func = Names.descriptor(FuncInstance.class);
    MethodVisitor init = writer.visitMethod(ACC_PUBLIC, "<init>", "(" + func + "I)V", null, null);
    init.visitCode();
    init.visitVarInsn(ALOAD, 0);
    init.visitInsn(ACONST_NULL);
    init.visitInsn(ICONST_M1);
    init.visitMethodInsn(INVOKESPECIAL, signatureClass, "<init>", MAKE, false);
    init.visitVarInsn(ALOAD, 0);
    init.visitTypeInsn(NEW, SLOTS);
    init.visitInsn(DUP);
    init.visitVarInsn(ALOAD, 1);
    init.visitVarInsn(ILOAD, 2);
    init.visitMethodInsn(INVOKESPECIAL, SLOTS, "<init>", "(" + func + "I)V", false);
    init.visitFieldInsn(PUTFIELD, name, "target", Names.descriptor(SLOTS));
    init.visitInsn(RETURN);
    init.visitMaxs(5, 3);
    init.visitEnd();

    MethodVisitor v =
        writer.visitMethod(ACC_PUBLIC, Names.RUN, signature.descriptor(Names.CONTEXT), null, null);
    v.visitCode();
    succeeded(v, name, signatureClass, signature);
    MethodCode code = leaveCompiledCode(v, signature);
    int params = signature.params().length();
    SlotMethods.arguments(code, signature, params, signature.results().length(), 1);
    code.loadLocal('A', 0);
    code.field(name, "target", Names.descriptor(SLOTS));
    code.instance();
    v.visitMethodInsn(INVOKEVIRTUAL, SLOTS, "invoke", "(" + INSTANCE + ")V", false);
    SlotMethods.result(code, signature);
    v.visitMaxs(10 + ClassCode.paramSlots(signature), code.instance + 3);
    v.visitEnd();
    writer.visitEnd();
    return writer.toByteArray();
  }

  /** Passes the call on to what has taken the place of the callable, if anything has. */
  private static void succeeded(
      MethodVisitor v, String name, String signatureClass, JvmSignature signature) {
    Label own = new Label();
    for (int i = 0; i < 2; i++) {
      v.visitVarInsn(ALOAD, 0);
      v.visitFieldInsn(GETFIELD, name, "target", Names.descriptor(SLOTS));
      v.visitFieldInsn(GETFIELD, SLOTS, "successor", Names.descriptor(Names.OBJECT));
      if (i == 0) {
        v.visitJumpInsn(IFNULL, own);
      }
    }
    v.visitTypeInsn(CHECKCAST, signatureClass);
    int left = ClassCode.loadParams(v, signature, 1);
    v.visitVarInsn(ILOAD, left);
    v.visitVarInsn(ALOAD, left + 1);
    v.visitMethodInsn(
        INVOKEVIRTUAL, signatureClass, Names.RUN, signature.descriptor(Names.CONTEXT), false);
    v.visitInsn(ClassCode.returnOpcode(signature.returnKind()));
    v.visitLabel(own);
    v.visitFrame(F_SAME, 0, null, 0, null);
  }

  /**
   * Begins the {@code run} of an object for what is not compiled: the store gets the call depth.
   */
  static MethodCode leaveCompiledCode(MethodVisitor v, JvmSignature signature) {
    MethodCode code = new MethodCode(v, null);
    code.left = 1 + ClassCode.paramSlots(signature);
    code.instance = code.left + 1;
    code.takeStore(code.instance + 1);
    code.storeDepth();
    return code;
  }
}

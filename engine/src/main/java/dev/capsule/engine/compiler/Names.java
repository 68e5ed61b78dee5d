package dev.capsule.engine.compiler;

import dev.capsule.engine.exec.CompiledBody;
import dev.capsule.engine.exec.ExecStore;
import dev.capsule.engine.exec.FunctionCode;
import dev.capsule.engine.exec.ModuleInstance;
import java.util.regex.Pattern;
import org.objectweb.asm.Type;

/** Names of classes as the JVM writes them, for generated code. */
final class Names {
  /** The package of generated classes. */
  static final String PACKAGE = "wasm/";

  /** What the binary names of functions' classes begin with; their indices follow. */
  static final String FUNCTIONS = PACKAGE.replace('/', '.') + "F";

  /** What the binary names of signatures' classes begin with. */
  static final String SIGNATURES = PACKAGE.replace('/', '.') + "S";

  static final String INSTANCE = Type.getInternalName(ModuleInstance.class);
  static final String STORE = Type.getInternalName(ExecStore.class);
  static final String FUNCTION = Type.getInternalName(FunctionCode.class);
  static final String BODY = Type.getInternalName(CompiledBody.class);
  static final String SUPPORT = Type.getInternalName(Support.class);
  static final String OBJECT = "java/lang/Object";

  /**
   * The parameters that compiled functions have after those of their type: what is left of the call
   * depth and for Java frames before the call ({@link ExecStore#left}), and the instance.
   */
  static final String CONTEXT = "I" + descriptor(INSTANCE);

  /** The method of a signature's class that runs a function with arguments as parameters. */
  static final String RUN = "run";

  /** The same, but a tail call may be left to the caller. */
  static final String RUN_ONCE = "runOnce";

  private static final ClassValue<String> INTERNAL =
      new ClassValue<>() {
        @Override
        protected String computeValue(Class<?> type) {
          return Type.getInternalName(type);
        }
      };

  private static final int MAX_NAME = 200;

  private Names() {}

  /** A class's name as the JVM writes it, the same string each time: making them takes time. */
  static String of(Class<?> type) {
    return INTERNAL.get(type);
  }

  static String descriptor(String internalName) {
    return "L" + internalName + ";";
  }

  /** The descriptor of a class. */
  static String descriptor(Class<?> type) {
    return descriptor(of(type));
  }

  /** The class that holds a function's code. */
  static String functionClass(int index) {
    return PACKAGE + "F" + index;
  }

  /** The index of the function whose code a class holds; -1 for other classes. */
  static int functionIndex(String className) {
    if (!FUNCTION_CLASS.matcher(className).matches()) {
      return -1;
    }
    return Integer.parseInt(className.substring(FUNCTIONS.length()));
  }

  private static final Pattern FUNCTION_CLASS =
      Pattern.compile(Pattern.quote(FUNCTIONS) + "\\d{1,9}");

  /** A Wasm name as a Java method name: what the JVM forbids becomes an underscore. */
  static String method(String name) {
    StringBuilder legal = new StringBuilder();
    for (int i = 0; i < Math.min(name.length(), MAX_NAME); i++) {
      char c = name.charAt(i);
      legal.append(".;[/<>:".indexOf(c) >= 0 || Character.isSurrogate(c) ? '_' : c);
    }
    if (legal.isEmpty() || RESERVED.matcher(legal).matches()) {
      legal.append('_');
    }
    return legal.toString();
  }

  /** Names of methods that generated classes have besides their function's. */
  private static final Pattern RESERVED =
      Pattern.compile(
          "(run|runOnce|callOrTail|resume|deep\\$|body\\$.*|(call|import|indirect|reference|region)\\w*)");
}

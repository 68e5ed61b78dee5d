package dev.capsule.engine.compiler;

import dev.capsule.engine.types.FuncType;
import dev.capsule.engine.types.ValType;
import java.util.List;

/**
 * How a function type looks to the JVM: kinds of parameters and results, vectors as two {@code J}.
 * The first result is the method's; further ones are left in the store's stack, in the slots where
 * a call through slots would leave them. A type with too many parameters for a method is
 * <em>wide</em>: its arguments and all results go through the store's stack from {@code store.sp}
 * on.
 */
record JvmSignature(String params, String results) {
  /**
   * The JVM allows 255, but a call through a table or a reference has up to three Java frames, and
   * where the JVM interprets, each keeps all parameters and pushes them once more: few such calls
   * would nest before the interpreter has to take over.
   */
  private static final int MAX_PARAMETER_SLOTS = 60;

  static JvmSignature of(FuncType type) {
    return new JvmSignature(kinds(type.params()), kinds(type.results()));
  }

  private static String kinds(List<ValType> types) {
    StringBuilder kinds = new StringBuilder();
    for (ValType type : types) {
      char kind = FunctionIr.kindOf(type);
      kinds.append(kind == 'V' ? "JJ" : String.valueOf(kind));
    }
    return kinds.toString();
  }

  boolean wide() {
    int slots = 0;
    for (int i = 0; i < params.length(); i++) {
      slots += slots(params.charAt(i));
    }
    return slots > MAX_PARAMETER_SLOTS;
  }

  static int slots(char kind) {
    return kind == 'J' || kind == 'D' ? 2 : 1;
  }

  /** The descriptor of a method with these parameters, then {@code last}. */
  String descriptor(String last) {
    StringBuilder text = new StringBuilder("(");
    if (!wide()) {
      for (int i = 0; i < params.length(); i++) {
        text.append(typeOf(params.charAt(i)));
      }
    }
    return text.append(last).append(')').append(returns()).toString();
  }

  /** The descriptor of what the method returns. */
  String returns() {
    return wide() || results.isEmpty() ? "V" : typeOf(results.charAt(0));
  }

  /** What the method returns: a kind, or {@code V} for nothing. */
  char returnKind() {
    return wide() || results.isEmpty() ? 'V' : results.charAt(0);
  }

  static String typeOf(char kind) {
    return kind == 'A' ? "Ljava/lang/Object;" : String.valueOf(kind);
  }

  /** A name for classes that serve this signature. */
  String name() {
    return "S" + params + "_" + results;
  }
}

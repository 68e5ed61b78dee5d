package dev.capsule.engine.compiler;

/** Lets generated classes reach the engine's own packages, which no other code may see. */
final class Access {
  private Access() {}

  /**
   * Opens what generated code calls to the classes of a loader; nothing to do on the class path.
   */
  static void grant(ClassLoader loader) {
    Module engine = Access.class.getModule();
    if (engine.isNamed()) {
      Module generated = loader.getUnnamedModule();
      for (String part : new String[] {"exec", "exec.simd", "compiler"}) {
        engine.addExports("dev.capsule.engine." + part, generated);
      }
    }
  }
}

package dev.capsule.benchmarks;

import java.util.List;

/**
 * An engine that runs guest languages.
 *
 * @param name as reports and the command line say it
 * @param kind whose it is
 */
record GuestEngine(String name, Kind kind) {
  /** Whose an engine is. */
  enum Kind {
    /** The native limit: the same module in node's V8. */
    V8,
    /** The programs in node itself, without WebAssembly. */
    NATIVE,
    /** This project's. */
    OWN,
    /** Another project's for the JVM. */
    PEER
  }

  /** The engine that the others are compared with. */
  static final GuestEngine V8 = new GuestEngine("v8", Kind.V8);

  /** This project's without any limit. */
  static final GuestEngine UNLIMITED = own("capsule-jit+off");

  static final List<GuestEngine> ALL =
      List.of(
          V8,
          own("capsule-tiered"),
          own("capsule-jit"),
          own("capsule-interpreter"),
          new GuestEngine("chicory-compiler", Kind.PEER),
          new GuestEngine("endive-compiler", Kind.PEER),
          new GuestEngine("graalwasm", Kind.PEER),
          new GuestEngine("chicory-interpreter", Kind.PEER),
          new GuestEngine("endive-interpreter", Kind.PEER),
          new GuestEngine("node", Kind.NATIVE));

  static GuestEngine own(String name) {
    return new GuestEngine(name, Kind.OWN);
  }

  boolean isPeer() {
    return kind == Kind.PEER;
  }

  boolean isInterpreter() {
    return name.endsWith("interpreter");
  }

  boolean needsNode() {
    return kind == Kind.V8 || kind == Kind.NATIVE;
  }
}

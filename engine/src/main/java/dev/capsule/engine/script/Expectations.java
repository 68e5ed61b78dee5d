package dev.capsule.engine.script;

import dev.capsule.engine.module.InvalidException;
import dev.capsule.engine.module.MalformedException;
import dev.capsule.engine.module.SyntaxException;
import dev.capsule.engine.module.WasmFormatException;
import java.util.List;

/** Compares what is wrong with what a script says should be wrong. */
final class Expectations {
  /**
   * Expectations of scripts that a later version of the language has changed. The scripts of the
   * threads proposal are those of 2.0, where a size was a number of 32 bits in the text; since 3.0
   * it has 64 bits, and validation rejects it.
   */
  private record Superseded(String expected, String now) {}

  private static final List<Superseded> SUPERSEDED =
      List.of(new Superseded("i32 constant out of range", "memory size must be at most"));

  private Expectations() {}

  /** A script may give more words than we do, or fewer, but they must begin alike. */
  static boolean sameWords(String expected, String actual) {
    return actual.startsWith(expected) || !actual.isEmpty() && expected.startsWith(actual);
  }

  /**
   * What is wrong with a rejection; empty where it is the expected one.
   *
   * @param malformed whether the module must be malformed, not only invalid
   */
  static String check(WasmFormatException error, boolean malformed, String expected) {
    String reason =
        switch (error) {
          case MalformedException e -> e.reason();
          case SyntaxException e -> e.reason();
          case InvalidException e -> e.reason();
        };
    boolean superseded =
        SUPERSEDED.stream().anyMatch(s -> s.expected.equals(expected) && reason.startsWith(s.now));
    if (superseded) {
      return "";
    }
    if (malformed == (error instanceof InvalidException)) {
      return (malformed ? "malformed" : "invalid")
          + " module expected (\""
          + expected
          + "\"), but it is "
          + (malformed ? "invalid: " : "malformed: ")
          + error.getMessage();
    }
    return sameWords(expected, reason)
        ? ""
        : "expected \"" + expected + "\", got \"" + error.getMessage() + "\"";
  }
}

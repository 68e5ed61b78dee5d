package dev.capsule.engine.script;

import java.util.List;

/**
 * What came of a script. Counted are assertions, modules that must instantiate, and actions; other
 * commands only when they fail.
 *
 * @param skipped commands that could not be tried
 * @param failures in the order of the script, except that a thread's come when it is waited for
 */
public record ScriptReport(int passed, int failed, int skipped, List<Failure> failures) {
  public ScriptReport {
    failures = List.copyOf(failures);
  }

  /** A command that failed; {@code line} counts from 1. */
  public record Failure(int line, String reason) {}

  /** The report of a script that could not be parsed. */
  public static ScriptReport unreadable(int line, String reason) {
    return new ScriptReport(0, 1, 0, List.of(new Failure(line, reason)));
  }
}

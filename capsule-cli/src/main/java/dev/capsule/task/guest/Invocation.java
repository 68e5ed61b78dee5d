package dev.capsule.task.guest;

import java.util.List;

/**
 * One call of one task.
 *
 * @param task the name of a declared task
 * @param args text of a JSON array, the positional arguments
 * @param kwargs text of a JSON object, the keyword arguments
 * @param argv the command line as the guest sees it, without the program's name; empty for
 *     sub-tasks
 */
public record Invocation(String task, String args, String kwargs, List<String> argv) {
  /** Keeps its own copy of the command line. */
  public Invocation {
    argv = List.copyOf(argv);
  }
}

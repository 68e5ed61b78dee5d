package dev.capsule.task.guest;

/**
 * An interpreter that runs tasks of one language, each in a fresh sandbox. Safe for use by many
 * threads. The user's code sees the program's sources, the grants and the host, and nothing else of
 * the machine.
 */
public interface GuestRuntime {

  /** The language it runs. */
  Language language();

  /** Changes with anything that could change a {@link Build}: interpreter, SDK, transpiler. */
  String identity();

  /**
   * Loads the program once, without running a task, and tells what it declares. Calls of sub-tasks
   * and HTTP requests made while loading fail in the guest. Grants for this hold no directories and
   * no variables.
   *
   * @throws LoadException if the program does not load within the grants
   */
  Build build(Program program, Grants grants);

  /**
   * Runs one task to its end and frees its sandbox. A guest that fails gives a reply that says so,
   * whatever it did; exceptions are faults of the host. Host calls that are still open when the
   * task ends are cancelled.
   */
  GuestReply run(
      Program program, Build build, Invocation invocation, Grants grants, GuestHost host);
}

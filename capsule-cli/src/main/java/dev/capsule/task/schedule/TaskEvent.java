package dev.capsule.task.schedule;

import dev.capsule.task.envelope.Envelope;

/** Something that happened to an attempt of a task. */
public sealed interface TaskEvent {

  /** The attempt's name in the trace. */
  String id();

  /** The task's name. */
  String task();

  /** How deep the task was called; main is at depth 1. */
  int depth();

  /**
   * Its code begins to run.
   *
   * @param id the attempt's name in the trace
   * @param task the task's name
   * @param depth how deep it was called
   * @param attempt 0, then 1 for the first retry
   */
  record Started(String id, String task, int depth, int attempt) implements TaskEvent {}

  /**
   * It ended, one way or the other.
   *
   * @param id the attempt's name in the trace
   * @param task the task's name
   * @param depth how deep it was called
   * @param envelope its report
   * @param retried whether another attempt follows
   */
  record Ended(String id, String task, int depth, Envelope envelope, boolean retried)
      implements TaskEvent {}

  /** Hears events, on the thread of the task they are about. Must be quick and not throw. */
  @FunctionalInterface
  interface Listener {
    /** Takes one event. */
    void on(TaskEvent event);
  }
}

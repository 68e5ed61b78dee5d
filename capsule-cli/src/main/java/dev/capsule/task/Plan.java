package dev.capsule.task;

import dev.capsule.task.policy.Limits;
import dev.capsule.task.project.Project;
import dev.capsule.task.schedule.Run;
import dev.capsule.task.schedule.TaskRegistry;
import java.util.List;
import java.util.Optional;

/**
 * What would run, and with which rights, before anything does.
 *
 * @param project where the program belongs
 * @param program the entry file within the program's sources
 * @param files the source files that loading the program read
 * @param registry its tasks and their policies
 * @param entry the task that a run begins with
 * @param limits the operator's ceilings
 * @param mounts directories for every task
 * @param built whether the program was built just now
 */
public record Plan(
    Project project,
    String program,
    List<String> files,
    TaskRegistry registry,
    Optional<TaskRegistry.Entry> entry,
    Limits limits,
    List<Run.Mount> mounts,
    boolean built) {
  /** Keeps its own copy of the lists. */
  public Plan {
    files = List.copyOf(files);
    mounts = List.copyOf(mounts);
  }
}

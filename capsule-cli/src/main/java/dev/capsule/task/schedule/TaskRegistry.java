package dev.capsule.task.schedule;

import dev.capsule.task.guest.Build;
import dev.capsule.task.guest.TaskDeclaration;
import dev.capsule.task.policy.InvalidConfigException;
import dev.capsule.task.policy.Limits;
import dev.capsule.task.policy.Policy;
import dev.capsule.task.policy.TaskConfig;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The tasks of a program and their policies. Made by the host from what the program declared when
 * it was loaded without grants; a running guest cannot add to it.
 *
 * @param tasks in the order of declaration
 */
public record TaskRegistry(Map<String, Entry> tasks) {
  /** The name of the task that a run begins with. */
  public static final String MAIN = "main";

  /**
   * One task.
   *
   * @param declaration what the program said
   * @param config the same, understood
   * @param policy what the task may use
   */
  public record Entry(TaskDeclaration declaration, TaskConfig config, Policy policy) {}

  /** Keeps its own copy, in order. */
  public TaskRegistry {
    tasks = Collections.unmodifiableMap(new LinkedHashMap<>(tasks));
  }

  /**
   * The registry of a build.
   *
   * @throws InvalidConfigException naming task, key and value, if any configuration is not accepted
   */
  public static TaskRegistry of(Build build, TaskConfig defaults, Limits limits) {
    Map<String, Entry> tasks = new LinkedHashMap<>();
    List<String> errors = new ArrayList<>();
    for (TaskDeclaration declaration : build.tasks()) {
      try {
        TaskConfig config = TaskConfig.parse(declaration.config());
        Policy policy = Policy.of(declaration.name(), config, defaults, limits);
        tasks.put(declaration.name(), new Entry(declaration, config, policy));
      } catch (InvalidConfigException e) {
        errors.add(e.in(place(declaration)).getMessage());
      }
    }
    if (!errors.isEmpty()) {
      throw new InvalidConfigException("config", String.join("\n", errors));
    }
    return new TaskRegistry(tasks);
  }

  /** The task that a run begins with: the one called main, else the first. */
  public Optional<Entry> entry() {
    return Optional.ofNullable(tasks.get(MAIN)).or(() -> tasks.values().stream().findFirst());
  }

  /** The task of that name. */
  public Optional<Entry> find(String name) {
    return Optional.ofNullable(tasks.get(name));
  }

  /** The names of all tasks, for messages. */
  public String names() {
    return tasks.isEmpty() ? "none" : String.join(", ", tasks.keySet());
  }

  private static String place(TaskDeclaration declaration) {
    String where = declaration.file();
    if (declaration.line() > 0) {
      where += ":" + declaration.line();
    }
    return where + ", task \"" + declaration.name() + "\"";
  }
}

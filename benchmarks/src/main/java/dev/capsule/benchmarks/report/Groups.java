package dev.capsule.benchmarks.report;

import dev.capsule.benchmarks.GroupRun;
import dev.capsule.benchmarks.Measurement;
import dev.capsule.benchmarks.MeasurementFile;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The groups of a run, in the order in which a report shows them, and what they are called. */
final class Groups {
  /** The engine that others are compared with where it takes part. */
  static final String V8 = "v8";

  /** What limits are compared with: none at all. */
  static final String UNLIMITED = "capsule-jit+off";

  /** The group whose measurements are curves. */
  static final String WARM_UP = "warm-up";

  private static final Map<String, String> TITLES = new LinkedHashMap<>();

  static {
    TITLES.put("python", "Whole programs on CPython");
    TITLES.put("javascript", "Whole programs on QuickJS");
    TITLES.put("kernels", "Kernels");
    TITLES.put("engine", "Before code runs");
    TITLES.put(WARM_UP, "Warm-up");
    TITLES.put("start", "Start of an interpreter");
    TITLES.put("commands", "Start of a command");
    TITLES.put("tasks", "Tasks in one JVM");
    TITLES.put("memory", "Memory");
    TITLES.put("limits", "What limits cost");
    TITLES.put("stops", "Time after a deadline");
  }

  private Groups() {}

  static Map<String, List<Measurement>> of(MeasurementFile run) {
    Map<String, List<Measurement>> groups = new LinkedHashMap<>();
    TITLES.keySet().forEach(each -> groups.put(each, new ArrayList<>()));
    run.measurements()
        .forEach(each -> groups.computeIfAbsent(each.group(), g -> new ArrayList<>()).add(each));
    groups.values().removeIf(List::isEmpty);
    return groups;
  }

  static String title(String group) {
    return TITLES.getOrDefault(
        group, Character.toUpperCase(group.charAt(0)) + group.substring(1).replace('-', ' '));
  }

  /**
   * What engines are compared by: the groups of programs, and the warm-up's programs one by one.
   */
  static Map<String, List<Measurement>> compared(MeasurementFile run) {
    Map<String, List<Measurement>> columns = new LinkedHashMap<>();
    for (Measurement each : run.measurements()) {
      switch (each.group()) {
        case "python", "javascript", "kernels" -> columns.putIfAbsent(each.group(), List.of());
        case WARM_UP -> columns.putIfAbsent(each.group() + ", " + each.name(), List.of());
        default -> {}
      }
    }
    columns.replaceAll(
        (column, none) ->
            run.measurements().stream()
                .filter(
                    each ->
                        column.equals(each.group())
                            || column.equals(each.group() + ", " + each.name()))
                .toList());
    return columns;
  }

  /** The command that measures a group anew. */
  static String command(MeasurementFile run, String group) {
    GroupRun how = run.groups().get(group);
    if (how != null) {
      return how.command();
    }
    boolean quick = "quick".equals(run.machine().get("run"));
    return "./capsule-bench" + (quick ? " --quick" : "") + " --groups " + group;
  }

  /** The command that measures anew what has this name. */
  static String command(MeasurementFile run, Measurement one) {
    if (one.group().equals("stops")) {
      return command(run, one.group());
    }
    int end = one.name().indexOf(": ");
    String program = end < 0 ? one.name() : one.name().substring(0, end);
    boolean isMemory = one.group().equals("memory") && one.name().endsWith("programs");
    boolean isPeersStart =
        one.group().equals("start") && one.name().endsWith("process") && isPeer(one.engine());
    if (isMemory || isPeersStart) {
      // Measured along with the programs.
      return command(run, program);
    }
    String command = command(run, one.group());
    if (command.contains(" --programs ")) {
      return command;
    }
    return command + " --programs " + (program.contains(" ") ? '"' + program + '"' : program);
  }

  private static boolean isPeer(String engine) {
    return !engine.startsWith("capsule") && !engine.equals(V8) && !engine.equals("node");
  }
}

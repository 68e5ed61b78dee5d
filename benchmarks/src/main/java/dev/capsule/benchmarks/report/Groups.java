package dev.capsule.benchmarks.report;

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

  private static final Map<String, String> TITLES = new LinkedHashMap<>();

  static {
    TITLES.put("python", "Whole programs on CPython");
    TITLES.put("javascript", "Whole programs on QuickJS");
    TITLES.put("kernels", "Kernels");
    TITLES.put("engine", "Before code runs");
    TITLES.put("warm-up", "Warm-up");
    TITLES.put("start", "Start of an interpreter");
    TITLES.put("commands", "Start of a command");
    TITLES.put("tasks", "Tasks in one JVM");
    TITLES.put("memory", "Memory");
    TITLES.put("limits", "What limits cost");
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

  /** The command that measures a group anew. */
  static String command(String group, boolean quick) {
    return "./capsule-bench" + (quick ? " --quick" : "") + " --groups " + group;
  }
}

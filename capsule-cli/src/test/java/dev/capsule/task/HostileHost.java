package dev.capsule.task;

import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A process with little memory that runs the named tasks of a program one after the other, each
 * followed by one called fine, and writes a line about each. Its memory is the test's measure.
 */
final class HostileHost {
  private HostileHost() {}

  /** Arguments: the program; then for each task its name, or name=ARGUMENT. */
  public static void main(String[] args) {
    Path program = Path.of(args[0]);
    try (Capsule capsule = Capsule.builder().withoutTrace().build()) {
      for (int i = 1; i < args.length; i++) {
        String[] parts = args[i].split("=");
        AtomicLong printed = new AtomicLong();
        TaskRequest request =
            TaskRequest.file(program)
                .workingDirectory(program.getParent())
                .environment(Map.of())
                .limits(limits -> limits.with("max_tasks", "6").with("max_depth", "3"))
                .limits(limits -> limits.with("max_output", "2MB").with("max_result", "1MB"))
                .output((bytes, at, length) -> printed.addAndGet(length), (bytes, at, length) -> {})
                .task(parts[0])
                .json(parts.length > 1 ? "[" + parts[1] + "]" : "[]", "{}");
        TaskResult result = capsule.start(request).join();
        String outcome =
            result.isSuccess()
                ? "ok\t" + result.json()
                : result.error().get().errorType() + "\t" + result.error().get().message();
        TaskResult next = capsule.start(request.task("fine").json("[]", "{}")).join();
        System.out.println(
            String.join("\t", parts[0], next.json(), Long.toString(printed.get()), outcome)
                .replace('\n', ' '));
      }
    }
  }
}

package dev.capsule.benchmarks;

import dev.capsule.task.Capsule;
import dev.capsule.task.TaskRequest;
import dev.capsule.task.TaskResult;
import dev.capsule.task.TaskRun;
import dev.capsule.task.guest.OutputSink;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Tasks through {@link Capsule}, in a process of its own: what an embedder measures. */
public final class TaskProcess {
  private static final String ENGINE = "capsule";
  private static final int FAN_OUT_SHARE = 10;
  private static final int LIVE_SANDBOXES = 16;
  private static final int PATIENCE_SECONDS = 120;

  private final GuestLanguage language;
  private final Path program;
  private final int starts;
  private final int smallTasks;
  private final List<Measurement> measurements = new ArrayList<>();

  private TaskProcess(GuestLanguage language, Path program, int starts, int smallTasks) {
    this.language = language;
    this.program = program;
    this.starts = starts;
    this.smallTasks = smallTasks;
  }

  /**
   * Arguments: tasks or memory; the language, the program, how many tasks to start one after the
   * other and how many side by side, a file for the measurements.
   */
  public static void main(String[] arguments) {
    TaskProcess process =
        new TaskProcess(
            GuestLanguage.valueOf(arguments[1]),
            Path.of(arguments[2]),
            Integer.parseInt(arguments[3]),
            Integer.parseInt(arguments[4]));
    if (arguments[0].equals("memory")) {
      process.memory();
    } else {
      process.tasks();
    }
    MeasurementFile.of(process.measurements).write(Path.of(arguments[5]));
  }

  private TaskRequest request(String task, String array) {
    return TaskRequest.file(program)
        .workingDirectory(program.getParent())
        .task(task)
        .json(array, "{}");
  }

  private static String succeeded(TaskResult result) {
    if (!result.isSuccess()) {
      throw new BenchmarkException("a task failed: " + result);
    }
    return result.json();
  }

  private void tasks() {
    try (Capsule capsule = Capsule.builder().withoutTrace().build()) {
      Supplier<String> small = () -> succeeded(capsule.start(request("small", "[20]")).join());
      List<Double> first = new ArrayList<>();
      String result = timed(first, small);
      add("first task in a new JVM", "ms", first, 0, result);

      List<Double> each = new ArrayList<>();
      for (int i = 0; i < starts; i++) {
        timed(each, small);
      }
      add("one task after another", "ms", each, starts / 2, result);

      many(capsule, result);

      int width = smallTasks / FAN_OUT_SHARE;
      List<Double> fans = new ArrayList<>();
      String sum = "";
      for (int i = 0; i < 3; i++) {
        sum = timed(fans, () -> succeeded(capsule.start(request("fan", "[" + width + "]")).join()));
      }
      add("fan-out to " + width + " sub-tasks", "ms", fans, 1, sum);
    }
  }

  /** As many at a time as the pool has places: what a server does that is never idle. */
  private void many(Capsule capsule, String result) {
    int parallel = Math.max(2, Runtime.getRuntime().availableProcessors());
    BlockingQueue<Long> millionths = new ArrayBlockingQueue<>(smallTasks);
    CountDownLatch left = new CountDownLatch(smallTasks);
    List<Thread> clients = new ArrayList<>();
    BlockingQueue<Integer> work = new ArrayBlockingQueue<>(smallTasks);
    for (int i = 0; i < smallTasks; i++) {
      work.add(i);
    }
    long start = System.nanoTime();
    for (int i = 0; i < parallel; i++) {
      clients.add(
          Thread.ofPlatform()
              .daemon()
              .start(
                  () -> {
                    while (work.poll() != null) {
                      long at = System.nanoTime();
                      succeeded(capsule.start(request("small", "[20]")).join());
                      millionths.add(System.nanoTime() - at);
                      left.countDown();
                    }
                  }));
    }
    await(left, PATIENCE_SECONDS * 5);
    double all = (System.nanoTime() - start) / 1e6;
    List<Double> latencies = millionths.stream().map(nanos -> nanos / 1e6).toList();
    add("each of " + smallTasks + " tasks, " + parallel + " at a time", "ms", latencies, 0, result);
    add(smallTasks + " tasks in all, " + parallel + " at a time", "ms", List.of(all), 0, result);
  }

  /** What the heap holds for sandboxes that wait, beyond what it holds for none. */
  private void memory() {
    try (Capsule capsule = Capsule.builder().withoutTrace().parallel(LIVE_SANDBOXES).build()) {
      succeeded(capsule.start(request("small", "[20]")).join());
      double before = usedMegabytes();
      CountDownLatch live = new CountDownLatch(LIVE_SANDBOXES);
      OutputSink printed = (bytes, offset, length) -> live.countDown();
      List<TaskRun> runs = new ArrayList<>();
      for (int i = 0; i < LIVE_SANDBOXES; i++) {
        runs.add(capsule.start(request("wait", "[]").output(printed, OutputSink.discard())));
      }
      await(live, PATIENCE_SECONDS);
      double each = (usedMegabytes() - before) / LIVE_SANDBOXES;
      runs.forEach(TaskRun::cancel);
      measurements.add(
          new Measurement(
              "memory", language.id() + ": a live sandbox", ENGINE, "MB", List.of(each), 0, ""));
    }
  }

  private static double usedMegabytes() {
    var memory = ManagementFactory.getMemoryMXBean();
    for (int i = 0; i < 3; i++) {
      memory.gc();
    }
    return memory.getHeapMemoryUsage().getUsed() / 1e6;
  }

  private static void await(CountDownLatch latch, int seconds) {
    try {
      if (!latch.await(seconds, TimeUnit.SECONDS)) {
        throw new BenchmarkException("not finished after " + seconds + " s");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BenchmarkException("interrupted");
    }
  }

  private static String timed(List<Double> millis, Supplier<String> action) {
    long start = System.nanoTime();
    String result = action.get();
    millis.add((System.nanoTime() - start) / 1e6);
    return result;
  }

  private void add(String name, String unit, List<Double> samples, int warmup, String result) {
    measurements.add(
        new Measurement(
            "tasks", language.id() + ": " + name, ENGINE, unit, samples, warmup, result));
  }
}

package dev.capsule.benchmarks;

import dev.capsule.engine.module.Module;
import dev.capsule.engine.runtime.Engine;
import dev.capsule.engine.runtime.Func;
import dev.capsule.engine.runtime.Linker;
import dev.capsule.engine.runtime.Store;
import dev.capsule.engine.runtime.Trap;
import dev.capsule.engine.runtime.TrapKind;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** How long after its deadline code of every kind still runs, in a process of its own. */
public final class StopProcess {
  private static final int TIMES = 10;
  private static final Duration DEADLINE = Duration.ofMillis(60);

  /** What does not end by itself. */
  private enum Work {
    LOOP("an empty loop", "", "(loop (br 0))"),
    TAIL_CALLS(
        "two functions that tail-call one another",
        "(func $a (return_call $b)) (func $b (return_call $a))",
        "(call $a)"),
    FILL(
        "memory.fill of 1 GiB",
        "(memory 16384)",
        "(loop (memory.fill (i32.const 0) (i32.const 1) (i32.const 0x40000000)) (br 0))"),
    COPY(
        "memory.copy of 1 GiB",
        "(memory 16384)",
        "(loop (memory.copy (i32.const 0) (i32.const 1) (i32.const 0x3fffffff)) (br 0))"),
    WAIT(
        "memory.atomic.wait",
        "(memory 1 1 shared)",
        "(drop (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const -1)))"),
    GROW(
        "memory.grow by 500 MB",
        "(memory 1)",
        "(drop (memory.grow (i32.const 8000))) (loop (br 0))"),
    TABLE(
        "table.fill of 9 million elements",
        "(table 9000000 funcref)",
        "(loop (table.fill (i32.const 0) (ref.null func) (i32.const 9000000)) (br 0))"),
    FRAMES(
        "calls of a function with 50,000 locals",
        "(func $big (local" + " i64".repeat(50_000) + "))",
        "(loop (call $big) (br 0))");

    private final String description;
    private final String text;

    Work(String description, String definitions, String body) {
      this.description = description;
      this.text = "(module " + definitions + " (func (export \"run\") " + body + "))";
    }
  }

  private StopProcess() {}

  /** Arguments: the engine, a file for the measurements. */
  public static void main(String[] arguments) {
    CapsuleVariant variant = CapsuleVariant.of(arguments[0]);
    Engine engine = variant.engine();
    List<Measurement> measurements = new ArrayList<>();
    for (Work work : Work.values()) {
      Module module = Module.parse(work.text);
      List<Double> millis = new ArrayList<>();
      for (int i = 0; i < TIMES; i++) {
        millis.add(millisTooLong(variant.store(engine), module));
      }
      measurements.add(
          new Measurement("stops", work.description, arguments[0], "ms", millis, 0, "stopped"));
    }
    MeasurementFile.of(measurements).write(Path.of(arguments[1]));
  }

  private static double millisTooLong(Store store, Module module) {
    Func run = new Linker().instantiate(store, module).func("run");
    long due = System.nanoTime() + DEADLINE.toNanos();
    store.setDeadline(DEADLINE);
    try {
      run.call();
    } catch (Trap trap) {
      if (trap.kind() == TrapKind.DEADLINE) {
        return (System.nanoTime() - due) / (double) TimeUnit.MILLISECONDS.toNanos(1);
      }
      throw trap;
    }
    throw new BenchmarkException("ended by itself");
  }
}

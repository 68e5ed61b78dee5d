package dev.capsule.task.guest;

import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * All that one sandbox may use. What is not listed is not there.
 *
 * @param fuel for the task's own code; start-up of the interpreter is not charged
 * @param ram bytes that the linear memory may grow to
 * @param maxResult bytes that the text of the result may have
 * @param preopens directories, none unless granted
 * @param environment variables, none unless granted
 * @param stdout standard output
 * @param stderr standard error
 * @param seed if present: randomness comes from this seed and clocks are virtual
 * @param cancellation when to stop
 */
public record Grants(
    long fuel,
    long ram,
    long maxResult,
    List<Preopen> preopens,
    Map<String, String> environment,
    OutputSink stdout,
    OutputSink stderr,
    OptionalLong seed,
    Cancellation cancellation) {
  /** Keeps its own copy of both collections. */
  public Grants {
    preopens = List.copyOf(preopens);
    environment = Map.copyOf(environment);
  }
}

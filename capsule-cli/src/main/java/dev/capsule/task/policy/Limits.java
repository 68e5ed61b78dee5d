package dev.capsule.task.policy;

import dev.capsule.wasi.http.HostPattern;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The operator's ceilings. The first group bounds what any one task may use, whatever it declares;
 * the second bounds a run, the main task with all its sub-tasks; the third, what the host carries.
 * Nothing is unlimited unless the operator leaves it so here.
 *
 * @param compute fuel of a task
 * @param ram bytes of a task; also what a task gets that declares none
 * @param timeout of each attempt, if any
 * @param hosts which hosts tasks may be granted; empty means whatever they declare
 * @param files which directories tasks may be granted, likewise
 * @param env which variables tasks may be granted, likewise
 * @param maxTasks attempts of all tasks of a run
 * @param maxDepth how deep tasks may call tasks; main is at depth 1
 * @param maxRequests HTTP requests of a run
 * @param maxDownload bytes of response bodies of a run
 * @param maxUpload bytes of request bodies of a run
 * @param maxOutput bytes that a task may print to each of its two streams; more is dropped
 * @param maxResult bytes of the text of a result
 */
public record Limits(
    long compute,
    long ram,
    Optional<Duration> timeout,
    Optional<List<HostPattern>> hosts,
    Optional<List<PathSpec>> files,
    Optional<List<String>> env,
    int maxTasks,
    int maxDepth,
    int maxRequests,
    long maxDownload,
    long maxUpload,
    long maxOutput,
    long maxResult) {

  /** The keys, as {@code [limits]} of capsule.toml and {@code --limit} know them. */
  public static final List<String> KEYS =
      List.of(
          "compute",
          "ram",
          "timeout",
          "hosts",
          "files",
          "env",
          "max_tasks",
          "max_depth",
          "max_requests",
          "max_download",
          "max_upload",
          "max_output",
          "max_result");

  private static final Pattern COUNT = Pattern.compile("[1-9][0-9]{0,8}|0");
  private static final int DEEPEST = 64;

  /** The ceilings that hold unless the operator sets others. */
  public static Limits defaults() {
    return new Limits(
        Long.MAX_VALUE,
        512L << 20,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        1_000,
        8,
        1_000,
        100L << 20,
        100L << 20,
        64L << 20,
        32L << 20);
  }

  /** A builder that starts from these ceilings. */
  public Builder toBuilder() {
    return new Builder(this);
  }

  /** These ceilings with one of them set from text; lists are separated by commas. */
  public Limits with(String key, String value) {
    return toBuilder().set(key, value).build();
  }

  /** Sets ceilings one by one; all start as {@link #defaults()} or as the limits it came from. */
  public static final class Builder {
    private long compute;
    private long ram;
    private Optional<Duration> timeout;
    private Optional<List<HostPattern>> hosts;
    private Optional<List<PathSpec>> files;
    private Optional<List<String>> env;
    private int maxTasks;
    private int maxDepth;
    private int maxRequests;
    private long maxDownload;
    private long maxUpload;
    private long maxOutput;
    private long maxResult;

    private Builder(Limits start) {
      compute = start.compute;
      ram = start.ram;
      timeout = start.timeout;
      hosts = start.hosts;
      files = start.files;
      env = start.env;
      maxTasks = start.maxTasks;
      maxDepth = start.maxDepth;
      maxRequests = start.maxRequests;
      maxDownload = start.maxDownload;
      maxUpload = start.maxUpload;
      maxOutput = start.maxOutput;
      maxResult = start.maxResult;
    }

    /**
     * Sets the ceiling of that key from text; lists are separated by commas.
     *
     * @throws InvalidConfigException if there is no such ceiling or the value is not accepted
     */
    public Builder set(String key, String value) {
      switch (key) {
        case "compute" -> compute = Quantities.fuel(key, value);
        case "ram" -> ram = Quantities.bytes(key, value);
        case "timeout" -> timeout = Optional.of(Quantities.duration(key, value));
        case "hosts", "files", "env" -> set(key, split(value));
        case "max_tasks" -> maxTasks = count(key, value, Integer.MAX_VALUE);
        case "max_depth" -> maxDepth = count(key, value, DEEPEST);
        case "max_requests" -> maxRequests = count(key, value, Integer.MAX_VALUE);
        case "max_download" -> maxDownload = Quantities.bytes(key, value);
        case "max_upload" -> maxUpload = Quantities.bytes(key, value);
        case "max_output" -> maxOutput = Quantities.bytes(key, value);
        case "max_result" -> maxResult = Quantities.bytes(key, value);
        default -> throw unknown(key);
      }
      return this;
    }

    /** Sets one of the ceilings that are lists: {@code hosts}, {@code files}, {@code env}. */
    public Builder set(String key, List<String> values) {
      switch (key) {
        case "hosts" ->
            hosts = Optional.of(values.stream().map(v -> Quantities.host(key, v)).toList());
        case "files" ->
            files = Optional.of(values.stream().map(v -> PathSpec.parse(key, v)).toList());
        case "env" -> env = Optional.of(List.copyOf(values));
        default -> throw unknown(key);
      }
      return this;
    }

    /** The ceilings as set. */
    public Limits build() {
      return new Limits(
          compute,
          ram,
          timeout,
          hosts,
          files,
          env,
          maxTasks,
          maxDepth,
          maxRequests,
          maxDownload,
          maxUpload,
          maxOutput,
          maxResult);
    }

    private static InvalidConfigException unknown(String key) {
      return new InvalidConfigException(
          key, "limits: there is no " + key + "; there are " + String.join(", ", KEYS));
    }

    private static List<String> split(String value) {
      return Arrays.stream(value.split(",")).map(String::strip).filter(v -> !v.isEmpty()).toList();
    }

    private static int count(String key, String value, int most) {
      if (!COUNT.matcher(value).matches() || Integer.parseInt(value) > most) {
        throw InvalidConfigException.of(
            key, Quantities.quote(value), "a whole number from 0 to " + most);
      }
      return Integer.parseInt(value);
    }
  }
}

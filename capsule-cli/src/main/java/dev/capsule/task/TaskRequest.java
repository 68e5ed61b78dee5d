package dev.capsule.task;

import dev.capsule.task.envelope.InvalidJsonException;
import dev.capsule.task.envelope.JsonText;
import dev.capsule.task.guest.Language;
import dev.capsule.task.guest.OutputSink;
import dev.capsule.task.policy.Limits;
import dev.capsule.task.policy.TaskConfig;
import dev.capsule.task.schedule.TaskEvent;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * A wish to run a program: which one, with what, and what the operator adds to or takes from what
 * its tasks declare. Made step by step; not for use by several threads.
 */
public final class TaskRequest {
  private final Optional<Path> file;
  private final Optional<Inline> inline;
  private String task = "";
  private String args = "[]";
  private String kwargs = "{}";
  private List<String> argv = List.of();
  private Path workingDirectory = Path.of("").toAbsolutePath();
  private final List<String> mounts = new ArrayList<>();
  private Map<String, String> environment = System.getenv();
  private UnaryOperator<Limits> limits = UnaryOperator.identity();
  private TaskConfig defaults = TaskConfig.EMPTY;
  private OptionalLong seed = OptionalLong.empty();
  private boolean capture;
  private OutputSink stdout = OutputSink.discard();
  private OutputSink stderr = OutputSink.discard();
  private TaskEvent.Listener listener = event -> {};

  record Inline(Language language, String name, String text) {}

  private TaskRequest(Optional<Path> file, Optional<Inline> inline) {
    this.file = file;
    this.inline = inline;
  }

  /** Runs the program of a file: {@code .py}, {@code .js}, {@code .mjs} or {@code .ts}. */
  public static TaskRequest file(Path file) {
    return new TaskRequest(Optional.of(file), Optional.empty());
  }

  /** Runs the entrypoint of the project in the working directory. */
  public static TaskRequest entrypoint() {
    return new TaskRequest(Optional.empty(), Optional.empty());
  }

  /** Runs a program that is this text; {@code name} is its file name in messages. */
  public static TaskRequest source(Language language, String name, String text) {
    return new TaskRequest(Optional.empty(), Optional.of(new Inline(language, name, text)));
  }

  /** Runs that task instead of main. */
  public TaskRequest task(String name) {
    this.task = name;
    return this;
  }

  /** Arguments as from a command line: the task gets each as a string. */
  public TaskRequest arguments(List<String> strings) {
    this.argv = List.copyOf(strings);
    this.args = strings.stream().map(JsonText::quote).collect(Collectors.joining(",", "[", "]"));
    return this;
  }

  /** Arguments as from a command line: the task gets each as a string. */
  public TaskRequest arguments(String... strings) {
    return arguments(List.of(strings));
  }

  /**
   * Arguments of any type: the texts of a JSON array and of a JSON object with the keyword
   * arguments.
   *
   * @throws IllegalArgumentException if they are not
   */
  public TaskRequest json(String array, String object) {
    try {
      args = JsonText.check(array).text();
      kwargs = JsonText.check(object).text();
    } catch (InvalidJsonException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
    if (!args.startsWith("[") || !kwargs.startsWith("{")) {
      throw new IllegalArgumentException("arguments are a JSON array and a JSON object");
    }
    return this;
  }

  /** What relative paths, mounts and the search for capsule.toml start from. */
  public TaskRequest workingDirectory(Path directory) {
    this.workingDirectory = directory.toAbsolutePath();
    return this;
  }

  /** Gives every task a directory: {@code HOST[::GUEST][:ro|:rw]}, in the working directory. */
  public TaskRequest mount(String spec) {
    mounts.add(spec);
    return this;
  }

  /** The variables that tasks may be granted, in the place of this process's own. */
  public TaskRequest environment(Map<String, String> variables) {
    this.environment = Map.copyOf(variables);
    return this;
  }

  /** Changes the ceilings that the project's capsule.toml sets. */
  public TaskRequest limits(UnaryOperator<Limits> change) {
    UnaryOperator<Limits> before = this.limits;
    this.limits = start -> change.apply(before.apply(start));
    return this;
  }

  /**
   * Sets what tasks get for the keys that they do not configure themselves, before capsule.toml.
   */
  public TaskRequest defaults(TaskConfig config) {
    this.defaults = config;
    return this;
  }

  /** Makes the run deterministic: randomness from this seed, virtual clocks. */
  public TaskRequest seed(long value) {
    this.seed = OptionalLong.of(value);
    return this;
  }

  /** Puts what tasks print into the envelopes, and nowhere else. */
  public TaskRequest captureOutput() {
    this.capture = true;
    return this;
  }

  /** Where tasks print to; nowhere unless this or {@link #captureOutput} is called. */
  public TaskRequest output(OutputSink standardOutput, OutputSink standardError) {
    this.stdout = standardOutput;
    this.stderr = standardError;
    return this;
  }

  /** Who hears what happens. */
  public TaskRequest listener(TaskEvent.Listener newListener) {
    this.listener = newListener;
    return this;
  }

  Optional<Path> file() {
    return file.map(workingDirectory::resolve);
  }

  Optional<Inline> inline() {
    return inline;
  }

  String task() {
    return task;
  }

  String args() {
    return args;
  }

  String kwargs() {
    return kwargs;
  }

  List<String> argv() {
    return argv;
  }

  Path workingDirectory() {
    return workingDirectory;
  }

  List<String> mounts() {
    return mounts;
  }

  Map<String, String> environment() {
    return environment;
  }

  Limits limits(Limits start) {
    return limits.apply(start);
  }

  TaskConfig defaults() {
    return defaults;
  }

  OptionalLong seed() {
    return seed;
  }

  boolean capture() {
    return capture;
  }

  OutputSink stdout() {
    return stdout;
  }

  OutputSink stderr() {
    return stderr;
  }

  TaskEvent.Listener listener() {
    return listener;
  }
}

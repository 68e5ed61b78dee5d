package dev.capsule.task;

import dev.capsule.task.guest.ErrorType;
import dev.capsule.task.guest.GuestRuntime;
import dev.capsule.task.guest.Invocation;
import dev.capsule.task.guest.LoadException;
import dev.capsule.task.http.HttpClient;
import dev.capsule.task.policy.InvalidConfigException;
import dev.capsule.task.policy.Limits;
import dev.capsule.task.policy.PathSpec;
import dev.capsule.task.policy.TaskConfig;
import dev.capsule.task.project.Environment;
import dev.capsule.task.project.Project;
import dev.capsule.task.project.ProjectException;
import dev.capsule.task.schedule.HttpGateway;
import dev.capsule.task.schedule.Run;
import dev.capsule.task.schedule.SandboxPool;
import dev.capsule.task.schedule.TaskRegistry;
import dev.capsule.task.trace.TraceStore;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Runs Python and JavaScript programs in sandboxes. One object serves many runs at a time and keeps
 * interpreters and builds warm in between; it is safe for use by many threads.
 *
 * {@snippet :
 * try (Capsule capsule = Capsule.builder().build()) {
 *   TaskRun run = capsule.start(TaskRequest.file(Path.of("main.py")).arguments("5"));
 *   System.out.println(run.join().json());
 * }
 * }
 */
public final class Capsule implements AutoCloseable {
  private static final long CLOSE_SECONDS = 2;

  private final SandboxPool pool;
  private final HttpGateway http;
  private final ProgramLoader loader;
  private final boolean tracing;
  private final Consumer<String> problems;
  private final Map<Path, TraceStore> traces = new ConcurrentHashMap<>();
  private final Set<Run> running = ConcurrentHashMap.newKeySet();

  private Capsule(Builder builder) {
    pool = new SandboxPool(builder.parallel);
    http = builder.http;
    loader = new ProgramLoader(new Runtimes(builder.runtimes), pool);
    tracing = builder.tracing;
    problems = builder.problems;
  }

  /** Starts with the interpreters of this distribution. */
  public static Builder builder() {
    return new Builder();
  }

  /** Runs a program's main task once, with command line arguments. */
  public static TaskResult run(Path file, String... arguments) {
    try (Capsule capsule = builder().build()) {
      return capsule.start(TaskRequest.file(file).arguments(arguments)).join();
    }
  }

  /**
   * Starts a run. Loads the program first, which takes a while if it is new or has changed.
   *
   * @throws CapsuleException if something prevents the run
   */
  public TaskRun start(TaskRequest request) {
    return translated(() -> new TaskRun(launch(request)));
  }

  /**
   * Tells what {@link #start} would run. Loads the program, in a sandbox without any grant.
   *
   * @throws CapsuleException if something would prevent the run
   */
  public Plan plan(TaskRequest request) {
    return translated(() -> prepare(request, project(request), false).plan());
  }

  /**
   * Builds a program anew and keeps the build.
   *
   * @throws CapsuleException if it does not load or its configuration is not accepted
   */
  public Plan build(TaskRequest request) {
    return translated(() -> prepare(request, project(request), true).plan());
  }

  /** Stops what runs, waits a moment for it, and closes the trace. */
  @Override
  public void close() {
    List<CompletableFuture<?>> open = new ArrayList<>();
    for (Run run : running) {
      run.cancel();
      open.add(run.result());
    }
    try {
      CompletableFuture.allOf(open.toArray(CompletableFuture[]::new))
          .get(CLOSE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      problems.accept("Some tasks did not stop in time");
    }
    pool.close();
    traces.values().forEach(TraceStore::close);
  }

  /** A request, understood. */
  private record Prepared(
      TaskRequest request, ProgramLoader.Loaded loaded, Environment environment, Plan plan) {}

  private Prepared prepare(TaskRequest request, Project project, boolean rebuild) {
    Limits limits = request.limits(project.manifest().limits());
    List<Run.Mount> mounts =
        request.mounts().stream()
            .map(spec -> new Run.Mount(PathSpec.parse("--mount", spec), request.workingDirectory()))
            .toList();
    mounts.forEach(mount -> mount.spec().resolve("--mount", mount.base()));
    Environment environment = Environment.load(project.root(), request.environment());
    ProgramLoader.Loaded loaded =
        request.inline().isPresent()
            ? loader.load(request.inline().get(), project, limits)
            : loader.load(request.file().orElseGet(project::entrypoint), project, limits, rebuild);
    TaskConfig defaults = request.defaults().orElse(project.manifest().defaults());
    TaskRegistry registry = TaskRegistry.of(loaded.build(), defaults, limits);
    Optional<TaskRegistry.Entry> entry =
        request.task().isEmpty() ? registry.entry() : registry.find(request.task());
    Plan plan =
        new Plan(
            project,
            loaded.program().entry(),
            loaded.files(),
            registry,
            entry,
            limits,
            mounts,
            loaded.built());
    return new Prepared(request, loaded, environment, plan);
  }

  private static Project project(TaskRequest request) {
    return Project.of(
        request.file().orElse(request.workingDirectory()), request.workingDirectory());
  }

  private Run launch(TaskRequest request) {
    Project project = project(request);
    // The trace opens its file in the background, while the program loads.
    Optional<TraceStore> trace = tracing ? Optional.of(trace(project)) : Optional.empty();
    Prepared prepared = prepare(request, project, false);
    Plan plan = prepared.plan;
    TaskRegistry.Entry task =
        plan.entry().orElseThrow(() -> noTask(request.task(), plan.registry()));
    Run.Setup setup =
        new Run.Setup(
            prepared.loaded.runtime(),
            prepared.loaded.program(),
            prepared.loaded.build(),
            plan.registry(),
            plan.limits(),
            plan.project().root(),
            plan.mounts(),
            prepared.environment,
            request.seed(),
            request.capture(),
            request.stdout(),
            request.stderr(),
            trace,
            request.listener());
    setup.checkDirectories(task.policy());
    Invocation invocation =
        new Invocation(task.declaration().name(), request.args(), request.kwargs(), request.argv());
    Run run = Run.start(setup, pool, http, task, invocation);
    running.add(run);
    run.result().thenRun(() -> running.remove(run));
    return run;
  }

  private TraceStore trace(Project project) {
    return traces.computeIfAbsent(
        project.privateDirectory(), directory -> TraceStore.open(directory, problems::accept));
  }

  private static ProjectException noTask(String wanted, TaskRegistry registry) {
    if (!wanted.isEmpty()) {
      return new ProjectException(
          "There is no task \"" + wanted + "\"; the program declares: " + registry.names());
    }
    return new ProjectException(
        "The program declares no task: define a function main, or mark one as a task");
  }

  private static <T> T translated(Supplier<T> action) {
    try {
      return action.get();
    } catch (InvalidConfigException | ProjectException e) {
      throw new CapsuleException(ErrorType.INVALID_CONFIG, e.getMessage(), "", e);
    } catch (LoadException e) {
      ErrorType type = e.type() == ErrorType.CANCELLED ? ErrorType.TIMEOUT : e.type();
      throw new CapsuleException(type, "Build failed: " + e.getMessage(), e.traceback(), e);
    }
  }

  /** Decides what a {@link Capsule} is made of. */
  public static final class Builder {
    private final List<GuestRuntime> runtimes = new ArrayList<>(Runtimes.bundled());
    private HttpGateway http = HttpClient.system();
    private int parallel = Math.max(2, Runtime.getRuntime().availableProcessors());
    private boolean tracing = true;
    private Consumer<String> problems = problem -> {};

    private Builder() {}

    /** Adds an interpreter, in the place of any other of its language. */
    public Builder runtime(GuestRuntime runtime) {
      runtimes.add(runtime);
      return this;
    }

    /** Who makes HTTP requests. */
    public Builder http(HttpGateway gateway) {
      this.http = gateway;
      return this;
    }

    /**
     * How many tasks run at a time at each depth of calls; the number of processors, at least 2.
     */
    public Builder parallel(int tasks) {
      this.parallel = tasks;
      return this;
    }

    /** Keeps no record of what runs. */
    public Builder withoutTrace() {
      this.tracing = false;
      return this;
    }

    /** Who hears of trouble that stops no run. */
    public Builder problems(Consumer<String> listener) {
      this.problems = listener;
      return this;
    }

    /** Makes it. */
    public Capsule build() {
      return new Capsule(this);
    }
  }
}

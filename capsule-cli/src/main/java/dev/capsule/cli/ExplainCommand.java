package dev.capsule.cli;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.capsule.task.Capsule;
import dev.capsule.task.CapsuleException;
import dev.capsule.task.Plan;
import dev.capsule.task.TaskRequest;
import dev.capsule.task.guest.TaskDeclaration;
import dev.capsule.task.policy.Limits;
import dev.capsule.task.policy.PathSpec;
import dev.capsule.task.policy.Policy;
import dev.capsule.task.policy.Quantities;
import dev.capsule.task.schedule.Run;
import dev.capsule.task.schedule.TaskRegistry;
import dev.capsule.wasi.http.HostPattern;
import java.io.PrintStream;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code capsule explain}: shows what would run in which sandbox with which rights. */
final class ExplainCommand implements Subcommand {
  private static final String NONE = "none";

  private final Streams streams;
  private final Supplier<Capsule.Builder> capsules;

  ExplainCommand(Streams streams, Supplier<Capsule.Builder> capsules) {
    this.streams = streams;
    this.capsules = capsules;
  }

  @Override
  public void describe(CommandSpec spec) {
    spec.usageMessage()
        .description(
            "Shows each task of a program, the code that it runs, and what it may use: its own"
                + " configuration, the defaults and the ceilings taken together. Nothing runs but"
                + " the loading of the program, in a sandbox without any grant.");
    spec.addOption(Options.flag(Options.JSON, "Print it as one JSON object."))
        .addOption(
            Options.texts(
                Options.MOUNT,
                "HOST[::GUEST][:ro|:rw]",
                "A directory for every task, as for run."));
    Options.describeLimits(spec);
    ProgramFile.describe(spec);
  }

  @Override
  public int run(ParseResult arguments) {
    TaskRequest request = ProgramFile.request(arguments, streams);
    arguments.matchedOptionValue(Options.MOUNT, List.<String>of()).forEach(request::mount);
    Options.applyLimits(arguments, request);
    try (Capsule capsule = capsules.get().withoutTrace().build()) {
      Plan plan = capsule.plan(request);
      if (arguments.hasMatchedOption(Options.JSON)) {
        streams.out().println(json(plan));
      } else {
        print(plan, streams.out());
      }
      streams.out().flush();
      return 0;
    } catch (CapsuleException e) {
      return Execution.report(e, streams.err());
    }
  }

  private static void print(Plan plan, PrintStream out) {
    out.println("Program  " + plan.program());
    out.println("Project  " + plan.project().root());
    out.println("Code     " + String.join(", ", plan.files()));
    out.println("         all of it is in every sandbox; each call of a task gets a new one");
    for (TaskRegistry.Entry task : plan.registry().tasks().values()) {
      out.println();
      print(task, plan, out);
    }
    out.println();
    Limits limits = plan.limits();
    out.println("Each run may have");
    field(out, "tasks", limits.maxTasks() + ", at most " + limits.maxDepth() + " deep");
    field(
        out,
        "network",
        limits.maxRequests()
            + " requests, "
            + Quantities.formatBytes(limits.maxDownload())
            + " down, "
            + Quantities.formatBytes(limits.maxUpload())
            + " up");
  }

  private static void print(TaskRegistry.Entry task, Plan plan, PrintStream out) {
    TaskDeclaration declared = task.declaration();
    Policy policy = task.policy();
    boolean first = plan.entry().filter(task::equals).isPresent();
    out.println(declared.name() + (first ? "  (a run begins here)" : ""));
    field(out, "runs", declared.function() + "  " + place(declared));
    field(out, "compute", Quantities.formatFuel(policy.fuel()));
    field(out, "ram", Quantities.formatBytes(policy.ram()));
    field(out, "timeout", policy.timeout().map(t -> t.toMillis() + "ms").orElse(NONE));
    field(out, "retries", String.valueOf(policy.maxRetries()));
    field(out, "files", join(policy.files().stream().map(spec -> directory(spec, "")).toList()));
    if (!plan.mounts().isEmpty()) {
      List<String> mounts =
          plan.mounts().stream()
              .map(Run.Mount::spec)
              .map(spec -> directory(spec, " (--mount)"))
              .toList();
      field(out, "mounts", join(mounts));
    }
    field(out, "hosts", hosts(policy));
    field(out, "env", join(policy.env()));
    if (!task.config().ignored().isEmpty()) {
      field(out, "unknown", join(task.config().ignored()) + " (these keys mean nothing)");
    }
  }

  private static void field(PrintStream out, String name, String value) {
    out.printf("  %-9s%s%n", name, value);
  }

  private static String place(TaskDeclaration task) {
    return task.file()
        + (task.line() > 0 ? ":" + task.line() : "")
        + (task.implicit() ? ", a task by its name" : "");
  }

  private static String directory(PathSpec spec, String origin) {
    String host = spec.host().isEmpty() ? "." : spec.host();
    return host
        + " as "
        + spec.guest()
        + (spec.writable() ? ", read and write" : ", read only")
        + origin;
  }

  private static String hosts(Policy policy) {
    return policy.hosts().isEmpty()
        ? NONE
        : policy.hosts().lists().stream()
            .map(list -> list.stream().map(HostPattern::toString).collect(Collectors.joining(", ")))
            .collect(Collectors.joining("; and within "));
  }

  private static String join(List<String> values) {
    return values.isEmpty() ? NONE : String.join("; ", values);
  }

  private static String json(Plan plan) {
    Gson gson = new GsonBuilder().serializeNulls().disableHtmlEscaping().create();
    JsonObject root = new JsonObject();
    root.addProperty("program", plan.program());
    root.addProperty("project", plan.project().root().toString());
    root.add("files", array(plan.files()));
    root.addProperty("entry", plan.entry().map(e -> e.declaration().name()).orElse(null));
    JsonArray tasks = new JsonArray();
    plan.registry().tasks().values().forEach(task -> tasks.add(json(task)));
    root.add("tasks", tasks);
    root.add("mounts", array(plan.mounts().stream().map(m -> m.spec().text()).toList()));
    JsonObject limits = new JsonObject();
    limits.addProperty("max_tasks", plan.limits().maxTasks());
    limits.addProperty("max_depth", plan.limits().maxDepth());
    limits.addProperty("max_requests", plan.limits().maxRequests());
    limits.addProperty("max_download", plan.limits().maxDownload());
    limits.addProperty("max_upload", plan.limits().maxUpload());
    root.add("limits", limits);
    return gson.toJson(root);
  }

  private static JsonObject json(TaskRegistry.Entry task) {
    Policy policy = task.policy();
    JsonObject object = new JsonObject();
    object.addProperty("name", policy.task());
    object.addProperty("function", task.declaration().function());
    object.addProperty("file", task.declaration().file());
    object.addProperty("line", task.declaration().line());
    object.addProperty("implicit", task.declaration().implicit());
    object.addProperty("compute", policy.fuel());
    object.addProperty("ram", policy.ram());
    object.addProperty("timeout_ms", policy.timeout().map(t -> t.toMillis()).orElse(null));
    object.addProperty("max_retries", policy.maxRetries());
    JsonArray files = new JsonArray();
    for (PathSpec spec : policy.files()) {
      JsonObject file = new JsonObject();
      file.addProperty("host", spec.host());
      file.addProperty("guest", spec.guest());
      file.addProperty("mode", spec.writable() ? "read-write" : "read-only");
      files.add(file);
    }
    object.add("allowed_files", files);
    JsonArray hosts = new JsonArray();
    policy
        .hosts()
        .lists()
        .forEach(list -> hosts.add(array(list.stream().map(HostPattern::toString).toList())));
    object.add("allowed_hosts", hosts);
    object.add("env_variables", array(policy.env()));
    object.addProperty("max_requests", policy.maxRequests());
    object.addProperty("max_download", policy.maxDownload());
    object.addProperty("max_upload", policy.maxUpload());
    return object;
  }

  private static JsonArray array(List<String> values) {
    JsonArray array = new JsonArray();
    values.forEach(array::add);
    return array;
  }
}

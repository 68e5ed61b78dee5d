package dev.capsule.task.guest.python;

import dev.capsule.engine.module.Module;
import dev.capsule.engine.runtime.Engine;
import dev.capsule.task.guest.Build;
import dev.capsule.task.guest.Grants;
import dev.capsule.task.guest.GuestHost;
import dev.capsule.task.guest.GuestReply;
import dev.capsule.task.guest.GuestRuntime;
import dev.capsule.task.guest.Invocation;
import dev.capsule.task.guest.Language;
import dev.capsule.task.guest.Program;
import dev.capsule.task.guest.TaskDeclaration;
import dev.capsule.task.guest.protocol.Declarations;
import dev.capsule.task.guest.protocol.GuestSession;
import dev.capsule.task.guest.protocol.Job;
import dev.capsule.task.guest.sandbox.GuestResources;
import dev.capsule.task.guest.sandbox.Lazy;
import dev.capsule.task.guest.sandbox.Sandbox;
import dev.capsule.wasi.WasiContext;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Python in CPython. */
public final class PythonGuest implements GuestRuntime {
  /** A folder of its own, so that it stands in the way of no granted directory. */
  private static final String DEVICE = "/dev/capsule/host";

  /** The interpreter's first requests, whose answers are code and not JSON. */
  private static final Pattern BOOT =
      Pattern.compile("\\{\"op\":\"code\",\"name\":\"capsule\\.(_[a-z]+)\"\\}");

  /** Imported before the task's fuel counts. */
  private static final List<String> PRELOADED = List.of("capsule");

  /**
   * The part of a build that names the standard modules that the program imports while it loads.
   * They belong to the interpreter: they are imported before the task's fuel and time count.
   */
  private static final String MODULES = "modules";

  private static final GuestResources RESOURCES = new GuestResources(PythonGuest.class);

  private final Engine engine;
  private final Lazy<Module> python;

  /** A runtime whose guests run in {@code engine}. The interpreter is decoded at its first use. */
  public PythonGuest(Engine engine) {
    this.engine = engine;
    this.python = Lazy.of(() -> RESOURCES.module("python.wasm"));
  }

  @Override
  public Language language() {
    return Language.PYTHON;
  }

  @Override
  public String identity() {
    return RESOURCES.text("identity");
  }

  @Override
  public Build build(Program program, Grants grants) {
    GuestReply.Outcome outcome = run(Job.load(program, grants), PRELOADED).outcome();
    List<TaskDeclaration> tasks = Declarations.of(outcome);
    String modules = String.join("\n", Declarations.modules(outcome));
    return new Build(tasks, Map.of(MODULES, modules.getBytes(StandardCharsets.UTF_8)));
  }

  @Override
  public GuestReply run(
      Program program, Build build, Invocation invocation, Grants grants, GuestHost host) {
    List<String> preloaded = new ArrayList<>(PRELOADED);
    byte[] modules = build.outputs().getOrDefault(MODULES, new byte[0]);
    new String(modules, StandardCharsets.UTF_8).lines().forEach(preloaded::add);
    return run(Job.run(program, invocation, grants, host), preloaded);
  }

  private GuestReply run(Job job, List<String> preloaded) {
    Connection connection = new Connection();
    // Fixed, so that a task's order of sets, and with it its fuel, is the same in every run. The
    // job's environment comes later, with the job.
    WasiContext.Builder context =
        WasiContext.builder()
            .arguments("python", "-I", "-S", "-B", "-c", RESOURCES.text("boot.py"))
            .environment("PYTHONHASHSEED", "0")
            .device(DEVICE, () -> connection.device().open());
    try (Sandbox sandbox = new Sandbox(engine, job, context)) {
      PythonModules modules = new PythonModules(job.program(), RESOURCES, preloaded);
      try (GuestSession session =
          new GuestSession(job, modules, sandbox.wasi().clocks(), sandbox::started)) {
        connection.device = new HostDevice(session, request -> answer(session, request));
        return sandbox.run(() -> sandbox.start(python.get()));
      }
    }
  }

  private static byte[] answer(GuestSession session, String request) {
    Matcher boot = BOOT.matcher(request);
    return boot.matches()
        ? RESOURCES.bytes("capsule/" + boot.group(1) + ".pyc")
        : session.answer(request).getBytes(StandardCharsets.UTF_8);
  }

  /** The device is granted before the conversation that it carries can begin. */
  private static final class Connection {
    private HostDevice device;

    private HostDevice device() {
      return device;
    }
  }
}

package dev.capsule.task.guest.python;

import dev.capsule.engine.module.Module;
import dev.capsule.engine.runtime.Engine;
import dev.capsule.engine.snapshot.Snapshot;
import dev.capsule.task.guest.Build;
import dev.capsule.task.guest.Grants;
import dev.capsule.task.guest.GuestHost;
import dev.capsule.task.guest.GuestReply;
import dev.capsule.task.guest.GuestRuntime;
import dev.capsule.task.guest.Invocation;
import dev.capsule.task.guest.Language;
import dev.capsule.task.guest.Preopen;
import dev.capsule.task.guest.Program;
import dev.capsule.task.guest.TaskDeclaration;
import dev.capsule.task.guest.protocol.Declarations;
import dev.capsule.task.guest.protocol.GuestSession;
import dev.capsule.task.guest.protocol.Job;
import dev.capsule.task.guest.sandbox.GuestResources;
import dev.capsule.task.guest.sandbox.Kept;
import dev.capsule.task.guest.sandbox.KeptInterpreter;
import dev.capsule.task.guest.sandbox.Lazy;
import dev.capsule.task.guest.sandbox.Sandbox;
import dev.capsule.wasi.WasiContext;
import dev.capsule.wasi.filesystem.Device;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Python in CPython. */
public final class PythonGuest implements GuestRuntime {
  /** A folder of its own, so that it stands in the way of no granted directory. */
  private static final String DEVICE = "/dev/capsule/host";

  /** The interpreter's first requests, whose answers are code and not JSON. */
  private static final Pattern BOOT =
      Pattern.compile("\\{\"op\":\"code\",\"name\":\"capsule\\.(_[a-z]+)\"\\}");

  /**
   * The part of a build that names the standard modules that the program imports while it loads.
   * They belong to the interpreter: they are imported before the task's fuel and time count.
   */
  private static final String MODULES = "modules";

  /** A started interpreter, in the distribution. */
  private static final String SNAPSHOT = "python.snapshot";

  /** Where the interpreter has its standard library, inside itself. */
  private static final String LIBRARY = "/usr";

  private static final GuestResources RESOURCES = new GuestResources(PythonGuest.class);

  private final Engine engine;
  private final Lazy<Module> python;
  private final KeptInterpreter kept;

  /** A runtime whose guests run in {@code engine}. The interpreter is decoded at its first use. */
  public PythonGuest(Engine engine) {
    this.engine = engine;
    this.python = Lazy.of(() -> RESOURCES.module("python.wasm"));
    this.kept =
        new KeptInterpreter(
            engine,
            () -> RESOURCES.kept(SNAPSHOT, python.get(), engine),
            plain -> new Kept(snapshot(plain), 0));
  }

  private PythonGuest(PythonGuest other) {
    this.engine = other.engine;
    this.python = other.python;
    this.kept = KeptInterpreter.none();
  }

  /** The same runtime, but every guest starts an interpreter of its own. */
  public PythonGuest withoutKept() {
    return new PythonGuest(this);
  }

  @Override
  public Language language() {
    return Language.PYTHON;
  }

  @Override
  public String identity() {
    return RESOURCES.identity();
  }

  @Override
  public Build build(Program program, Grants grants) {
    GuestReply.Outcome outcome = run(Job.load(program, grants), List.of()).outcome();
    List<TaskDeclaration> tasks = Declarations.of(outcome);
    String modules = String.join("\n", Declarations.modules(outcome));
    return new Build(tasks, Map.of(MODULES, modules.getBytes(StandardCharsets.UTF_8)));
  }

  @Override
  public GuestReply run(
      Program program, Build build, Invocation invocation, Grants grants, GuestHost host) {
    byte[] modules = build.outputs().getOrDefault(MODULES, new byte[0]);
    List<String> preloaded = new String(modules, StandardCharsets.UTF_8).lines().toList();
    return run(Job.run(program, invocation, grants, host), preloaded);
  }

  private GuestReply run(Job job, List<String> preloaded) {
    if (job.grants().preopens().stream().anyMatch(PythonGuest::isInLibrary)) {
      return run(job, preloaded, Optional.empty());
    }
    return kept.with(found -> run(job, preloaded, found.map(Kept::snapshot)));
  }

  /** The C library tells such a directory from its own only if it knows it from the start. */
  private static boolean isInLibrary(Preopen preopen) {
    return (preopen.guestPath() + "/").startsWith(LIBRARY + "/");
  }

  private GuestReply run(Job job, List<String> preloaded, Optional<Snapshot> snapshot) {
    Connection connection = new Connection(snapshot.isPresent());
    WasiContext.Builder context = context(connection);
    if (job.grants().preopens().stream().noneMatch(PythonGuest::isInLibrary)) {
      context.oneRoot();
    }
    try (Sandbox sandbox = new Sandbox(engine, job, context);
        GuestSession session = session(job, preloaded, sandbox)) {
      connection.device = new HostDevice(session, request -> answer(session, request));
      connection.ready = sandbox::ready;
      return sandbox.run(
          () -> snapshot.ifPresentOrElse(sandbox::resume, () -> sandbox.start(python.get())));
    }
  }

  private static GuestSession session(Job job, List<String> preloaded, Sandbox sandbox) {
    PythonModules modules = new PythonModules(job.program(), RESOURCES, preloaded);
    return new GuestSession(job, modules, sandbox.wasi().clocks(), sandbox::started);
  }

  private static WasiContext.Builder context(Connection connection) {
    // Fixed, so that a task's order of sets, and with it its fuel, is the same in every run. The
    // job's environment comes later, with the job.
    return WasiContext.builder()
        .arguments("python", "-I", "-S", "-B", "-c", RESOURCES.text("boot.py"))
        .environment("PYTHONHASHSEED", "0")
        .device(DEVICE, connection::open);
  }

  /** Starts an interpreter that has nothing, up to the point where it asks for its job. */
  private Snapshot snapshot(Engine plain) {
    Job job = Job.none(Language.PYTHON);
    Connection connection = new Connection(false);
    try (Sandbox sandbox = new Sandbox(plain, job, context(connection).oneRoot());
        GuestSession session = session(job, List.of(), sandbox)) {
      connection.device = new HostDevice(session, request -> answer(session, request));
      connection.ready =
          () -> {
            throw new Ready(sandbox.snapshot());
          };
      sandbox.start(python.get());
      throw new IllegalStateException("the interpreter ended before it was ready");
    } catch (Ready ready) {
      return ready.snapshot;
    }
  }

  /**
   * Starts an interpreter for the distribution.
   *
   * @return what goes to the file {@code python.snapshot}; nothing if the one that is there fits
   */
  public static Optional<byte[]> snapshotFile() {
    PythonGuest guest = new PythonGuest(Engine.create());
    if (RESOURCES.kept(SNAPSHOT, guest.python.get(), guest.engine).isPresent()) {
      return Optional.empty();
    }
    Engine plain = KeptInterpreter.interpreting(guest.engine);
    return Optional.of(RESOURCES.pack(new Kept(guest.snapshot(plain), 0)));
  }

  private static byte[] answer(GuestSession session, String request) {
    Matcher boot = BOOT.matcher(request);
    return boot.matches()
        ? RESOURCES.bytes("capsule/" + boot.group(1) + ".pyc")
        : session.answer(request).getBytes(StandardCharsets.UTF_8);
  }

  /** Ends the interpreter that was started for a snapshot. */
  private static final class Ready extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Snapshot snapshot;

    Ready(Snapshot snapshot) {
      super(null, null, false, false);
      this.snapshot = snapshot;
    }
  }

  /**
   * The device is granted before the conversation that it carries can begin. It is opened twice:
   * for what the interpreter is made of, and for the job.
   */
  private static final class Connection {
    private HostDevice device;
    private Runnable ready;
    private boolean opened;

    /** A connection; {@code opened} if the interpreter has opened it once, before it was kept. */
    Connection(boolean opened) {
      this.opened = opened;
    }

    Device.Session open() {
      if (opened) {
        ready.run();
      }
      opened = true;
      return device.open();
    }
  }
}

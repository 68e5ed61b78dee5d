package dev.capsule.task.guest.javascript;

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
import dev.capsule.task.guest.protocol.Declarations;
import dev.capsule.task.guest.protocol.GuestSession;
import dev.capsule.task.guest.protocol.Job;
import dev.capsule.task.guest.sandbox.GuestResources;
import dev.capsule.task.guest.sandbox.Kept;
import dev.capsule.task.guest.sandbox.KeptInterpreter;
import dev.capsule.task.guest.sandbox.Lazy;
import dev.capsule.task.guest.sandbox.Sandbox;
import dev.capsule.wasi.WasiContext;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** JavaScript and TypeScript in QuickJS. */
public final class JavaScriptGuest implements GuestRuntime {
  static final GuestResources RESOURCES = new GuestResources(JavaScriptGuest.class);

  /** A started interpreter, in the distribution. */
  private static final String SNAPSHOT = "javascript.snapshot";

  private final Engine engine;
  private final Supplier<Module> quickJs;
  private final KeptInterpreter kept;
  private final SucraseTranspiler transpiler;

  /** A runtime whose guests run in {@code engine}. The interpreter is decoded at its first use. */
  public JavaScriptGuest(Engine engine) {
    this.engine = engine;
    this.quickJs = Lazy.of(() -> RESOURCES.module("quickjs.wasm"));
    this.kept =
        new KeptInterpreter(
            engine, () -> RESOURCES.kept(SNAPSHOT, quickJs.get(), engine), this::start);
    this.transpiler = new SucraseTranspiler(this);
  }

  private JavaScriptGuest(JavaScriptGuest other) {
    this.engine = other.engine;
    this.quickJs = other.quickJs;
    this.kept = KeptInterpreter.none();
    this.transpiler = new SucraseTranspiler(this);
  }

  /** The same runtime, but every guest starts an interpreter of its own. */
  public JavaScriptGuest withoutKept() {
    return new JavaScriptGuest(this);
  }

  @Override
  public Language language() {
    return Language.JAVASCRIPT;
  }

  @Override
  public String identity() {
    return RESOURCES.identity();
  }

  @Override
  public Build build(Program program, Grants grants) {
    TypeStripper stripper = new TypeStripper(transpiler, Map.of());
    GuestReply reply = run(Job.load(program, grants), stripper);
    return new Build(Declarations.of(reply.outcome()), stripper.made());
  }

  @Override
  public GuestReply run(
      Program program, Build build, Invocation invocation, Grants grants, GuestHost host) {
    return run(
        Job.run(program, invocation, grants, host), new TypeStripper(transpiler, build.outputs()));
  }

  private GuestReply run(Job job, TypeStripper stripper) {
    return kept.with(interpreter -> run(job, stripper, interpreter));
  }

  private GuestReply run(Job job, TypeStripper stripper, Optional<Kept> interpreter) {
    try (Sandbox sandbox = new Sandbox(engine, job, WasiContext.builder())) {
      ProgramModules modules = new ProgramModules(job.program(), stripper);
      try (GuestSession session = session(job, modules, sandbox)) {
        return sandbox.run(() -> loop(interpreter, sandbox, session, modules).run());
      }
    }
  }

  private EventLoop loop(
      Optional<Kept> interpreter, Sandbox sandbox, GuestSession session, ProgramModules modules) {
    if (interpreter.isPresent()) {
      return new EventLoop(sandbox, interpreter.get(), session, modules);
    }
    EventLoop loop = new EventLoop(sandbox, quickJs.get(), session, modules);
    sandbox.ready();
    return loop;
  }

  private static GuestSession session(Job job, ProgramModules modules, Sandbox sandbox) {
    JavaScriptRequests requests =
        new JavaScriptRequests(
            modules,
            new FileOperations(sandbox.wasi().preopens()),
            sandbox.wasi().random(),
            job.grants());
    return new GuestSession(job, requests, sandbox.wasi().clocks(), sandbox::started);
  }

  /** Starts an interpreter that has nothing, up to the point where it asks for its job. */
  private Kept start(Engine plain) {
    Job job = Job.none(Language.JAVASCRIPT);
    ProgramModules modules =
        new ProgramModules(job.program(), new TypeStripper(transpiler, Map.of()));
    try (Sandbox sandbox = new Sandbox(plain, job, WasiContext.builder());
        GuestSession session = session(job, modules, sandbox)) {
      EventLoop loop = new EventLoop(sandbox, quickJs.get(), session, modules);
      return new Kept(sandbox.snapshot(), loop.runtime());
    }
  }

  /**
   * Starts an interpreter for the distribution.
   *
   * @return what goes to the file {@code javascript.snapshot}; nothing if the one that is there
   *     fits
   */
  public static Optional<byte[]> snapshotFile() {
    JavaScriptGuest guest = new JavaScriptGuest(Engine.create());
    if (RESOURCES.kept(SNAPSHOT, guest.quickJs.get(), guest.engine).isPresent()) {
      return Optional.empty();
    }
    return Optional.of(RESOURCES.pack(guest.start(KeptInterpreter.interpreting(guest.engine))));
  }
}

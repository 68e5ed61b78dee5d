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
import dev.capsule.task.guest.sandbox.Lazy;
import dev.capsule.task.guest.sandbox.Sandbox;
import dev.capsule.wasi.WasiContext;
import java.util.Map;
import java.util.function.Supplier;

/** JavaScript and TypeScript in QuickJS. */
public final class JavaScriptGuest implements GuestRuntime {
  static final GuestResources RESOURCES = new GuestResources(JavaScriptGuest.class);

  private final Engine engine;
  private final Supplier<Module> quickJs;
  private final SucraseTranspiler transpiler;

  /** A runtime whose guests run in {@code engine}. The interpreter is decoded at its first use. */
  public JavaScriptGuest(Engine engine) {
    this.engine = engine;
    this.quickJs = Lazy.of(() -> RESOURCES.module("quickjs.wasm"));
    this.transpiler = new SucraseTranspiler(this);
  }

  @Override
  public Language language() {
    return Language.JAVASCRIPT;
  }

  @Override
  public String identity() {
    return RESOURCES.text("identity");
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
    try (Sandbox sandbox = new Sandbox(engine, job, WasiContext.builder())) {
      ProgramModules modules = new ProgramModules(job.program(), stripper);
      JavaScriptRequests requests =
          new JavaScriptRequests(
              modules,
              new FileOperations(sandbox.wasi().preopens()),
              sandbox.wasi().random(),
              job.grants());
      try (GuestSession session =
          new GuestSession(job, requests, sandbox.wasi().clocks(), sandbox::started)) {
        return sandbox.run(() -> new EventLoop(sandbox, quickJs.get(), session, modules).run());
      }
    }
  }
}

package dev.capsule.task.guest.javascript;

import dev.capsule.engine.module.Module;
import dev.capsule.task.guest.ErrorType;
import dev.capsule.task.guest.GuestReply;
import dev.capsule.task.guest.protocol.GuestEnd;
import dev.capsule.task.guest.protocol.GuestSession;
import dev.capsule.task.guest.protocol.RefusedException;
import dev.capsule.task.guest.sandbox.Kept;
import dev.capsule.task.guest.sandbox.Sandbox;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Drives one QuickJS through one job: promise reactions, then unhandled rejections, then one turn
 * of the guest's own event loop, and again. Ends by {@link GuestEnd}.
 */
final class EventLoop implements QuickJs.Host {
  private static final Pattern LIBRARY = Pattern.compile("[a-z0-9_-]+(?:/[a-z0-9_-]+)?");
  private static final String OWN = "capsule:";

  private final GuestSession session;
  private final ProgramModules modules;
  private final QuickJs js;
  private final int runtime;
  private final Map<Integer, Integer> rejected = new LinkedHashMap<>();

  /** Starts an interpreter up to the point where it asks for its job. */
  EventLoop(Sandbox sandbox, Module module, GuestSession session, ProgramModules modules) {
    this.session = session;
    this.modules = modules;
    this.js = new QuickJs(sandbox, module, this);
    int program = js.eval(JavaScriptGuest.RESOURCES.text("runtime.js"), OWN + "runtime");
    this.runtime =
        js.invoke(
            program,
            js.hostFunction("request"),
            js.hostFunction("load"),
            js.hostFunction("script"));
    js.free(js.invoke(member("prepare")));
  }

  /** Takes an interpreter that was kept at this point. */
  EventLoop(Sandbox sandbox, Kept kept, GuestSession session, ProgramModules modules) {
    this.session = session;
    this.modules = modules;
    this.js = new QuickJs(sandbox, kept.snapshot(), this);
    this.runtime = kept.handle();
  }

  /** The address of the object that the runtime's script has given. */
  int runtime() {
    return runtime;
  }

  /** Runs the job. */
  void run() {
    try {
      js.free(js.invoke(member("begin")));
      int turn = member("turn");
      while (true) {
        js.runJobs(() -> false);
        if (!rejected.isEmpty()) {
          reportRejection();
          continue;
        }
        int more = js.invoke(turn);
        if (!js.isTrue(more)) {
          js.invoke(member("stalled"));
        }
        js.free(more);
      }
    } catch (QuickJs.Thrown e) {
      throw new GuestEnd(new GuestReply.Failed(ErrorType.TASK_ERROR, e.getMessage()));
    } catch (QuickJs.OutOfGuestMemory e) {
      throw new GuestEnd(
          new GuestReply.Failed(
              ErrorType.OUT_OF_MEMORY, "the task needs more memory than it was granted"));
    }
  }

  private int member(String name) {
    return js.property(runtime, name);
  }

  private void reportRejection() {
    int identity = rejected.keySet().iterator().next();
    int reason = rejected.remove(identity);
    js.free(js.invoke(member("unhandled"), reason));
    js.free(reason);
  }

  @Override
  public int call(QuickJs interpreter, String function, String argument) {
    if (argument.length() > GuestSession.BEGINNING) {
      session.checkLength(argument.substring(0, GuestSession.BEGINNING), argument.length());
    }
    return switch (function) {
      case "request" -> interpreter.string(session.answer(argument));
      case "load" -> load(interpreter, argument);
      case "script" -> interpreter.evalAsync(argument, "<code>");
      default -> throw new RefusedException("malformed", "there is no function " + function);
    };
  }

  /** The function of a CommonJS module, or of one of the SDK's own. */
  private int load(QuickJs interpreter, String name) {
    if (name.startsWith(OWN)) {
      String library = name.substring(OWN.length());
      if (!LIBRARY.matcher(library).matches()) {
        throw new RefusedException("module", "there is no library " + library);
      }
      return interpreter.eval(
          "(function (exports, require, module, internal) {"
              + JavaScriptGuest.RESOURCES.text("lib/" + library + ".js")
              + "\n})",
          name);
    }
    return interpreter.eval(modules.commonJs(name), name);
  }

  @Override
  public String normalize(String base, String specifier) {
    return modules.resolve(base, specifier, false).engineName();
  }

  @Override
  public String loadModule(QuickJs interpreter, String name) {
    ModuleId module = ModuleId.ofEngineName(name);
    if (module.kind() == ModuleKind.MODULE) {
      return modules.module(name);
    }
    int kind = interpreter.string(module.kind().wireName());
    int id = interpreter.string(module.name());
    int facade = member("facade");
    int text = interpreter.invoke(facade, kind, id);
    String source = interpreter.textOf(text);
    for (int value : new int[] {kind, id, facade, text}) {
      interpreter.free(value);
    }
    return source;
  }

  @Override
  public void rejected(QuickJs interpreter, int promise, int reason, boolean handled) {
    int identity = interpreter.identity(promise);
    interpreter.free(promise);
    if (handled) {
      Integer known = rejected.remove(identity);
      if (known != null) {
        interpreter.free(known);
      }
      interpreter.free(reason);
    } else {
      rejected.put(identity, reason);
    }
  }
}

package dev.capsule.engine.script;

import dev.capsule.engine.module.Module;
import dev.capsule.engine.module.WasmFormatException;
import dev.capsule.engine.runtime.Engine;
import dev.capsule.engine.runtime.Func;
import dev.capsule.engine.runtime.Instance;
import dev.capsule.engine.runtime.LinkException;
import dev.capsule.engine.runtime.Linker;
import dev.capsule.engine.runtime.Store;
import dev.capsule.engine.runtime.Trap;
import dev.capsule.engine.runtime.TrapKind;
import dev.capsule.engine.runtime.WasmException;
import dev.capsule.engine.text.Action;
import dev.capsule.engine.text.Command;
import dev.capsule.engine.text.ModuleSource;
import dev.capsule.engine.text.Pattern;
import dev.capsule.engine.text.Value;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The state of a script, or of one of its threads: a store, instances and counts. */
final class ScriptContext {
  private static final Duration DEADLINE = Duration.ofSeconds(60);

  private final Engine engine;
  private final Store store;
  private final Linker linker = new Linker();
  private final Map<String, Module> modules = new HashMap<>();
  private final Map<String, Instance> instances = new HashMap<>();
  private final Map<String, ScriptThread> threads = new HashMap<>();
  private Optional<Module> lastModule = Optional.empty();
  private Optional<Instance> lastInstance = Optional.empty();

  private int passed;
  private int failed;
  private int skipped;
  private final List<ScriptReport.Failure> failures = new ArrayList<>();

  ScriptContext(Engine engine) {
    this.engine = engine;
    this.store = engine.newStore();
    SpecTestModule.define(linker, store);
  }

  ScriptReport report() {
    return new ScriptReport(passed, failed, skipped, failures);
  }

  /** A command that did not do what it must. */
  private static final class Failed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Failed(String reason) {
      super(reason, null, false, false);
    }
  }

  void run(List<Command> commands) {
    for (Command command : commands) {
      try {
        run(command);
        passed += counts(command) ? 1 : 0;
      } catch (Failed e) {
        fail(command, e.getMessage());
      } catch (WasmFormatException | LinkException | WasmException e) {
        fail(command, e.getMessage());
      } catch (Trap e) {
        fail(command, "trap: " + e.getMessage() + e.frames().stream().limit(1).toList());
      } catch (RuntimeException | StackOverflowError | OutOfMemoryError | AssertionError e) {
        fail(command, "fault of the engine: " + e + at(e));
      }
    }
    for (ScriptThread thread : threads.values()) {
      join(thread);
    }
  }

  private static String at(Throwable e) {
    StackTraceElement[] trace = e.getStackTrace();
    return trace.length == 0 ? "" : " at " + trace[0];
  }

  private void fail(Command command, String reason) {
    failed++;
    failures.add(new ScriptReport.Failure(command.line(), reason));
  }

  private static boolean counts(Command command) {
    return switch (command) {
      case Command.DefineModule c -> !c.definition();
      case Command.Register c -> false;
      case Command.StartThread c -> false;
      case Command.AwaitThread c -> false;
      default -> true;
    };
  }

  private void run(Command command) {
    switch (command) {
      case Command.DefineModule c -> define(c);
      case Command.Instantiate c -> {
        Module module =
            c.module()
                .map(id -> find(modules, "module", id))
                .or(() -> lastModule)
                .orElseThrow(() -> new Failed("no module defined before"));
        instantiate(module, c.id());
      }
      case Command.Register c -> linker.define(c.name(), instance(c.instance()));
      case Command.Perform c -> perform(c.action());
      case Command.AssertReturn c -> assertReturn(c);
      case Command.AssertTrap c -> expectTrap(c.message(), () -> perform(c.action()));
      case Command.AssertExhaustion c -> {
        Trap trap = expectTrap(c.message(), () -> perform(c.action()));
        if (trap.kind() != TrapKind.CALL_STACK_EXHAUSTED) {
          throw new Failed("exhaustion expected, got " + trap.kind());
        }
      }
      case Command.AssertException c -> assertException(c);
      case Command.AssertMalformed c -> expectRejection(c.module(), true, c.message());
      case Command.AssertInvalid c -> {
        if (c.custom()) {
          expectInvalidCustom(c.module(), c.message());
        } else {
          expectRejection(c.module(), false, c.message());
        }
      }
      case Command.AssertUnlinkable c -> assertUnlinkable(c);
      case Command.AssertUninstantiable c -> {
        Module module = ScriptRunner.module(c.module());
        expectTrap(c.message(), () -> link(module));
      }
      case Command.StartThread c -> {
        Map<String, Instance> shared = new HashMap<>();
        c.shared().forEach(id -> shared.put(id, find(instances, "instance", id)));
        threads.put(c.id(), ScriptThread.start(engine, shared, c));
      }
      case Command.AwaitThread c -> {
        ScriptThread thread = threads.remove(c.id());
        if (thread == null) {
          throw new Failed("no thread $" + c.id());
        }
        join(thread);
      }
    }
  }

  private static <T> T find(Map<String, T> map, String kind, String id) {
    T found = map.get(id);
    if (found == null) {
      throw new Failed("no " + kind + " $" + id);
    }
    return found;
  }

  /** Makes instances of another context visible in this one. */
  void share(Map<String, Instance> shared) {
    instances.putAll(shared);
  }

  private void join(ScriptThread thread) {
    ScriptReport report = thread.join(DEADLINE);
    passed += report.passed();
    failed += report.failed();
    skipped += report.skipped();
    failures.addAll(report.failures());
  }

  // Modules and instances

  private void define(Command.DefineModule command) {
    lastModule = Optional.empty();
    command.id().ifPresent(modules::remove);
    if (!command.definition()) {
      lastInstance = Optional.empty();
      command.id().ifPresent(instances::remove);
    }
    Module module = ScriptRunner.module(command.module());
    engine.prepare(module);
    lastModule = Optional.of(module);
    command.id().ifPresent(id -> modules.put(id, module));
    if (!command.definition()) {
      instantiate(module, command.id());
    }
  }

  private void instantiate(Module module, Optional<String> id) {
    lastInstance = Optional.empty();
    id.ifPresent(instances::remove);
    Instance instance = link(module);
    lastInstance = Optional.of(instance);
    id.ifPresent(name -> instances.put(name, instance));
  }

  private Instance link(Module module) {
    store.setDeadline(DEADLINE);
    return linker.instantiate(store, module);
  }

  private Instance instance(Optional<String> id) {
    return id.map(name -> find(instances, "instance", name))
        .or(() -> lastInstance)
        .orElseThrow(() -> new Failed("no instance"));
  }

  // Actions

  private List<Object> perform(Action action) {
    Instance instance = instance(action.instance());
    return switch (action) {
      case Action.Get get -> Arrays.asList(instance.global(get.export()).get());
      case Action.Invoke invoke -> {
        Func func = instance.func(invoke.export());
        store.setDeadline(DEADLINE);
        Object result =
            func.call(invoke.arguments().stream().map(Values::of).toArray(Object[]::new));
        yield switch (func.type().results().size()) {
          case 0 -> List.of();
          case 1 -> Arrays.asList(result);
          default -> Arrays.asList((Object[]) result);
        };
      }
    };
  }

  private void assertReturn(Command.AssertReturn command) {
    List<Object> results = perform(command.action());
    List<Pattern> expected = command.results();
    boolean matches = results.size() == expected.size();
    for (int i = 0; matches && i < results.size(); i++) {
      matches = Values.matches(results.get(i), expected.get(i));
    }
    if (!matches) {
      throw new Failed(
          call(command.action())
              + " gave "
              + Values.describe(results)
              + ", expected "
              + text(expected));
    }
  }

  private static String text(List<Pattern> expected) {
    return expected.isEmpty()
        ? "nothing"
        : expected.stream().map(Pattern::toString).collect(Collectors.joining(" "));
  }

  private static String call(Action action) {
    StringBuilder text = new StringBuilder(action.export());
    if (action instanceof Action.Invoke invoke) {
      for (Value argument : invoke.arguments()) {
        text.append(' ').append(argument);
      }
    }
    return text.toString();
  }

  private static Trap expectTrap(String message, Runnable action) {
    try {
      action.run();
    } catch (Trap trap) {
      if (!Expectations.sameWords(message, trap.getMessage())) {
        throw new Failed("expected trap \"" + message + "\", got \"" + trap.getMessage() + "\"");
      }
      return trap;
    }
    throw new Failed("expected trap \"" + message + "\", but it returned");
  }

  private void assertException(Command.AssertException command) {
    try {
      perform(command.action());
    } catch (WasmException e) {
      return;
    }
    throw new Failed("expected an exception, but it returned");
  }

  // Modules that must be refused

  private void expectRejection(ModuleSource source, boolean malformed, String message) {
    try {
      engine.prepare(ScriptRunner.module(source));
    } catch (WasmFormatException e) {
      String wrong = Expectations.check(e, malformed, message);
      if (!wrong.isEmpty()) {
        throw new Failed(wrong);
      }
      return;
    }
    throw new Failed(
        (malformed ? "malformed" : "invalid")
            + " module expected (\""
            + message
            + "\"), but it is valid");
  }

  private void expectInvalidCustom(ModuleSource source, String message) {
    Module module = ScriptRunner.module(source);
    engine.prepare(module);
    String found = BranchHints.fault(module).orElse("");
    if (found.isEmpty() || !Expectations.sameWords(message, found)) {
      throw new Failed(
          "expected \"" + message + "\", got " + (found.isEmpty() ? "nothing" : found));
    }
  }

  private void assertUnlinkable(Command.AssertUnlinkable command) {
    Module module = ScriptRunner.module(command.module());
    try {
      link(module);
    } catch (LinkException e) {
      if (!Expectations.sameWords(command.message(), e.getMessage())) {
        throw new Failed("expected \"" + command.message() + "\", got \"" + e.getMessage() + "\"");
      }
      return;
    }
    throw new Failed("unlinkable module expected (\"" + command.message() + "\"), but it links");
  }
}

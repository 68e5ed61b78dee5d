package dev.capsule.engine.script;

import dev.capsule.engine.runtime.Engine;
import dev.capsule.engine.runtime.Instance;
import dev.capsule.engine.text.Command;
import java.time.Duration;
import java.util.Map;

/** A thread of a script: a context of its own, with a store of its own, in a host thread. */
final class ScriptThread {
  private final Command.StartThread command;
  private final ScriptContext context;
  private final Thread thread;

  private ScriptThread(Command.StartThread command, ScriptContext context) {
    this.command = command;
    this.context = context;
    this.thread = new Thread(() -> context.run(command.commands()), "script-" + command.id());
    thread.setDaemon(true);
  }

  static ScriptThread start(
      Engine engine, Map<String, Instance> shared, Command.StartThread command) {
    ScriptContext context = new ScriptContext(engine);
    context.share(shared);
    ScriptThread started = new ScriptThread(command, context);
    started.thread.start();
    return started;
  }

  /** Waits for the end and gives the thread's report. */
  ScriptReport join(Duration patience) {
    try {
      if (thread.join(patience)) {
        return context.report();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    thread.interrupt();
    return ScriptReport.unreadable(command.line(), "thread $" + command.id() + " did not end");
  }
}

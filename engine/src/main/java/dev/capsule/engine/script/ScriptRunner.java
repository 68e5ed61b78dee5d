package dev.capsule.engine.script;

import dev.capsule.engine.module.Module;
import dev.capsule.engine.runtime.Engine;
import dev.capsule.engine.text.ModuleSource;
import dev.capsule.engine.text.Script;

/**
 * Runs scripts, each with a store of its own that holds the {@code spectest} module. Actions get a
 * deadline, so a hang is a failure.
 */
public final class ScriptRunner {
  private final Engine engine;

  public ScriptRunner(Engine engine) {
    this.engine = engine;
  }

  /** Runs all commands, whatever fails on the way. */
  public ScriptReport run(Script script) {
    ScriptContext context = new ScriptContext(engine);
    context.run(script.commands());
    return context.report();
  }

  /** The module of a source, parsed or decoded but not validated. */
  static Module module(ModuleSource source) {
    return switch (source) {
      case ModuleSource.Binary binary -> Module.decode(binary.bytes());
      case ModuleSource.Quote quote -> quote.parse();
      case ModuleSource.Text text -> text.parse();
    };
  }
}

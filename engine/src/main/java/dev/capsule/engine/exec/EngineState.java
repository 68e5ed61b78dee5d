package dev.capsule.engine.exec;

import dev.capsule.engine.interpreter.Interpreter;
import dev.capsule.engine.module.Module;
import dev.capsule.engine.runtime.EngineStatistics;
import dev.capsule.engine.runtime.Tier;
import dev.capsule.engine.validation.Validator;
import java.lang.ref.Cleaner;
import java.lang.reflect.InvocationTargetException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.WeakHashMap;

/**
 * The inside of an engine: its tier, and the code of the modules it has prepared. The code is
 * attached to the module, so that it goes with it; a cleaner detaches it when the engine goes.
 * Therefore nothing that code refers to may refer to this object.
 */
public final class EngineState {
  private static final Cleaner CLEANER = Cleaner.create();
  private static final String COMPILER = "dev.capsule.engine.compiler.CompilingTier";

  private final EngineConfig config;
  private final ExecutionTier tier;
  private final Attachments attachments = new Attachments();

  public EngineState(EngineConfig config) {
    ExecutionTier interpreter = new Interpreter(config);
    ExecutionTier chosen = interpreter;
    if (config.tier() != Tier.INTERPRETER && !config.forbidClassDefinition()) {
      ExecutionTier compiler = compiler(config, interpreter);
      if (compiler == null && config.tier() == Tier.JIT) {
        throw new IllegalStateException("tier JIT needs the library org.ow2.asm:asm");
      }
      chosen = compiler == null ? interpreter : compiler;
    }
    this.tier = chosen;
    this.config = chosen == interpreter ? config.withTier(Tier.INTERPRETER) : config;
    CLEANER.register(this, attachments::clear);
  }

  /**
   * The compiling tier, by name because it and its library are optional; null where either is
   * missing.
   */
  private static ExecutionTier compiler(EngineConfig config, ExecutionTier interpreter) {
    try {
      return (ExecutionTier)
          Class.forName(COMPILER)
              .getConstructor(EngineConfig.class, ExecutionTier.class)
              .newInstance(config, interpreter);
    } catch (ClassNotFoundException | NoClassDefFoundError e) {
      return null;
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof NoClassDefFoundError) {
        return null;
      }
      if (e.getCause() instanceof RuntimeException refused) {
        throw refused;
      }
      throw new IllegalStateException("the compiling tier cannot be made", e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("the compiling tier cannot be made", e);
    }
  }

  ExecutionTier tier() {
    return tier;
  }

  public EngineConfig config() {
    return config;
  }

  /** Validates a module unless that has been done, and gives its code. */
  public ModuleCode prepare(Module module) {
    if (module.attachment(attachments) instanceof ModuleCode code) {
      return code;
    }
    Validator.validate(module, config.features());
    return attach(module);
  }

  /** Gives a module's code without validating it: it is known to be valid in this engine. */
  void prepareValid(Module module) {
    if (!(module.attachment(attachments) instanceof ModuleCode)) {
      attach(module);
    }
  }

  private ModuleCode attach(Module module) {
    ModuleCode code = new ModuleCode(module, tier, config);
    attachments.modules.add(module);
    return (ModuleCode) module.attach(attachments, code);
  }

  /** Compiles all functions of a module. */
  public void precompile(Module module) {
    tier.precompile(prepare(module));
  }

  /** How functions run, and what was compiled. */
  public EngineStatistics statistics() {
    int interpreted = 0;
    for (Module module : attachments.alive()) {
      if (module.attachment(attachments) instanceof ModuleCode code) {
        for (FunctionCode function : code.functions) {
          if (function != null && function.lowered != null && function.compiled == null) {
            interpreted++;
          }
        }
      }
    }
    return tier.statistics(interpreted);
  }

  /** The modules to which code was attached; the key under which it was. */
  private static final class Attachments {
    final Set<Module> modules =
        Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

    List<Module> alive() {
      synchronized (modules) {
        return new ArrayList<>(modules);
      }
    }

    void clear() {
      for (Module module : alive()) {
        module.detach(this);
      }
    }
  }
}

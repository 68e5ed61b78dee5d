package dev.capsule.benchmarks;

import dev.capsule.engine.module.Module;
import dev.capsule.engine.runtime.Engine;
import dev.capsule.engine.runtime.Instance;
import dev.capsule.engine.runtime.Linker;
import dev.capsule.engine.runtime.Store;
import dev.capsule.engine.runtime.StoreLimits;
import dev.capsule.engine.types.ExternFunc;
import dev.capsule.engine.types.FuncType;
import dev.capsule.engine.types.NumType;
import dev.capsule.wasi.WasiContext;
import dev.capsule.wasi.p1.Preview1Program;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** Guest programs in this project's engine. */
final class CapsuleGuests {
  private CapsuleGuests() {}

  static Guest quickJs(Engine engine, Path file, byte[] script) {
    Module module = Module.decode(file);
    Store store = engine.newStore(StoreLimits.DEFAULT);
    Linker linker = new Linker();
    for (var each : module.imports()) {
      if (each.type() instanceof ExternFunc function) {
        FuncType type = function.func();
        boolean answers = type.results().equals(List.of(NumType.I32));
        linker.func(
            each.module(),
            each.name(),
            type,
            caller -> {
              if (answers) {
                caller.setI32(0, 0);
              }
            });
      }
    }
    Instance instance = linker.instantiate(store, module);
    return new QuickJs(new Exports(instance), script);
  }

  /** Runs Python's {@code _start}; the script talks over the process's own streams. */
  static int python(Engine engine, Path file, String script) {
    Store store = engine.newStore(StoreLimits.DEFAULT);
    try (WasiContext context =
            WasiContext.builder().arguments("python", "-c", script).inheritStdio().build();
        Preview1Program program =
            Preview1Program.instantiate(store, Module.decode(file), context)) {
      return program.run();
    }
  }

  private record Exports(Instance instance) implements QuickJs.Exports {
    @Override
    public int call(String name, int... arguments) {
      Object result =
          instance.func(name).call(Arrays.stream(arguments).boxed().toArray(Object[]::new));
      return result instanceof Integer value ? value : 0;
    }

    @Override
    public double callDouble(String name, int argument) {
      return (Double) instance.func(name).call(argument);
    }

    @Override
    public void write(int address, byte[] bytes) {
      instance.memory("memory").write(address, bytes);
    }
  }
}

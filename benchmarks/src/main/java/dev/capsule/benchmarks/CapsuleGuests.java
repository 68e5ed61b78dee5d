package dev.capsule.benchmarks;

import dev.capsule.engine.module.Module;
import dev.capsule.engine.runtime.Engine;
import dev.capsule.engine.runtime.Instance;
import dev.capsule.engine.runtime.Linker;
import dev.capsule.engine.runtime.Store;
import dev.capsule.engine.types.ExternFunc;
import dev.capsule.engine.types.FuncType;
import dev.capsule.engine.types.NumType;
import dev.capsule.wasi.WasiContext;
import dev.capsule.wasi.p1.Preview1Program;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** Guest programs in this project's engine. */
final class CapsuleGuests implements Guests {
  private final CapsuleVariant variant;
  private final Engine engine;
  private final Module module;

  CapsuleGuests(CapsuleVariant variant, Path file) {
    this.variant = variant;
    engine = variant.engine();
    module = Module.decode(file);
  }

  @Override
  public QuickJs quickJs() {
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
    return new QuickJs(new Exports(linker.instantiate(variant.store(engine), module)));
  }

  @Override
  public int python(String... arguments) {
    Store store = variant.store(engine);
    try (WasiContext context =
            WasiContext.builder()
                .arguments("python")
                .arguments(List.of(arguments))
                .inheritStdio()
                .build();
        Preview1Program program = Preview1Program.instantiate(store, module, context)) {
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

package dev.capsule.benchmarks.kernel;

import dev.capsule.engine.module.Module;
import dev.capsule.engine.runtime.Engine;
import dev.capsule.engine.runtime.FuelMode;
import dev.capsule.engine.runtime.Func;
import dev.capsule.engine.runtime.Linker;
import dev.capsule.engine.runtime.Tier;
import java.util.Locale;
import java.util.function.IntUnaryOperator;
import java.util.function.Supplier;

/** This project's engine, a tier and a way to count fuel: {@code jit-exact}. */
record CapsuleEngine(String name) implements WasmEngine {
  private Engine engine() {
    String[] parts = name.toUpperCase(Locale.ROOT).split("-", 2);
    return Engine.builder()
        .tier(Tier.valueOf(parts[0]))
        .fuelMode(FuelMode.valueOf(parts[1]))
        .build();
  }

  private static Linker linker() {
    return new Linker().func("host", "next", IntUnaryOperator.class, JavaTwins::next);
  }

  @Override
  public IntUnaryOperator load(byte[] wasm) {
    return run(engine(), Module.decode(wasm)).as(IntUnaryOperator.class);
  }

  private static Func run(Engine engine, Module module) {
    return linker().instantiate(engine.newStore(), module).func("run");
  }

  @Override
  public IntUnaryOperator instantiator(byte[] wasm) {
    Engine engine = engine();
    Module module = Module.decode(wasm);
    Supplier<Func> instance = () -> run(engine, module);
    return n -> {
      int sum = 0;
      for (int i = 0; i < n; i++) {
        sum += (Integer) instance.get().call(1);
      }
      return sum;
    };
  }

  @Override
  public void validate(byte[] wasm) {
    engine().prepare(Module.decode(wasm));
  }

  @Override
  public void compile(byte[] wasm) {
    Engine engine = engine();
    Module module = Module.decode(wasm);
    engine.precompile(module);
    if (engine.statistics().failed() > 0) {
      throw new IllegalStateException(engine.statistics().failures().toString());
    }
  }
}

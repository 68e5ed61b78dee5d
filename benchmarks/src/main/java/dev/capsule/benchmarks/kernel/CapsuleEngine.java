package dev.capsule.benchmarks.kernel;

import dev.capsule.benchmarks.CapsuleVariant;
import dev.capsule.engine.module.Module;
import dev.capsule.engine.runtime.Engine;
import dev.capsule.engine.runtime.Func;
import dev.capsule.engine.runtime.Linker;
import java.util.function.IntUnaryOperator;
import java.util.function.Supplier;

/** This project's engine, under a name of {@link CapsuleVariant}. */
record CapsuleEngine(String name) implements WasmEngine {
  private Engine engine() {
    return CapsuleVariant.of(name).engine();
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
  public void decode(byte[] wasm) {
    Module.decode(wasm);
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

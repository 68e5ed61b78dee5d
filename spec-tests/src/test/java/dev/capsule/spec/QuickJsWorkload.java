package dev.capsule.spec;

import dev.capsule.engine.module.Module;
import dev.capsule.engine.runtime.Caller;
import dev.capsule.engine.runtime.Engine;
import dev.capsule.engine.runtime.EngineStatistics;
import dev.capsule.engine.runtime.FuelMode;
import dev.capsule.engine.runtime.HostCall;
import dev.capsule.engine.runtime.Instance;
import dev.capsule.engine.runtime.Linker;
import dev.capsule.engine.runtime.Tier;
import dev.capsule.engine.types.ExternFunc;
import dev.capsule.engine.types.FuncType;
import dev.capsule.engine.types.NumType;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** A program of its own: runs QuickJS for a while, so that the JVM's compilers see its code. */
final class QuickJsWorkload {
  private static final int ROUNDS = 12;
  private static final String SCRIPT =
      """
      (() => {
        const fib = (n) => (n < 2 ? n : fib(n - 1) + fib(n - 2));
        const counts = new Map();
        for (let i = 0; i < 20000; i++) counts.set('k' + (i % 500), i * 3.5);
        const sorted = Array.from({ length: 5000 }, (_, i) => (i * 7919) % 5003).sort((a, b) => a - b);
        const text = JSON.stringify(sorted.map((n) => ({ n, s: `${n}` })));
        return fib(18) + counts.size + JSON.parse(text).length + text.replace(/1+/g, 'x').length;
      })()
      """;

  private QuickJsWorkload() {}

  /** What a module imports as functions that do nothing. */
  static Linker idle(Module module) {
    Linker linker = new Linker();
    for (var each : module.imports()) {
      FuncType type = ((ExternFunc) each.type()).func();
      boolean errno = type.results().equals(List.of(NumType.I32));
      linker.func(each.module(), each.name(), type, (HostCall) call -> answer(call, errno));
    }
    return linker;
  }

  private static void answer(Caller call, boolean errno) {
    if (errno) {
      call.setI32(0, 0);
    }
  }

  /** Runs the module that the first argument names, counting fuel in the mode of the second. */
  public static void main(String[] args) {
    FuelMode mode = FuelMode.valueOf(args[1]);
    Engine engine = Engine.builder().tier(Tier.JIT).fuelMode(mode).build();
    Module module = Module.decode(Path.of(args[0]));
    Instance instance = idle(module).instantiate(engine.newStore(), module);
    instance.func("_initialize").call();
    instance.func("qjs_init").call();
    byte[] script = (SCRIPT + "\0").getBytes(StandardCharsets.UTF_8);
    int source = copy(instance, script);
    int file = copy(instance, "q\0".getBytes(StandardCharsets.UTF_8));
    Object result = null;
    for (int i = 0; i < ROUNDS; i++) {
      Object value = instance.func("qjs_eval").call(source, script.length - 1, file, 0);
      result = instance.func("qjs_get_float64").call(value);
      instance.func("qjs_free_value").call(value);
    }
    System.out.println("result " + result);
    EngineStatistics statistics = engine.statistics();
    System.out.println(statistics.compiled() + " compiled, " + statistics.failures());
  }

  private static int copy(Instance instance, byte[] bytes) {
    int at = (Integer) instance.func("wasm_malloc").call(bytes.length);
    instance.memory("memory").write(at, bytes, 0, bytes.length);
    return at;
  }
}

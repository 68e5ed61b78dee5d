package dev.capsule.spec;

import dev.capsule.engine.module.Module;
import dev.capsule.engine.runtime.Engine;
import dev.capsule.engine.runtime.EngineStatistics;
import dev.capsule.engine.runtime.Tier;
import dev.capsule.wasi.WasiContext;
import dev.capsule.wasi.p1.Preview1Program;
import java.nio.file.Path;

/** A program of its own: runs CPython for a while, so that the JVM's compilers see its code. */
final class PythonWorkload {
  private static final String SCRIPT =
      """
      import json
      def fib(n): return n if n < 2 else fib(n - 1) + fib(n - 2)
      d = {}
      for r in range(4):
          fib(20)
          for i in range(60000): d[i % 1000] = i * 3
          sorted(range(20000), key=lambda x: -x)
          json.loads(json.dumps([{'a': i, 'b': str(i)} for i in range(2000)]))
      print('done')
      """;

  private PythonWorkload() {}

  /** Runs the module that the first argument names on the tier that the second names. */
  public static void main(String[] args) {
    Engine engine = Engine.builder().tier(Tier.valueOf(args[1])).build();
    try (Preview1Program program =
        Preview1Program.instantiate(
            engine.newStore(),
            Module.decode(Path.of(args[0])),
            WasiContext.builder().inheritStdio().arguments("python", "-c", SCRIPT).build())) {
      System.out.println("exit code " + program.run());
    }
    EngineStatistics statistics = engine.statistics();
    System.out.println(statistics.compiled() + " compiled, " + statistics.failures());
  }
}

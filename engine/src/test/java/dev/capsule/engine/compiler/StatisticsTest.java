package dev.capsule.engine.compiler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.capsule.engine.exec.EngineConfig;
import dev.capsule.engine.exec.ModuleCode;
import dev.capsule.engine.module.Module;
import dev.capsule.engine.runtime.Engine;
import dev.capsule.engine.runtime.EngineStatistics;
import dev.capsule.engine.runtime.FuelMode;
import dev.capsule.engine.runtime.Instance;
import dev.capsule.engine.runtime.Linker;
import dev.capsule.engine.runtime.Tier;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What an engine tells about the tiers of its functions. */
class StatisticsTest {
  private static final Module MODULE =
      Module.parse(
          """
          (module
            (func (export "hot") (param i32) (result i32)
              (i32.add (local.get 0) (i32.const 1)))
            (func (export "cold") (result i32) (i32.const 7))
            (func (export "never")))
          """);

  private static Instance instance(Engine engine) {
    return new Linker().instantiate(engine.newStore(), MODULE);
  }

  @Test
  void interpretersCountWhatWasCalled() {
    Engine engine = Engine.builder().tier(Tier.INTERPRETER).build();
    Instance instance = instance(engine);
    assertEquals(EngineStatistics.interpreting(0), engine.statistics());
    instance.func("cold").call();
    assertEquals(EngineStatistics.interpreting(1), engine.statistics());
  }

  @Test
  void whatIsWarmIsCompiled() {
    Engine engine = Engine.builder().background(false).build();
    Instance instance = instance(engine);
    instance.func("cold").call();
    for (int i = 0; i < 100_000; i++) {
      instance.func("hot").call(i);
    }
    EngineStatistics statistics = engine.statistics();
    assertEquals(1, statistics.interpreted());
    assertEquals(1, statistics.compiled());
    assertEquals(0, statistics.failed(), () -> statistics.failures().toString());
    assertTrue(statistics.classes() >= 1);
    assertTrue(statistics.classBytes() > 0);
    assertTrue(statistics.compileTime().compareTo(Duration.ZERO) > 0);
  }

  @Test
  void failuresHaveReasons() {
    CompilationCounters counters = new CompilationCounters();
    var code =
        new ModuleCode(
            MODULE,
            (store, function, sp) -> {},
            new EngineConfig(
                Tier.JIT, FuelMode.EXACT, Set.of(), false, Optional.empty(), false, false));
    counters.failed(code.functions[1], new IllegalStateException("too odd"));
    EngineStatistics statistics = counters.statistics(0, 0);
    assertEquals(1, statistics.failed());
    assertEquals(1, statistics.failures().size());
    assertTrue(
        statistics.failures().getFirst().contains("(1): java.lang.IllegalStateException: too odd"),
        statistics.failures()::toString);
  }
}

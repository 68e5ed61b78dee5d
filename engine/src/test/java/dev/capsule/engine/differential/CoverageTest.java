package dev.capsule.engine.differential;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.capsule.engine.interpreter.ReferenceTier;
import dev.capsule.engine.module.Opcode;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Random modules execute every instruction. */
class CoverageTest {
  private static final int MOST_CASES = 20_000;

  @Test
  void randomModulesExecuteEveryInstruction() {
    EnumSet<Opcode> missing = EnumSet.allOf(Opcode.class);
    ReferenceTier tier = new ReferenceTier(true, missing::remove);
    Subject subject = Subject.of("COVERAGE", tier);
    for (long seed = 0; seed < MOST_CASES && !missing.isEmpty(); seed++) {
      Case of = Case.of(Choices.random(seed));
      long[] fuel = new long[Run.steps(of)];
      Arrays.fill(fuel, of.fuel());
      Run.of(of, subject.store(of, Comparison.limits(of)), fuel);
    }
    assertEquals(Set.of(), missing, "not executed");
  }
}

package dev.capsule.engine.compiler;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import dev.capsule.engine.module.Module;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which functions calls through tables are expected to find. */
class TableFunctionsTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "(elem (i32.const 0) func 1 2 4)",
        "(elem (i32.const 0) funcref (ref.func 4) (ref.null func) (item ref.func 1) (ref.func 2))",
        "(elem (i32.const 0) (ref $t) (ref.func 1) (ref.func 2)) (elem funcref (ref.func 4))"
      })
  void segmentsNameThem(String segments) {
    Module module =
        Module.parse(
            "(module (type $t (func)) (import \"m\" \"f\" (func (type $t)))"
                + "(func (type $t)) (func (type $t)) (func (type $t)) (func (type $t))"
                + "(table 10 funcref)"
                + segments
                + ")");
    assertArrayEquals(new int[] {1, 2, 4}, new TableFunctions(module).of(0));
  }
}

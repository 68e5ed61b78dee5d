package dev.capsule.engine.validation;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.capsule.engine.module.Feature;
import dev.capsule.engine.module.InvalidException;
import dev.capsule.engine.module.Module;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FeatureTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          SIGN_EXTENSION          | (func i32.const 0 i32.extend8_s drop)
          SATURATING_FLOAT_TO_INT | (func f32.const 0 i32.trunc_sat_f32_s drop)
          MULTI_VALUE             | (func (result i32 i32) i32.const 0 i32.const 0)
          MULTI_VALUE             | (type $t (func (param i32))) (func i32.const 0 (block (type $t) drop))
          BULK_MEMORY             | (memory 0) (data "a")
          BULK_MEMORY             | (memory 0) (func (memory.fill (i32.const 0) (i32.const 0) (i32.const 0)))
          REFERENCE_TYPES         | (func (param externref))
          REFERENCE_TYPES         | (table 1 funcref) (table 1 funcref)
          REFERENCE_TYPES         | (func ref.null func drop)
          SIMD                    | (func (param v128))
          SIMD                    | (func v128.const i64x2 0 0 drop)
          RELAXED_SIMD            | (func (param v128) local.get 0 local.get 0 i8x16.relaxed_swizzle drop)
          EXTENDED_CONST          | (global i32 (i32.add (i32.const 0) (i32.const 1)))
          TAIL_CALLS              | (func return_call 0)
          EXCEPTIONS              | (func (try_table))
          EXCEPTIONS              | (func (param exnref))
          LEGACY_EXCEPTIONS       | (func try catch_all end)
          FUNCTION_REFERENCES     | (type $t (func)) (func (param (ref null $t)))
          FUNCTION_REFERENCES     | (func (param (ref func)))
          GC                      | (type (struct))
          GC                      | (type (array i8))
          GC                      | (rec (type (func)) (type (func)))
          GC                      | (type (sub (func)))
          GC                      | (func (param anyref))
          MULTI_MEMORY            | (memory 0) (memory 0)
          MEMORY64                | (memory i64 0)
          MEMORY64                | (table i64 0 funcref)
          THREADS                 | (memory 0 1 shared)
          THREADS                 | (func atomic.fence)
          CUSTOM_PAGE_SIZES       | (memory 0 (pagesize 1))
          WIDE_ARITHMETIC         | (func (param i64) local.get 0 local.get 0 i64.mul_wide_s drop drop)
          """)
  void aFeatureThatIsOffIsNamed(Feature feature, String fields) {
    Module module = Module.parse("(module " + fields + ")");
    Set<Feature> others = EnumSet.complementOf(EnumSet.of(feature));
    InvalidException error =
        assertThrows(InvalidException.class, () -> Validator.validate(module, others));
    assertTrue(error.reason().endsWith("feature " + feature + " is disabled"), error.getMessage());
    assertDoesNotThrow(() -> Validator.validate(module));
  }

  @Test
  void theLanguageOf2017NeedsNoFeature() {
    Module module =
        Module.parse(
            """
            (module
              (import "m" "g" (global $g i32))
              (memory 1)
              (table 2 funcref)
              (global $h (mut i32) (global.get $g))
              (elem (i32.const 0) $f $f)
              (data (i32.const 1) "abc")
              (func $f (export "f") (param i32) (result i32)
                (if (result i32) (local.get 0)
                  (then (call_indirect (param i32) (result i32)
                    (i32.sub (local.get 0) (i32.const 1)) (i32.const 1)))
                  (else (i32.load8_u offset=3 (global.get $h))))))
            """);
    assertDoesNotThrow(() -> Validator.validate(module, EnumSet.of(Feature.MVP)));
  }

  @Test
  void throwingNeedsEitherKindOfExceptions() {
    Module module = Module.parse("(module (tag $t) (func throw $t))");
    assertDoesNotThrow(
        () -> Validator.validate(module, EnumSet.of(Feature.MVP, Feature.LEGACY_EXCEPTIONS)));
    assertDoesNotThrow(
        () -> Validator.validate(module, EnumSet.of(Feature.MVP, Feature.EXCEPTIONS)));
    assertThrows(InvalidException.class, () -> Validator.validate(module, EnumSet.of(Feature.MVP)));
  }
}

package dev.capsule.engine.script;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.capsule.engine.runtime.Engine;
import dev.capsule.engine.runtime.Tier;
import dev.capsule.engine.text.Script;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An assertion that does not hold must be told: a runner that says yes to all proves nothing. */
class ScriptRunnerTest {
  private static final String MODULE =
      """
      (module $m
        (global (export "g") i32 (i32.const 7))
        (tag $e)
        (func (export "id") (param i32) (result i32) (local.get 0))
        (func (export "nan") (result f32) (f32.const nan:0x400001))
        (func (export "snan") (result f32) (f32.const nan:0x1))
        (func (export "two") (result i32 f64) (i32.const 1) (f64.const -0))
        (func (export "v") (result v128) (v128.const f32x4 nan 1 2 3))
        (func (export "null") (result externref) (ref.null extern))
        (func (export "self") (result funcref) (ref.func 0))
        (func (export "i31") (result anyref) (ref.i31 (i32.const 1)))
        (func (export "host") (param externref) (result externref) (local.get 0))
        (func (export "trap") (unreachable))
        (func (export "throw") (throw $e))
        (func $deep (export "deep") (call $deep)))
      """;

  private static ScriptReport run(String commands) {
    Script script = Script.parse((MODULE + commands).getBytes(StandardCharsets.UTF_8));
    return new ScriptRunner(Engine.builder().tier(Tier.INTERPRETER).build()).run(script);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "(assert_return (invoke \"id\" (i32.const 5)) (i32.const 5))",
        "(assert_return (invoke $m \"id\" (i32.const -1)) (i32.const 0xffffffff))",
        "(assert_return (get \"g\") (i32.const 7))",
        "(assert_return (invoke \"nan\") (f32.const nan:arithmetic))",
        "(assert_return (invoke \"nan\") (f32.const nan:0x400001))",
        "(assert_return (invoke \"two\") (i32.const 1) (f64.const -0.0))",
        "(assert_return (invoke \"v\") (v128.const f32x4 nan:canonical 1 2 3))",
        "(assert_return (invoke \"v\") (either (v128.const i64x2 0 0) (v128.const f32x4 nan 1 2"
            + " 3)))",
        "(assert_return (invoke \"null\") (ref.null extern))",
        "(assert_return (invoke \"null\") (ref.null))",
        "(assert_return (invoke \"self\") (ref.func))",
        "(assert_return (invoke \"i31\") (ref.i31))",
        "(assert_return (invoke \"i31\") (ref.eq))",
        "(assert_return (invoke \"host\" (ref.extern 3)) (ref.extern 3))",
        "(assert_return (invoke \"host\" (ref.extern 3)) (ref.extern))",
        "(assert_trap (invoke \"trap\") \"unreachable\")",
        "(assert_exhaustion (invoke \"deep\") \"call stack exhausted\")",
        "(assert_exception (invoke \"throw\"))",
        "(assert_malformed (module quote \"(func\") \"unexpected token\")",
        "(assert_malformed (module binary \"\\00asm\") \"unexpected end\")",
        "(assert_invalid (module (func (result i32))) \"type mismatch\")",
        "(assert_unlinkable (module (import \"x\" \"y\" (func))) \"unknown import\")",
        "(assert_trap (module (func $f unreachable) (start $f)) \"unreachable\")",
        "(invoke \"id\" (i32.const 1))",
        "(module instance $i $m)",
      })
  void whatHoldsPasses(String command) {
    ScriptReport report = run(command);
    assertEquals("[]", report.failures().toString());
    assertEquals(2, report.passed());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "(assert_return (invoke \"id\" (i32.const 5)) (i32.const 6))",
        "(assert_return (invoke \"id\" (i32.const 5)) (i64.const 5))",
        "(assert_return (invoke \"id\" (i32.const 5)))",
        "(assert_return (invoke \"id\" (i64.const 5)) (i32.const 5))",
        "(assert_return (invoke \"none\"))",
        "(assert_return (get \"g\") (i32.const 8))",
        "(assert_return (invoke \"nan\") (f32.const nan:canonical))",
        "(assert_return (invoke \"snan\") (f32.const nan:arithmetic))",
        "(assert_return (invoke \"two\") (i32.const 1) (f64.const 0))",
        "(assert_return (invoke \"two\") (i32.const 1))",
        "(assert_return (invoke \"v\") (v128.const f32x4 nan:canonical 1 2 4))",
        "(assert_return (invoke \"v\") (either (v128.const i64x2 0 0) (v128.const i64x2 1 1)))",
        "(assert_return (invoke \"null\") (ref.extern))",
        "(assert_return (invoke \"self\") (ref.null func))",
        "(assert_return (invoke \"i31\") (ref.struct))",
        "(assert_return (invoke \"host\" (ref.extern 3)) (ref.extern 4))",
        "(assert_return (invoke \"trap\"))",
        "(assert_trap (invoke \"id\" (i32.const 1)) \"unreachable\")",
        "(assert_trap (invoke \"trap\") \"integer overflow\")",
        "(assert_trap (invoke \"throw\") \"unreachable\")",
        "(assert_exhaustion (invoke \"trap\") \"unreachable\")",
        "(assert_exception (invoke \"trap\"))",
        "(assert_exception (invoke \"null\"))",
        "(assert_malformed (module quote \"(func)\") \"unexpected token\")",
        "(assert_malformed (module quote \"(func\") \"unknown operator\")",
        "(assert_malformed (module quote \"(func (result i32))\") \"type mismatch\")",
        "(assert_invalid (module (func)) \"type mismatch\")",
        "(assert_invalid (module quote \"(func (foo))\") \"unknown operator\")",
        "(assert_invalid (module (func (result i32))) \"unknown function\")",
        "(assert_unlinkable (module (func)) \"unknown import\")",
        "(assert_unlinkable (module (import \"spectest\" \"print\" (func (param i64))))"
            + " \"unknown\")",
        "(assert_trap (module (func)) \"unreachable\")",
        "(invoke \"trap\")",
        "(register \"r\" $none)",
        "(module (func (result i32)))",
        "(module (func (foo)))",
        "(module (import \"x\" \"y\" (func)))",
        "(module instance $i $none)",
        "(wait $none)",
      })
  void whatDoesNotHoldFails(String command) {
    ScriptReport report = run(command);
    assertEquals(1, report.failed(), () -> report.toString());
    assertEquals(1, report.failures().size());
    assertTrue(report.failures().get(0).line() > 15);
  }

  @Test
  void actionsDoNotRunOnAnotherModuleThanTheLast() {
    ScriptReport report = run("(module (func (foo))) (invoke \"id\" (i32.const 1))");
    assertEquals(2, report.failed());
  }

  @Test
  void whatFailsInAThreadCounts() {
    ScriptReport report =
        run(
            """
            (module $mem (memory (export "shared") 1 10 shared)
              (func (export "read") (result i32) (i32.atomic.load (i32.const 8))))
            (thread $t (shared (module $mem))
              (register "mem" $mem)
              (module (memory (import "mem" "shared") 1 1 shared)
                (func (export "write") (i32.atomic.store (i32.const 8) (i32.const 42))))
              (invoke "write"))
            (wait $t)
            (assert_return (invoke $mem "read") (i32.const 42))
            """);
    // What is given may grow larger than the import allows, so the thread's module does not link.
    assertEquals(3, report.failed(), () -> report.toString());
  }

  @Test
  void aThreadsResultsAreVisibleAfterWaitingForIt() {
    ScriptReport report =
        run(
            """
            (module $mem (memory (export "shared") 1 1 shared)
              (func (export "read") (result i32) (i32.atomic.load (i32.const 8))))
            (thread $t (shared (module $mem))
              (register "mem" $mem)
              (module (memory (import "mem" "shared") 1 1 shared)
                (func (export "write") (i32.atomic.store (i32.const 8) (i32.const 42))))
              (invoke "write"))
            (wait $t)
            (assert_return (invoke $mem "read") (i32.const 42))
            """);
    assertEquals("[]", report.failures().toString());
    assertEquals(5, report.passed());
  }
}

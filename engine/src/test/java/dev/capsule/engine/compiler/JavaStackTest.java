package dev.capsule.engine.compiler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.capsule.engine.exec.ModuleInstance;
import dev.capsule.engine.module.Module;
import dev.capsule.engine.runtime.Engine;
import dev.capsule.engine.runtime.Instance;
import dev.capsule.engine.runtime.Linker;
import dev.capsule.engine.runtime.Tier;
import dev.capsule.engine.runtime.Trap;
import dev.capsule.engine.runtime.TrapKind;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Compiled code never uses a thread's stack up, however the JVM runs it: interpreted frames are
 * largest for functions with many locals, those of C1 for functions with many values.
 */
class JavaStackTest {
  @ParameterizedTest
  @CsvSource({
    "2, -Xint",
    "20, -XX:TieredStopAtLevel=1 -XX:CompileThresholdScaling=0.02 -Xbatch",
    "20, -XX:TieredStopAtLevel=3 -XX:CompileThresholdScaling=0.02 -Xbatch",
  })
  void recursionsEndAsInTheInterpreter(String rounds, String flags)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(System.getProperty("java.home") + File.separator + "bin" + File.separator + "java");
    command.addAll(List.of(flags.split(" ")));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(DeepRecursion.class.getName());
    command.add(rounds);
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), output);
    assertEquals("done", output.strip());
  }

  /**
   * A function that no stack is large enough for, with a loop that the interpreter hands over where
   * little or nothing is left, and a call of itself in the loop: $s then recurses to the limit.
   */
  @ParameterizedTest
  @ValueSource(ints = {250, 251, 252, 253, 254})
  void whatIsLeftNeverWraps(int above) {
    String module =
        """
        (module
          (global $n (export "n") (mut i32) (i32.const 0))
          (func (export "f") (param i32) (call $above (local.get 0)))
          (func $above (param i32)
            (if (local.get 0)
              (then (call $above (i32.sub (local.get 0) (i32.const 1))))
              (else (call $large (i32.const 1)))))
          (func $s (global.set $n (i32.add (global.get $n) (i32.const 1))) (call $s))
          (func $large (param i32) (local i32)
            (if (i32.eqz (local.get 0)) (then (call $s)))
            (if (i32.eq (local.get 0) (i32.const 77)) (then %1$s %2$s))
            (loop $again
              (local.set 1 (i32.add (local.get 1) (i32.const 1)))
              (if (i32.eq (local.get 1) (i32.const 1000000))
                (then (call $large (i32.const 0))))
              (br_if $again (i32.lt_u (local.get 1) (i32.const 1000001))))))
        """
            .formatted("i32.const 0 ".repeat(66_000), "drop ".repeat(66_000));
    assertEquals(depth(module, Tier.INTERPRETER, above), depth(module, Tier.JIT, above));
  }

  private static int depth(String text, Tier tier, int above) {
    Engine engine = Engine.builder().tier(tier).background(false).build();
    Instance instance = new Linker().instantiate(engine.newStore(), Module.parse(text));
    for (int i = 0; i < 3; i++) {
      ((ModuleInstance) instance).code.functions[i].uncompilable = true;
    }
    Trap trap = assertThrows(Trap.class, () -> instance.func("f").call(above));
    assertEquals(TrapKind.CALL_STACK_EXHAUSTED, trap.kind());
    return (int) instance.global("n").get();
  }
}

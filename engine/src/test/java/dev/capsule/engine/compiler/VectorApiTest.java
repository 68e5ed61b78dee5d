package dev.capsule.engine.compiler;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.capsule.engine.module.Module;
import dev.capsule.engine.runtime.Engine;
import dev.capsule.engine.runtime.Instance;
import dev.capsule.engine.runtime.Linker;
import dev.capsule.engine.runtime.Tier;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Code for the Vector API gives what other tiers give, in a JVM that has been started with it. */
class VectorApiTest {
  private static final String MODULE =
      """
      (module (memory 1)
        (func $mixed (param $n i32) (param $v v128) (result v128)
          (local $sum v128)
          (loop $again
            (local.set $sum (i8x16.add_sat_u (local.get $sum)
              (i8x16.shuffle 0 17 2 19 4 21 6 23 8 25 10 27 12 29 14 31
                (local.get $v) (i16x8.splat (local.get $n)))))
            (local.set $v (i8x16.narrow_i16x8_u
              (i16x8.extmul_low_i8x16_s (local.get $v) (local.get $sum))
              (i16x8.extend_high_i8x16_u (local.get $v))))
            (local.set $v (v128.xor (local.get $v)
              (i8x16.swizzle (local.get $sum) (local.get $v))))
            (v128.store offset=3 (local.get $n) (f32x4.lt (local.get $v) (local.get $sum)))
            (br_if $again (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
          (i32x4.dot_i16x8_s (i8x16.avgr_u (local.get $v) (v128.load (i32.const 0)))
            (select (local.get $sum) (local.get $v) (i8x16.bitmask (local.get $v)))))
        (func (export "run") (param i32) (result i64)
          (local $r v128)
          (local.set $r (call $mixed (local.get 0)
            (v128.const i8x16 1 -2 3 -4 50 60 -70 80 9 100 -11 12 -128 127 15 16)))
          (i64.xor (i64x2.extract_lane 0 (local.get $r)) (i64x2.extract_lane 1 (local.get $r)))))
      """;

  /** What runs in the other JVM. */
  static final class Program {
    private Program() {}

    public static void main(String[] arguments) {
      System.out.print(VectorApi.PRESENT + " " + result(Tier.JIT));
    }
  }

  private static String result(Tier tier) {
    Engine engine = Engine.builder().tier(tier).build();
    Instance instance = new Linker().instantiate(engine.newStore(), Module.parse(MODULE));
    return String.valueOf(instance.func("run").call(1000));
  }

  @Test
  void tiersAgree() throws IOException, InterruptedException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    String classes = System.getProperty("java.class.path");
    Process process =
        new ProcessBuilder(
                List.of(
                    java,
                    "--add-modules=jdk.incubator.vector",
                    "-cp",
                    classes,
                    Program.class.getName()))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor());
    boolean present = Runtime.version().feature() >= 25;
    assertEquals(present + " " + result(Tier.INTERPRETER), answer);
  }
}

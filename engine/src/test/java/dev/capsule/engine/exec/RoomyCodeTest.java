package dev.capsule.engine.exec;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.capsule.engine.module.Module;
import dev.capsule.engine.runtime.Engine;
import dev.capsule.engine.runtime.Instance;
import dev.capsule.engine.runtime.Linker;
import dev.capsule.engine.runtime.Tier;
import dev.capsule.engine.runtime.Trap;
import dev.capsule.engine.runtime.TrapKind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * HotSpot's code for accesses, made while every array had its memory's size, traps at the size when
 * one has room: in a JVM of its own, since that happens once in each.
 */
class RoomyCodeTest {
  private static final List<Access> ACCESSES =
      List.of(
          new Access("i64.load", "", 8),
          new Access("i32.load8_s", "", 1),
          new Access("i32.load8_u", "", 1),
          new Access("i64.load16_u", "", 2),
          new Access("i32.load", "", 4),
          new Access("f32.load", "", 4),
          new Access("f64.load", "", 8),
          new Access("v128.load", "", 16),
          new Access("i32.store8", "(i32.const 0)", 1),
          new Access("i64.store16", "(i64.const 0)", 2),
          new Access("i32.store", "(i32.const 0)", 4),
          new Access("f32.store", "(f32.const 0)", 4),
          new Access("i64.store", "(i64.const 0)", 8),
          new Access("f64.store", "(f64.const 0)", 8),
          new Access("v128.store", "(v128.const i64x2 0 0)", 16));

  private static final int[] OFFSETS = {0, 9};
  private static final int PAGE = 65536;
  private static final int CALLS = 1000;

  /**
   * Functions "a0", "a1", ...: makes an access so many times, gives the memory so many pages more,
   * and makes it again.
   */
  private static String module() {
    StringBuilder text =
        new StringBuilder(
            """
            (module (memory (export "m") 1)
            (func $grow (export "grow") (param i32) (result i32) (memory.grow (local.get 0)))
            """);
    int number = 0;
    for (Access access : ACCESSES) {
      for (int offset : OFFSETS) {
        String code = access.at(offset);
        text.append(
            """
            (func (export "a%d") (param $rounds i32) (param $x i32) (param $pages i32)
              (loop $more
                %s
                (br_if $more
                  (i32.gt_s
                    (local.tee $rounds (i32.sub (local.get $rounds) (i32.const 1)))
                    (i32.const 0))))
              (if (local.get $pages) (then (drop (call $grow (local.get $pages)))))
              %s)
            """
                .formatted(number++, code, code));
      }
    }
    return text.append(")").toString();
  }

  /** What is run in a JVM of its own. */
  static final class Program {
    private Program() {}

    public static void main(String[] arguments) {
      Engine engine = Engine.builder().tier(Tier.JIT).background(false).build();
      Module module = Module.parse(module());
      Instance instance = new Linker().instantiate(engine.newStore(), module);
      // Of the same code, but with an array that keeps its size.
      Instance exact = new Linker().instantiate(engine.newStore(), module);
      ArrayMemory memory = (ArrayMemory) instance.memory("m");
      for (int i = 0; i < 128; i++) {
        instance.func("grow").call(1);
      }
      borders(instance, CALLS, 0);
      borders(exact, CALLS, 0);
      require(memory.bytes.length == memory.size, "the array has its size");
      // The array gets room within the first of these calls.
      borders(instance, 1, 1);
      require(memory.bytes.length > memory.size, "the array has room");
      borders(instance, 1, 0);
      borders(instance, CALLS, 0);
      borders(exact, 1, 0);
      System.out.print("traps as it should");
    }

    /** Makes each access at the last place in bounds, and at the first that is not. */
    private static void borders(Instance instance, int calls, int pages) {
      ArrayMemory memory = (ArrayMemory) instance.memory("m");
      int number = 0;
      for (Access access : ACCESSES) {
        for (int offset : OFFSETS) {
          String function = "a" + number++;
          for (int call = 0; call < calls; call++) {
            instance.func(function).call(10, call, 0);
          }
          int last = memory.size - access.bytes() - offset;
          // Only what comes after the growth is out of bounds.
          require(!traps(instance, function, last, 0), function + " in bounds");
          require(traps(instance, function, last + 1, 0), function + " out of bounds");
          if (pages > 0) {
            int grown = last + pages * PAGE;
            require(traps(instance, function, grown, 0), function + " before growth");
            require(!traps(instance, function, last, pages), function + " in bounds with growth");
            require(!traps(instance, function, grown, 0), function + " after growth");
            require(traps(instance, function, grown + 1, 0), function + " beyond growth");
          }
          require(traps(instance, function, -1, 0), function + " below");
        }
      }
    }

    private static boolean traps(Instance instance, String function, int address, int pages) {
      try {
        instance.func(function).call(1, address, pages);
        return false;
      } catch (Trap trap) {
        require(trap.kind() == TrapKind.OUT_OF_BOUNDS_MEMORY, function + ": " + trap);
        return true;
      }
    }

    private static void require(boolean condition, String what) {
      if (!condition) {
        throw new AssertionError(what);
      }
    }
  }

  @Test
  void codeForArraysOfTheVerySizeIsGivenUp() throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-XX:-BackgroundCompilation",
                    "-XX:CompileThresholdScaling=0.05",
                    "-cp",
                    System.getProperty("java.class.path"),
                    Program.class.getName()))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor());
    assertEquals("traps as it should", answer);
  }
}

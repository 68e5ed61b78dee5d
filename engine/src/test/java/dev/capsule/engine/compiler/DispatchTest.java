package dev.capsule.engine.compiler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.capsule.engine.module.Module;
import dev.capsule.engine.runtime.Engine;
import dev.capsule.engine.runtime.Instance;
import dev.capsule.engine.runtime.Linker;
import dev.capsule.engine.runtime.Store;
import dev.capsule.engine.runtime.Tier;
import dev.capsule.engine.runtime.Trap;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Functions that dispatch, as interpreters do: large enough to be split, with more variables than
 * keep JVM locals throughout, with handlers that write them on some paths only, call what grows the
 * memory, loop, throw and catch.
 */
class DispatchTest {
  private static final int LOCALS = 30;
  private static final int HANDLERS = 24;
  private static final int PROGRAM = 400;

  static LongStream seeds() {
    return LongStream.rangeClosed(1, 24);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void compiledAsInterpreted(long seed) {
    Module module = Module.parse(new Generator(seed).module());
    String interpreted = run(module, Tier.INTERPRETER);
    assertNotEquals("", interpreted);
    assertEquals(interpreted, run(module, Tier.JIT));
  }

  /** What became of a few runs: results or traps, fuel, memory. */
  private static String run(Module module, Tier tier) {
    StringBuilder seen = new StringBuilder();
    Engine engine = Engine.builder().tier(tier).build();
    Store store = engine.newStore();
    Instance instance = new Linker().instantiate(store, module);
    for (int start = 0; start < PROGRAM; start += 23) {
      try {
        seen.append(instance.func("run").call(start));
      } catch (Trap trap) {
        seen.append(trap.kind());
      }
      seen.append(" fuel ").append(store.fuelConsumed());
      byte[] memory = new byte[4096];
      instance.memory("memory").read(0, memory, 0, memory.length);
      seen.append(" memory ").append(Arrays.hashCode(memory));
      seen.append(" pages ").append(instance.memory("memory").pages()).append('\n');
    }
    assertEquals(0, engine.statistics().failed());
    assertEquals(tier == Tier.JIT, engine.statistics().compiled() > 0);
    return seen.toString();
  }

  /** Writes a module by a seed. */
  private static final class Generator {
    private final Random random;
    private final StringBuilder out = new StringBuilder();

    Generator(long seed) {
      this.random = new Random(seed);
    }

    String module() {
      out.append("(module (memory (export \"memory\") 1 400) (tag $e (param i32))\n");
      out.append("(func $grow (param i32) (result i32) (drop (memory.grow (i32.const 1)))");
      out.append(" (i32.store offset=64 (i32.const 8) (local.get 0)) (memory.size))\n");
      out.append("(func $throw (param i32) (result i32)");
      out.append(" (if (i32.and (local.get 0) (i32.const 1)) (then (throw $e (local.get 0))))");
      out.append(" (local.get 0))\n");
      out.append("(func (export \"run\") (param $pc i32) (result i32) (local $left i32)");
      for (int i = 0; i < LOCALS; i++) {
        out.append(" (local $v").append(i).append(i % 5 == 4 ? " i64)" : " i32)");
      }
      out.append("\n(local.set $left (i32.const 300))\n(block $exit (loop $next\n");
      out.append("(local.set $left (i32.sub (local.get $left) (i32.const 1)))");
      out.append("(br_if $exit (i32.eqz (local.get $left)))\n");
      for (int i = HANDLERS - 1; i >= 0; i--) {
        out.append("(block $h").append(i).append(' ');
      }
      out.append("\n(br_table");
      for (int i = 0; i < HANDLERS; i++) {
        out.append(" $h").append(i);
      }
      out.append(" $exit (i32.load8_u offset=2048 (local.get $pc)))\n");
      for (int i = 0; i < HANDLERS; i++) {
        out.append(")\n");
        out.append("(local.set $pc (i32.add (local.get $pc) (i32.const 1)))\n");
        for (int local = 0; local < LOCALS; local++) {
          if (isTemporary(local)) {
            set("$v" + local, value());
          }
        }
        int statements = 3 + random.nextInt(8);
        for (int s = 0; s < statements; s++) {
          statement(2);
        }
        out.append("(br $next)\n");
      }
      out.append("))\n(local.get $pc)");
      for (int i = 0; i < LOCALS; i++) {
        if (isTemporary(i)) {
          continue;
        }
        out.append(" (i32.mul (i32.const 31)) ");
        out.append(
            i % 5 == 4 ? "(i32.wrap_i64 (local.get $v" + i + "))" : "(local.get $v" + i + ")");
        out.append(" (i32.add)");
      }
      out.append(")\n(data (i32.const 2048) \"");
      for (int i = 0; i < PROGRAM + 400; i++) {
        out.append(String.format("\\%02x", random.nextInt(HANDLERS)));
      }
      return out.append("\"))").toString();
    }

    /** Whether every handler writes a local first, so that none is live where they dispatch. */
    private static boolean isTemporary(int local) {
      return local % 3 == 1 && local % 5 != 4;
    }

    private String local() {
      int local = random.nextInt(LOCALS);
      return "$v" + (local % 5 == 4 ? local - 1 : local);
    }

    private String wide() {
      return "$v" + (5 * random.nextInt(LOCALS / 5) + 4);
    }

    private void statement(int depth) {
      switch (random.nextInt(depth > 0 ? 11 : 7)) {
        case 0, 1 -> set(local(), value());
        case 2 -> set(wide(), "(i64.extend_i32_u " + value() + ")");
        case 3 -> set(local(), "(i32.wrap_i64 (local.get " + wide() + "))");
        case 4 -> out.append("(i32.store ").append(address()).append(value()).append(")\n");
        case 5 -> set(local(), "(call $grow " + value() + ")");
        case 6 ->
            out.append("(i64.store offset=16 ")
                .append(address())
                .append("(local.get ")
                .append(wide())
                .append("))\n");
        case 7, 8 -> {
          out.append("(if ").append(value()).append(" (then\n");
          statement(depth - 1);
          if (random.nextInt(4) == 0) {
            out.append("(br $next)\n");
          }
          out.append(") (else\n");
          statement(depth - 1);
          statement(depth - 1);
          out.append("))\n");
        }
        case 9 -> {
          String counter = local();
          set(counter, "(i32.and " + value() + " (i32.const 7))");
          out.append("(block $out (loop $again (br_if $out (i32.le_s (local.get ").append(counter);
          out.append(") (i32.const 0)))\n");
          set(wide(), "(i64.extend_i32_s " + value() + ")");
          set(counter, "(i32.sub (local.get " + counter + ") (i32.const 1))");
          out.append("(br $again)))\n");
        }
        default -> {
          String caught = local();
          out.append("(block $done (local.set ").append(caught);
          out.append(" (block $c (result i32) (try_table (catch $e $c)\n");
          statement(depth - 1);
          set(local(), "(call $throw " + value() + ")");
          statement(depth - 1);
          out.append(") (br $done))))\n");
        }
      }
    }

    private void set(String local, String value) {
      out.append("(local.set ").append(local).append(' ').append(value).append(")\n");
    }

    private String address() {
      return "(i32.and " + value() + " (i32.const " + (random.nextInt(60) == 0 ? -1 : 1023) + "))";
    }

    private String value() {
      return switch (random.nextInt(6)) {
        case 0 -> "(i32.const " + random.nextInt(1000) + ")";
        case 1 -> "(i32.add (local.get " + local() + ") (local.get " + local() + "))";
        case 2 -> "(i32.xor (local.get " + local() + ") (i32.const " + random.nextInt() + "))";
        case 3 ->
            "(i32.load offset="
                + random.nextInt(3)
                + " (i32.and (local.get "
                + local()
                + ") (i32.const 2047)))";
        case 4 -> "(i32.lt_u (local.get " + local() + ") (local.get " + local() + "))";
        default -> "(local.get " + local() + ")";
      };
    }
  }
}

package dev.capsule.engine.compiler;

import dev.capsule.engine.exec.ExecStore;
import dev.capsule.engine.exec.ModuleInstance;
import dev.capsule.engine.module.Module;
import dev.capsule.engine.runtime.Engine;
import dev.capsule.engine.runtime.Instance;
import dev.capsule.engine.runtime.Linker;
import dev.capsule.engine.runtime.Store;
import dev.capsule.engine.runtime.StoreLimits;
import dev.capsule.engine.runtime.Tier;
import dev.capsule.engine.runtime.Trap;
import dev.capsule.engine.types.FuncType;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A program for {@link JavaStackTest}: endless recursions of all shapes, each in a thread of the
 * size that threads have by default. Prints those that do not end as they do in the interpreter.
 */
final class DeepRecursion {
  private static final int DEPTH = 1500;
  private static final long STACK = 1 << 20;

  /**
   * A module whose function {@code f} calls itself in some way.
   *
   * @param other a second module, which imports the first as {@code main}; or empty
   * @param interpreted the function that is not compiled; -1 for none
   */
  private record Shape(String name, String module, String other, int slice, int interpreted) {}

  private static final String COUNTER =
      "(global $n (export \"n\") (mut i32) (i32.const 0))"
          + "(global $s (mut i64) (i64.const 0)) (memory 1)";

  private static final String COUNT = "(global.set $n (i32.add (global.get $n) (i32.const 1)))";

  private DeepRecursion() {}

  private static String times(int count, String text) {
    return text.repeat(count);
  }

  /** Text for each number below a count, with the number in place of {@code #}. */
  private static String each(int count, String text) {
    StringBuilder all = new StringBuilder();
    IntStream.range(0, count).forEach(i -> all.append(text.replace("#", "" + i)));
    return all.toString();
  }

  private static List<Shape> shapes() {
    List<Shape> shapes = new ArrayList<>();
    for (int count : new int[] {0, 60, 100}) {
      parameters(shapes, count);
    }
    for (int locals : new int[] {100, 300, 500}) {
      body(shapes, locals + " locals", locals, "(call $f)");
    }
    for (int live : new int[] {60, 150, 600}) {
      String before =
          each(live, "(local.set # (i64.add (i64.extend_i32_u (global.get $n)) (i64.const #)))");
      String after = each(live, "(global.set $s (i64.xor (global.get $s) (local.get #)))");
      body(shapes, live + " values", live, before + "(call $f)" + after);
      body(shapes, live + " values in a loop", live, "(loop " + before + "(call $f)" + after + ")");
    }
    String loads = each(80, "(i64.load offset=# (i32.const 0))");
    body(shapes, "operands", 0, loads + "(call $f)" + times(79, "i64.xor ") + "drop");
    String several = each(20, "(i64.add (global.get $s) (i64.const #))") + "(call $long)";
    String sums = times(19, "i64.xor ") + "(global.set $s)";
    body(shapes, "values of C1", 0, times(10, several + sums) + "(call $f)");
    String rotated = each(59, "(local.set # (i64.add (local.get 59) (global.get $s)))");
    String loops =
        times(40, "(loop ")
            + (rotated + "(local.set 59 (local.get 0)) (call $f)")
            + times(40, "(br_if 0 (i32.eqz (global.get $n))))");
    body(shapes, "loops in loops", 60, loops);
    for (String op : List.of("nearest", "ceil", "trunc")) {
      for (int count : new int[] {40, 170}) {
        String vectors = "(v128.load (i32.const 0))" + times(count, "f64x2." + op + " ") + "drop";
        body(shapes, count + " f64x2." + op, 0, vectors + "(call $f)");
      }
    }
    shapes.add(
        new Shape(
            "host",
            "(module (import \"host\" \"back\" (func $back))"
                + COUNTER
                + "(func $f (export \"f\") (local i64)"
                + (COUNT + "(call $back)))"),
            "",
            0,
            -1));
    shapes.add(
        new Shape(
            "host at the end",
            "(module (import \"host\" \"back\" (func $back))"
                + COUNTER
                + ("(func $f (export \"f\") " + COUNT)
                + "(if (i32.lt_u (global.get $n) (i32.const 1000))"
                + "(then (call $f)) (else (call $back)))))",
            "",
            0,
            -1));
    return shapes;
  }

  private static void body(List<Shape> shapes, String name, int locals, String code) {
    String longer = times(60, "(global.set $s (i64.add (global.get $s) (i64.const 3)))");
    String module =
        "(module "
            + COUNTER
            + ("(func $long (loop (br_if 0 (i32.eqz (global.get $n)))" + longer + "))")
            + ("(func $f (export \"f\") (local " + times(locals, "i64 ") + ")" + COUNT + code)
            + "))";
    shapes.add(new Shape(name, module, "", 0, -1));
    shapes.add(new Shape(name + ", without fuel", module, "", 1, -1));
  }

  private static void parameters(List<Shape> shapes, int count) {
    String type = "(type $t (func (param " + times(count, "i32 ") + ")))";
    String gets = each(count, "(local.get #)");
    String start = "(func (export \"f\") " + times(count, "(i32.const 0)") + "(call $f))";
    String declared =
        type + COUNTER + "(table (export \"t\") 10 funcref) (elem (i32.const 0) $f $g)";
    String indirect = "(call_indirect (type $t) (i32.const %d))";
    for (int slice : new int[] {0, 1}) {
      String name = count + " parameters" + (slice == 0 ? "" : ", without fuel");
      for (String call : List.of("call $f", "call_ref $t (ref.func $f)")) {
        String f = "(func $f (type $t) " + COUNT + gets + "(" + call + "))";
        String g = "(func $g (type $t))";
        shapes.add(new Shape(name + ": " + call, module(declared, f, g, start), "", slice, -1));
      }
      String f =
          "(func $f (export \"self\") (type $t) " + COUNT + gets + indirect.formatted(1) + ")";
      String g = "(func $g (type $t) " + gets + indirect.formatted(0) + ")";
      String mutual = module(declared, f, g, start);
      for (int interpreted : new int[] {-1, 0, 1}) {
        shapes.add(new Shape(name + ", " + interpreted, mutual, "", slice, interpreted));
      }
      String tail = module(declared, f, g.replace("(call_", "(return_call_"), start);
      for (int interpreted : new int[] {-1, 0, 1}) {
        shapes.add(new Shape(name + ": tail, " + interpreted, tail, "", slice, interpreted));
      }
      String other =
          "(module "
              + type
              + "(import \"main\" \"self\" (func $f (type $t)))"
              + "(import \"main\" \"t\" (table 10 funcref)) (elem (i32.const 1) $g)"
              + ("(func $g (type $t) " + gets + "(call $f)))");
      shapes.add(new Shape(name + ": instances", mutual, other, slice, -1));
    }
  }

  private static String module(String... fields) {
    return "(module " + String.join(" ", fields) + ")";
  }

  /** An instance in which a shape runs again and again. */
  private static final class Subject {
    private final Store store;
    private final Instance instance;

    Subject(Shape shape, Tier tier) {
      Engine engine = Engine.builder().tier(tier).background(false).build();
      store = engine.newStore(StoreLimits.DEFAULT.withCallDepth(DEPTH));
      if (shape.slice > 0) {
        ((ExecStore) store).slice = shape.slice;
      }
      Instance[] self = new Instance[1];
      Linker linker =
          new Linker().func("host", "back", FuncType.EMPTY, caller -> self[0].func("f").call());
      instance = linker.instantiate(store, Module.parse(shape.module));
      self[0] = instance;
      if (!shape.other.isEmpty()) {
        linker.define("main", instance).instantiate(store, Module.parse(shape.other));
      }
      if (tier == Tier.JIT && shape.interpreted >= 0) {
        ((ModuleInstance) instance).code.functions[shape.interpreted].uncompilable = true;
      }
    }

    /** What comes of the recursion, how deep it was and what it took. */
    String run(long stack) throws InterruptedException {
      store.setFuel(1L << 40);
      long before = store.fuelConsumed();
      instance.global("n").set(0);
      String[] outcome = new String[1];
      Thread thread =
          new Thread(
              null,
              () -> {
                try {
                  instance.func("f").call();
                } catch (Trap trap) {
                  outcome[0] = trap.kind().toString();
                }
              },
              "recursion",
              stack);
      thread.start();
      thread.join();
      return outcome[0]
          + (", depth " + instance.global("n").get())
          + (", fuel " + (store.fuelConsumed() - before));
    }
  }

  public static void main(String[] args) throws InterruptedException {
    int rounds = Integer.parseInt(args[0]);
    for (Shape shape : shapes()) {
      String expected = new Subject(shape, Tier.INTERPRETER).run(16 * STACK);
      Subject compiled = new Subject(shape, Tier.JIT);
      for (int i = 0; i < rounds; i++) {
        String actual = compiled.run(STACK);
        if (!actual.equals(expected)) {
          System.out.println(shape.name + ", round " + i + ": " + actual + ", not " + expected);
          break;
        }
      }
    }
    System.out.println("done");
  }
}

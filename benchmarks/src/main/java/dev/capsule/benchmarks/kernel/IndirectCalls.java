package dev.capsule.benchmarks.kernel;

import java.util.function.IntUnaryOperator;

/**
 * Functions of one signature in a table, and a loop of indirect calls of them: how long one takes
 * depends on what the processor can predict, so there are several orders.
 *
 * @param functions how many there are
 * @param order in which they are called
 */
record IndirectCalls(int functions, Order order) {
  /** Which function a call is of. */
  enum Order {
    /** One after the other, again and again. */
    IN_TURN("", 0),

    /** Each as likely as the others. */
    RANDOM("-random", 0),

    /** A few most of the time, as in programs: the first of 4 in 71 % of calls, of 700 in 19 %. */
    SKEWED("-skewed", 2);

    final String suffix;

    /** How often a random number below 1 is squared before it is multiplied by the functions. */
    final int squarings;

    Order(String suffix, int squarings) {
      this.suffix = suffix;
      this.squarings = squarings;
    }
  }

  /** A random order is repeated after so many calls: too many for a processor to remember. */
  private static final int LENGTH = 1 << 16;

  String name() {
    return "indirect-" + functions + order.suffix;
  }

  /** The kernel of so many calls. */
  Kernel kernel(int calls) {
    return new Kernel(name(), calls, calls, this::text, twin());
  }

  private String text() {
    StringBuilder text =
        new StringBuilder("(module\n  (type $unary (func (param i32) (result i32)))\n");
    StringBuilder names = new StringBuilder();
    for (int i = 0; i < functions; i++) {
      names.append(" $f").append(i);
      text.append(
          "  (func $f%d (type $unary) (i32.%s (local.get 0) (i32.const %d)))%n"
              .formatted(i, GeneratedText.operator(i), GeneratedText.constant(i)));
    }
    text.append(
        "  (table %1$d %1$d funcref)%n  (elem (i32.const 0) func%2$s)%n"
            .formatted(functions, names));
    return text.append(order == Order.IN_TURN ? inTurn() : byTable()).append(")\n").toString();
  }

  private String inTurn() {
    return """
      (func (export "run") (param $n i32) (result i32)
        (local $i i32) (local $a i32)
        (loop $calls
          (local.set $a
            (call_indirect (type $unary) (local.get $a) (local.get $i)))
          (local.set $i (i32.add (local.get $i) (i32.const 1)))
          (local.set $i
            (select (i32.const 0) (local.get $i)
              (i32.eq (local.get $i) (i32.const %d))))
          (br_if $calls (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
        (local.get $a))
    """
        .formatted(functions);
  }

  private String byTable() {
    String square =
        "(local.set $r (i32.shr_u (i32.mul (local.get $r) (local.get $r)) (i32.const 16)))\n";
    return """
      ;; The numbers of the functions, 16 bits each.
      (memory 2)
      (start $fill)
      (func $fill
        (local $i i32) (local $x i32) (local $r i32)
        (loop $entries
          (local.set $x
            (i32.add (i32.mul (local.get $x) (i32.const 1664525)) (i32.const 1013904223)))
          (local.set $r (i32.shr_u (local.get $x) (i32.const 16)))
          %1$s
          (i32.store16 (i32.shl (local.get $i) (i32.const 1))
            (i32.shr_u (i32.mul (local.get $r) (i32.const %2$d)) (i32.const 16)))
          (br_if $entries (i32.lt_u
            (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const %3$d)))))
      (func (export "run") (param $n i32) (result i32)
        (local $a i32)
        (loop $calls
          (local.set $a
            (call_indirect (type $unary)
              (local.get $a)
              (i32.load16_u
                (i32.shl (i32.and (local.get $n) (i32.const %4$d)) (i32.const 1)))))
          (br_if $calls (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
        (local.get $a))
    """
        .formatted(square.repeat(order.squarings), functions, LENGTH, LENGTH - 1);
  }

  private IntUnaryOperator twin() {
    IntUnaryOperator[] table = new IntUnaryOperator[functions];
    for (int i = 0; i < functions; i++) {
      int constant = GeneratedText.constant(i);
      table[i] =
          switch (i & 3) {
            case 0 -> a -> a + constant;
            case 1 -> a -> a - constant;
            case 2 -> a -> a ^ constant;
            default -> a -> a * constant;
          };
    }
    if (order == Order.IN_TURN) {
      return n -> inTurn(table, n);
    }
    char[] numbers = numbers();
    return n -> byTable(table, numbers, n);
  }

  private static int inTurn(IntUnaryOperator[] table, int n) {
    int a = 0;
    for (int i = 0; n > 0; n--) {
      a = table[i].applyAsInt(a);
      i++;
      i = i == table.length ? 0 : i;
    }
    return a;
  }

  private static int byTable(IntUnaryOperator[] table, char[] numbers, int n) {
    int a = 0;
    for (; n > 0; n--) {
      a = table[numbers[n & LENGTH - 1]].applyAsInt(a);
    }
    return a;
  }

  /** What the module has in its memory. */
  private char[] numbers() {
    char[] numbers = new char[LENGTH];
    int x = 0;
    for (int i = 0; i < LENGTH; i++) {
      x = x * 1664525 + 1013904223;
      int r = x >>> 16;
      for (int k = 0; k < order.squarings; k++) {
        r = r * r >>> 16;
      }
      numbers[i] = (char) (r * functions >>> 16);
    }
    return numbers;
  }
}

package dev.capsule.benchmarks.kernel;

/** What kernels repeat many times, written by a loop. */
final class GeneratedText {
  /** How many instructions the interpreter of the bytecode loop knows. */
  static final int OPCODES = 200;

  private GeneratedText() {}

  /** What function number i does with its argument. */
  static String operator(int i) {
    return switch (i & 3) {
      case 0 -> "add";
      case 1 -> "sub";
      case 2 -> "xor";
      default -> "mul";
    };
  }

  /** The constant that it does it with. */
  static int constant(int i) {
    return 2 * i + 1;
  }

  /**
   * An interpreter of {@value #OPCODES} instructions, each a case of one br_table, over 8,000 bytes
   * of code: n steps. The Java method for it is longer than what HotSpot compiles.
   */
  static String bytecodeLoop() {
    StringBuilder text =
        new StringBuilder(
            """
            (module
              ;; Eight registers at 0, the code from 4096: byte i is (i * i + 3 * i) mod 200.
              (memory 1)
              (start $fill)
              (func $fill
                (local $i i32)
                (loop $bytes
                  (i32.store8 offset=4096 (local.get $i)
                    (i32.rem_u
                      (i32.mul (local.get $i) (i32.add (local.get $i) (i32.const 3)))
                      (i32.const 200)))
                  (br_if $bytes (i32.lt_u
                    (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 8000)))))
              (func (export "run") (param $n i32) (result i32)
                (local $pc i32) (local $a i32) (local $r i32)
                (memory.fill (i32.const 0) (i32.const 0) (i32.const 32))
                (block $end (loop $step
                (br_if $end (i32.eqz (local.get $n)))
                (local.set $n (i32.sub (local.get $n) (i32.const 1)))
            """);
    for (int i = OPCODES - 1; i >= 0; i--) {
      text.append("(block $o").append(i).append('\n');
    }
    text.append("(br_table");
    for (int i = 0; i < OPCODES; i++) {
      text.append(" $o").append(i);
    }
    text.append(" $o").append(OPCODES - 1);
    text.append(" (i32.load8_u offset=4096 (local.get $pc)))\n");
    for (int i = 0; i < OPCODES; i++) {
      text.append(
          """
          )
          (local.set $r (i32.load (i32.const %1$d)))
          (local.set $a (i32.%2$s
            (i32.rotl (local.get $a) (i32.const %3$d))
            (i32.add (local.get $r) (i32.const %4$d))))
          (i32.store (i32.const %5$d) (local.get $a))
          (local.set $pc (i32.add (local.get $pc) (i32.const 1)))
          (if (i32.eq (local.get $pc) (i32.const 8000)) (then (local.set $pc (i32.const 0))))
          (br $step)
          """
              .formatted(source(i), operator(i), rotation(i), constant(i), target(i)));
    }
    return text.append("))\n    (local.get $a)))\n").toString();
  }

  /** The address of the register that instruction i reads. */
  static int source(int i) {
    return 4 * (i % 8);
  }

  /** The address of the register that instruction i writes. */
  static int target(int i) {
    return 4 * (i / 8 % 8);
  }

  /** By how much instruction i rotates the accumulator. */
  static int rotation(int i) {
    return 1 + i % 31;
  }
}

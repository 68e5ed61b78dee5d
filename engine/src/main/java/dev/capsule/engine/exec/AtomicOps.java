package dev.capsule.engine.exec;

import dev.capsule.engine.runtime.Trap;
import dev.capsule.engine.runtime.TrapKind;
import java.lang.invoke.VarHandle;

/**
 * Atomic instructions (threads proposal). Addresses are effective ({@link LinearMemory#effective});
 * sizes are 2<sup>{@code log2}</sup> bytes; values are zero-extended to 64 bits on the way out and
 * cut to the size on the way in. On a memory that is not shared they are what plain code does.
 */
public final class AtomicOps {
  private AtomicOps() {}

  /** What a read-modify-write operation makes of the old value and its operand. */
  public enum Rmw {
    ADD,
    SUB,
    AND,
    OR,
    XOR,
    XCHG
  }

  private static void check(LinearMemory memory, int log2, long address) {
    if ((address & ((1 << log2) - 1)) != 0) {
      throw new Trap(TrapKind.UNALIGNED_ATOMIC);
    }
    memory.check(address, 1L << log2);
  }

  private static long cut(int log2, long value) {
    return log2 == 3 ? value : value & (1L << (8 << log2)) - 1;
  }

  /** {@code atomic.fence}. */
  public static void fence() {
    VarHandle.fullFence();
  }

  /** Atomic loads. */
  public static long load(LinearMemory memory, int log2, long address) {
    check(memory, log2, address);
    return memory.atomicLoad(log2, address);
  }

  /** Atomic stores. */
  public static void store(LinearMemory memory, int log2, long address, long value) {
    check(memory, log2, address);
    memory.atomicStore(log2, address, cut(log2, value));
  }

  /** {@code rmw.*} except {@code cmpxchg}: the old value. */
  public static long rmw(LinearMemory memory, Rmw op, int log2, long address, long operand) {
    check(memory, log2, address);
    long old = memory.atomicLoad(log2, address);
    while (true) {
      long value =
          switch (op) {
            case ADD -> old + operand;
            case SUB -> old - operand;
            case AND -> old & operand;
            case OR -> old | operand;
            case XOR -> old ^ operand;
            case XCHG -> operand;
          };
      long seen = memory.compareExchange(log2, address, old, cut(log2, value));
      if (seen == old) {
        return old;
      }
      old = seen;
    }
  }

  /**
   * {@code rmw.cmpxchg}: the old value. {@code expected} is zero-extended from the operand's type,
   * not cut to the size of the access: an operand that does not fit never matches.
   */
  public static long cmpxchg(
      LinearMemory memory, int log2, long address, long expected, long replacement) {
    check(memory, log2, address);
    return memory.compareExchange(log2, address, expected, cut(log2, replacement));
  }

  /** {@code memory.atomic.notify}: how many threads were woken. */
  public static int wake(LinearMemory memory, long address, int count) {
    check(memory, 2, address);
    return memory instanceof SharedMemory shared ? shared.waiting.wake(address, count) : 0;
  }

  /**
   * {@code memory.atomic.wait32} ({@code log2} 2) and {@code wait64} (3): 0 woken, 1 not equal, 2
   * timed out.
   *
   * @param nanos the timeout; negative: none
   * @throws Trap also where the store's deadline passes or it is interrupted
   */
  public static int await(
      ExecStore store, LinearMemory memory, int log2, long address, long expected, long nanos) {
    check(memory, log2, address);
    if (!(memory instanceof SharedMemory shared)) {
      throw new Trap(TrapKind.EXPECTED_SHARED_MEMORY);
    }
    return shared.waiting.await(store, shared, log2, address, cut(log2, expected), nanos);
  }
}

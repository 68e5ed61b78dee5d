package dev.capsule.engine.exec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.capsule.engine.exec.AtomicOps.Rmw;
import dev.capsule.engine.runtime.Engine;
import dev.capsule.engine.runtime.Tier;
import dev.capsule.engine.runtime.Trap;
import dev.capsule.engine.runtime.TrapKind;
import dev.capsule.engine.types.AddressType;
import dev.capsule.engine.types.Limits;
import dev.capsule.engine.types.MemoryType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Atomic instructions, and threads that share a memory. */
@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class AtomicOpsTest {
  private final Engine engine = Engine.builder().tier(Tier.INTERPRETER).build();
  private final ExecStore store = (ExecStore) engine.newStore();
  private final ExecutorService threads = Executors.newCachedThreadPool();

  @AfterEach
  void stop() {
    threads.shutdownNow();
  }

  private LinearMemory memory(boolean shared) {
    return LinearMemory.create(
        store,
        new MemoryType(
            AddressType.I32, Limits.of(1, 64), shared, MemoryType.DEFAULT_PAGE_SIZE_LOG2));
  }

  private static long mask(int log2) {
    return log2 == 3 ? -1 : (1L << (8 << log2)) - 1;
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void allOperationsOfAllSizes(boolean shared) {
    LinearMemory memory = memory(shared);
    long a = 0xF1E2D3C4B5A69788L;
    long b = 0x0123456789ABCDEFL;
    for (int log2 = 0; log2 <= 3; log2++) {
      long m = mask(log2);
      for (int lane = 0; lane < 8 >> log2; lane++) {
        long at = 64 + ((long) lane << log2);
        for (Rmw op : Rmw.values()) {
          memory.putLong(64, -1);
          AtomicOps.store(memory, log2, at, a);
          assertEquals(a & m, AtomicOps.load(memory, log2, at));
          assertEquals(a & m, AtomicOps.rmw(memory, op, log2, at, b));
          long expected =
              switch (op) {
                case ADD -> a + b;
                case SUB -> a - b;
                case AND -> a & b;
                case OR -> a | b;
                case XOR -> a ^ b;
                case XCHG -> b;
              };
          assertEquals(expected & m, AtomicOps.load(memory, log2, at), op + " of size " + log2);
          long others = log2 == 3 ? 0 : ~(m << 8 * (lane << log2));
          assertEquals(others, memory.getLong(64) & others, "neighbours of " + op);
        }
        AtomicOps.store(memory, log2, at, a);
        assertEquals(a & m, AtomicOps.cmpxchg(memory, log2, at, b & m, 0));
        assertEquals(a & m, AtomicOps.load(memory, log2, at));
        assertEquals(a & m, AtomicOps.cmpxchg(memory, log2, at, a & m, b));
        assertEquals(b & m, AtomicOps.load(memory, log2, at));
        if (log2 < 3) {
          // Too large an expectation never matches.
          assertEquals(b & m, AtomicOps.cmpxchg(memory, log2, at, b & m | m + 1, 0));
          assertEquals(b & m, AtomicOps.load(memory, log2, at));
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void unalignedAndOutOfBoundsTrap(boolean shared) {
    LinearMemory memory = memory(shared);
    assertTrap(TrapKind.UNALIGNED_ATOMIC, () -> AtomicOps.load(memory, 1, 1));
    assertTrap(TrapKind.UNALIGNED_ATOMIC, () -> AtomicOps.store(memory, 2, 2, 0));
    assertTrap(TrapKind.UNALIGNED_ATOMIC, () -> AtomicOps.rmw(memory, Rmw.ADD, 3, 4, 0));
    assertTrap(TrapKind.UNALIGNED_ATOMIC, () -> AtomicOps.wake(memory, 1, 1));
    assertTrap(TrapKind.OUT_OF_BOUNDS_MEMORY, () -> AtomicOps.load(memory, 0, 65536));
    assertTrap(TrapKind.OUT_OF_BOUNDS_MEMORY, () -> AtomicOps.cmpxchg(memory, 3, 65536, 0, 0));
    assertTrap(TrapKind.OUT_OF_BOUNDS_MEMORY, () -> AtomicOps.wake(memory, 65536, 1));
    if (!shared) {
      assertTrap(TrapKind.EXPECTED_SHARED_MEMORY, () -> AtomicOps.await(store, memory, 2, 0, 0, 0));
      assertEquals(0, AtomicOps.wake(memory, 0, 1));
    }
  }

  private static void assertTrap(TrapKind kind, Runnable action) {
    assertEquals(kind, assertThrows(Trap.class, action::run).kind());
  }

  @Test
  void threadsLoseNoUpdates() throws Exception {
    LinearMemory memory = memory(true);
    int rounds = 20_000;
    List<Future<?>> done = new ArrayList<>();
    for (int t = 0; t < 4; t++) {
      done.add(
          threads.submit(
              () -> {
                for (int i = 0; i < rounds; i++) {
                  AtomicOps.rmw(memory, Rmw.ADD, 0, 1, 1);
                  AtomicOps.rmw(memory, Rmw.ADD, 1, 2, 1);
                  AtomicOps.rmw(memory, Rmw.ADD, 2, 4, 1);
                  AtomicOps.rmw(memory, Rmw.SUB, 3, 8, 1);
                }
              }));
    }
    for (Future<?> one : done) {
      one.get();
    }
    assertEquals(4 * rounds & 0xFF, AtomicOps.load(memory, 0, 1));
    assertEquals(0, AtomicOps.load(memory, 0, 0));
    assertEquals(4 * rounds & 0xFFFF, AtomicOps.load(memory, 1, 2));
    assertEquals(4 * rounds, AtomicOps.load(memory, 2, 4));
    assertEquals(-4L * rounds, AtomicOps.load(memory, 3, 8));
  }

  @Test
  void growingWhileOthersRead() throws Exception {
    LinearMemory memory = memory(true);
    Future<Integer> reader =
        threads.submit(
            () -> {
              int pages = 1;
              while (pages < 64) {
                pages = (int) memory.pages();
                memory.putInt(pages * 65536L - 4, pages);
                assertEquals(pages, memory.getInt(pages * 65536L - 4));
              }
              return pages;
            });
    for (int i = 1; i < 64; i++) {
      assertEquals(i, memory.grow(1));
    }
    assertEquals(64, reader.get());
    assertEquals(-1, memory.grow(1));
  }

  /** Runs {@code memory.atomic.wait} in a thread and store of its own. */
  private Future<Integer> waiter(LinearMemory memory, long address, ExecStore store) {
    Callable<Integer> wait = () -> AtomicOps.await(store, memory, 2, address, 0, -1);
    return threads.submit(wait);
  }

  private ExecStore newStore() {
    return (ExecStore) engine.newStore();
  }

  /** Wakes until so many have been woken: they may not wait yet. */
  private static void wakeAll(LinearMemory memory, long address, int count) {
    int woken = 0;
    while (woken < count) {
      woken += AtomicOps.wake(memory, address, count - woken);
      Thread.onSpinWait();
    }
  }

  @Test
  void waitersAreWokenAcrossStores() throws Exception {
    LinearMemory memory = memory(true);
    List<Future<Integer>> waiting = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      waiting.add(waiter(memory, 128, newStore()));
    }
    Future<Integer> other = waiter(memory, 132, newStore());
    wakeAll(memory, 128, 5);
    for (Future<Integer> one : waiting) {
      assertEquals(0, one.get());
    }
    assertEquals(0, AtomicOps.wake(memory, 128, -1));
    wakeAll(memory, 132, 1);
    assertEquals(0, other.get());
  }

  @Test
  void waitingForSomethingElseOrTooLong() {
    LinearMemory memory = memory(true);
    AtomicOps.store(memory, 3, 64, 1L << 40);
    assertEquals(1, AtomicOps.await(store, memory, 3, 64, 1, -1));
    assertEquals(2, AtomicOps.await(store, memory, 3, 64, 1L << 40, 1000));
    assertEquals(2, AtomicOps.await(store, memory, 2, 64, 0, 0));
    assertEquals(0, AtomicOps.wake(memory, 64, 10), "those who gave up do not wait any longer");
  }

  @Test
  void waitingEndsAtTheDeadline() {
    LinearMemory memory = memory(true);
    store.setDeadline(Duration.ofMillis(5));
    assertTrap(TrapKind.DEADLINE, () -> AtomicOps.await(store, memory, 2, 0, 0, -1));
    store.clearDeadline();
    assertEquals(0, AtomicOps.wake(memory, 0, 10));
    assertEquals(2, AtomicOps.await(store, memory, 2, 0, 0, 10));
  }

  @Test
  void waitingEndsWhenInterrupted() throws Exception {
    LinearMemory memory = memory(true);
    ExecStore sleeper = newStore();
    Future<Integer> waiting = waiter(memory, 0, sleeper);
    TimeUnit.MILLISECONDS.sleep(20);
    sleeper.interrupt();
    Throwable thrown = assertThrows(ExecutionException.class, waiting::get).getCause();
    assertEquals(TrapKind.INTERRUPTED, ((Trap) thrown).kind());

    Future<Integer> byThread = waiter(memory, 0, sleeper);
    TimeUnit.MILLISECONDS.sleep(20);
    assertTrue(byThread.cancel(true));
    threads.shutdown();
    assertTrue(threads.awaitTermination(30, TimeUnit.SECONDS));
    assertEquals(0, AtomicOps.wake(memory, 0, 1));
  }
}

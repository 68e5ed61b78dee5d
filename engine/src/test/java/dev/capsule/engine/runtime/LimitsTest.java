package dev.capsule.engine.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.capsule.engine.module.Module;
import dev.capsule.engine.types.AddressType;
import dev.capsule.engine.types.Limits;
import dev.capsule.engine.types.MemoryType;
import dev.capsule.engine.types.RefType;
import dev.capsule.engine.types.TableType;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a store refuses. */
class LimitsTest {
  private static final int PAGE = 65536;
  private final Engine engine = Engine.builder().tier(Tier.INTERPRETER).build();

  private static Instance instantiate(Store store, String text) {
    return new Linker().instantiate(store, Module.parse(text));
  }

  @Test
  void memoriesAreCountedTogether() {
    Store store = engine.newStore(StoreLimits.DEFAULT.withMemoryBytes(10 * PAGE));
    Memory memory = instantiate(store, "(module (memory (export \"m\") 4))").memory("m");
    assertEquals(4 * PAGE, store.memoryBytes());
    LimitException refused =
        assertThrows(LimitException.class, () -> instantiate(store, "(module (memory 7))"));
    assertEquals("memory bytes", refused.limit());
    assertEquals(10 * PAGE, refused.allowed());
    assertEquals(11 * PAGE, refused.requested());
    assertEquals("limit of 655360 memory bytes exceeded: 720896 requested", refused.getMessage());
    instantiate(store, "(module (memory 5))");
    assertEquals(-1, memory.grow(2));
    assertEquals(4, memory.grow(1));
    assertEquals(-1, memory.grow(1));
    assertEquals(0, memory.pages() - 5);
    assertEquals(10 * PAGE, store.memoryBytes());
    assertEquals(10 * PAGE, store.peakMemoryBytes());
  }

  @Test
  void aRefusedInstanceCountsNothing() {
    Store store =
        engine.newStore(StoreLimits.DEFAULT.withMemoryBytes(10 * PAGE).withTableElements(100));
    String tooMuch = "(module (table 60 funcref) (memory 4) (memory 7))";
    for (int i = 0; i < 3; i++) {
      assertThrows(LimitException.class, () -> instantiate(store, tooMuch));
      assertEquals(0, store.memoryBytes());
    }
    instantiate(store, "(module (table 100 funcref) (memory 10))");
  }

  @ParameterizedTest
  @CsvSource({"0,-1", "1,65536", "65535,65536", "4294967295,-1", "-1,-1", "4611686018427387904,-1"})
  void deltasOfAnySizeAreRefusedNotMisread(long delta, long expected) {
    Store store = engine.newStore(StoreLimits.DEFAULT.withMemoryBytes(1L << 31));
    for (boolean shared : new boolean[] {false, true}) {
      MemoryType type =
          new MemoryType(
              AddressType.I64, Limits.of(1, 1L << 48), shared, MemoryType.DEFAULT_PAGE_SIZE_LOG2);
      Memory memory = Memory.create(store, type);
      long answer = memory.grow(delta);
      if (delta == 0) {
        assertEquals(1, answer);
      } else if (delta == 1) {
        assertEquals(1, answer);
        assertEquals(2, memory.pages());
      } else {
        assertEquals(-1, answer);
        assertEquals(1, memory.pages());
      }
    }
  }

  @Test
  void declaredMaximaHold() {
    Store store = engine.newStore();
    Memory memory = Memory.create(store, new MemoryType(Limits.of(1, 2)));
    assertEquals(-1, memory.grow(2));
    assertEquals(1, memory.grow(1));
    assertEquals(-1, memory.grow(1));
    assertEquals(2, memory.grow(0));
    Memory whole = Memory.create(store, new MemoryType(Limits.of(0)));
    assertEquals(-1, whole.grow(65537));
  }

  @Test
  void impossibleSizesAreLimitErrors() {
    Store store = engine.newStore(StoreLimits.DEFAULT.withMemoryBytes(Long.MAX_VALUE));
    long pages = 1L << 47;
    assertThrows(
        LimitException.class,
        () ->
            Memory.create(
                store,
                new MemoryType(
                    AddressType.I64, Limits.of(pages), false, MemoryType.DEFAULT_PAGE_SIZE_LOG2)));
    assertThrows(
        LimitException.class,
        () ->
            Memory.create(
                store,
                new MemoryType(
                    AddressType.I64,
                    Limits.of(pages, pages),
                    true,
                    MemoryType.DEFAULT_PAGE_SIZE_LOG2)));
    assertEquals(0, store.memoryBytes());
    TableType table = new TableType(AddressType.I64, Limits.of(-1), RefType.FUNCREF);
    assertThrows(LimitException.class, () -> Table.create(store, table, null));
  }

  @Test
  void memoryBeyondTwoGiBWhereTheStoreAllowsIt() {
    long fourGiB = 1L << 32;
    Store store = engine.newStore(StoreLimits.DEFAULT.withMemoryBytes(fourGiB + PAGE));
    MemoryType type =
        new MemoryType(
            AddressType.I64,
            new Limits(1, OptionalLong.empty()),
            false,
            MemoryType.DEFAULT_PAGE_SIZE_LOG2);
    Memory memory = Memory.create(store, type);
    long grown = memory.grow(300);
    assertEquals(1, grown);
    long border = 1 << 24;
    memory.putLong(border - 3, 0x0102030405060708L);
    assertEquals(0x0102030405060708L, memory.getLong(border - 3));
    assertEquals(0x05, memory.getByte(border));
    assertThrows(Trap.class, () -> memory.getLong(301L * PAGE - 7));
    assertThrows(Trap.class, () -> memory.getLong(-1));
  }

  @Test
  void tablesAndInstances() {
    Store store = engine.newStore(StoreLimits.DEFAULT.withTableElements(100).withInstances(2));
    Table table = instantiate(store, "(module (table (export \"t\") 40 funcref))").table("t");
    LimitException refused =
        assertThrows(LimitException.class, () -> instantiate(store, "(module (table 61 funcref))"));
    assertEquals("table elements", refused.limit());
    assertEquals(-1, table.grow(61, null));
    assertEquals(40, table.grow(60, null));
    instantiate(store, "(module)");
    refused = assertThrows(LimitException.class, () -> instantiate(store, "(module)"));
    assertEquals("instances", refused.limit());
    assertEquals(3, refused.requested());
  }

  @Test
  void heapOfStructsAndArrays() {
    Store store = engine.newStore(StoreLimits.DEFAULT.withHeapBytes(1 << 20));
    String text =
        """
        (module (type $a (array i64))
          (global (export "g") (ref $a) (array.new_default $a (i32.const %d))))
        """;
    Trap trap = assertThrows(Trap.class, () -> instantiate(store, text.formatted((1 << 20) / 8)));
    assertEquals(TrapKind.OUT_OF_MEMORY, trap.kind());
    instantiate(store, text.formatted(1 << 16));
    assertTrue(store.heapBytes() >= 8 << 16, () -> "heap " + store.heapBytes());
    trap = assertThrows(Trap.class, () -> instantiate(store, text.formatted(-1)));
    assertEquals(TrapKind.ALLOCATION_SIZE, trap.kind());
  }

  @Test
  void negativeLimitsAreMistakes() {
    assertThrows(IllegalArgumentException.class, () -> StoreLimits.DEFAULT.withMemoryBytes(-1));
    assertThrows(IllegalArgumentException.class, () -> StoreLimits.DEFAULT.withInstances(-1));
  }
}

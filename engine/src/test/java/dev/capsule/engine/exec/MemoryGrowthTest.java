package dev.capsule.engine.exec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.capsule.engine.module.Module;
import dev.capsule.engine.runtime.Engine;
import dev.capsule.engine.runtime.Instance;
import dev.capsule.engine.runtime.Linker;
import dev.capsule.engine.runtime.Memory;
import dev.capsule.engine.runtime.Store;
import dev.capsule.engine.runtime.StoreLimits;
import dev.capsule.engine.runtime.Tier;
import dev.capsule.engine.runtime.Trap;
import dev.capsule.engine.runtime.TrapKind;
import dev.capsule.engine.types.Limits;
import dev.capsule.engine.types.MemoryType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Arrays have room for more than the memory's size, which nobody may notice. */
class MemoryGrowthTest {
  private static final int PAGE = 65536;

  private static final List<Access> ACCESSES =
      List.of(
          new Access("i32.load8_s", "", 1),
          new Access("i32.load8_u", "", 1),
          new Access("i32.load16_s", "", 2),
          new Access("i32.load16_u", "", 2),
          new Access("i32.load", "", 4),
          new Access("f32.load", "", 4),
          new Access("i64.load8_u", "", 1),
          new Access("i64.load16_s", "", 2),
          new Access("i64.load32_s", "", 4),
          new Access("i64.load32_u", "", 4),
          new Access("i64.load", "", 8),
          new Access("f64.load", "", 8),
          new Access("i32.store8", "(i32.const 1)", 1),
          new Access("i32.store16", "(i32.const 1)", 2),
          new Access("i32.store", "(i32.const 1)", 4),
          new Access("i32.store", "(local.get $x)", 4),
          new Access("f32.store", "(f32.const 1)", 4),
          new Access("i64.store8", "(i64.const 1)", 1),
          new Access("i64.store16", "(i64.const 1)", 2),
          new Access("i64.store32", "(i64.const 1)", 4),
          new Access("i64.store", "(i64.const 1)", 8),
          new Access("f64.store", "(f64.const 1)", 8),
          new Access("v128.load", "", 16),
          new Access("v128.load8x8_s", "", 8),
          new Access("v128.load32_zero", "", 4),
          new Access("v128.load8_splat", "", 1),
          new Access("v128.load64_splat", "", 8),
          new Access("v128.store", "(v128.const i64x2 1 1)", 16),
          new Access("i32.atomic.load", "", 4),
          new Access("i32.atomic.rmw.add", "(i32.const 1)", 4));

  private static final long[] OFFSETS = {0, 1, 7, PAGE, 3 * PAGE + 8, 0x7FFFFFF0L, 0xFFFFFFFFL};

  /** Functions "a0", "a1", ...: each access with each offset; lanes and pairs behind them. */
  private static String module() {
    StringBuilder text = new StringBuilder("(module (memory (export \"m\") 1)\n");
    int number = 0;
    for (Access access : ACCESSES) {
      for (long offset : OFFSETS) {
        String code = access.at(offset);
        text.append("(func (export \"a" + number++ + "\") (param $x i32) " + code + ")\n");
      }
    }
    return text.append(
            """
            (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0)))
            (func (export "size") (result i32) (memory.size))
            (func (export "lane") (param i32)
              (v128.store16_lane 3 (local.get 0) (v128.const i64x2 1 1))
              (drop (v128.load16_lane 3 (local.get 0) (v128.const i64x2 1 1))))
            (func (export "fill") (param i32)
              (memory.fill (local.get 0) (i32.const 0) (i32.const 5)))
            (func (export "copy") (param i32)
              (memory.copy (i32.const 0) (local.get 0) (i32.const 5))
              (memory.copy (local.get 0) (i32.const 0) (i32.const 5)))
            (func (export "after") (param i32 i32) (result i32)
              (i32.store (i32.const 0) (i32.const 77))
              (drop (memory.grow (local.get 1)))
              (i32.store (local.get 0) (i32.load (i32.const 0)))
              (i32.load (local.get 0)))
            (func $inner (param i32) (drop (memory.grow (local.get 0))))
            (func (export "within") (param i32 i32) (result i32)
              (call $inner (local.get 1))
              (i32.load (local.get 0)))
            (data (i32.const 1000) "capsule"))
            """)
        .toString();
  }

  private static final Module MODULE = Module.parse(module());

  private static Instance instance(Tier tier, StoreLimits limits) {
    Store store = Engine.builder().tier(tier).background(false).build().newStore(limits);
    return new Linker().instantiate(store, MODULE);
  }

  private static void traps(Instance instance, String function, Object... arguments) {
    Trap trap =
        assertThrows(
            Trap.class,
            () -> instance.func(function).call(arguments),
            () -> function + List.of(arguments));
    assertEquals(TrapKind.OUT_OF_BOUNDS_MEMORY, trap.kind());
  }

  private static ArrayMemory array(Instance instance) {
    return (ArrayMemory) instance.memory("m");
  }

  /** Every access, at the size and at the array's end, where that is farther. */
  private static void checkBorders(Instance instance) {
    ArrayMemory memory = array(instance);
    long[] ends = {memory.size, memory.bytes.length, 0, 1L << 31, 1L << 32};
    int number = 0;
    for (Access access : ACCESSES) {
      boolean atomic = access.instruction().contains("atomic");
      for (long offset : OFFSETS) {
        String function = "a" + number++;
        for (long end : ends) {
          for (long at = end - access.bytes() - 1; at <= end + 1; at++) {
            long address = at - offset;
            if (address < 0 || address > 0xFFFFFFFFL || atomic && at % 4 != 0) {
              continue;
            }
            if (at + access.bytes() <= memory.size) {
              instance.func(function).call((int) address);
            } else {
              traps(instance, function, (int) address);
            }
          }
        }
      }
    }
    for (String range : new String[] {"lane", "fill", "copy"}) {
      int bytes = range.equals("lane") ? 2 : 5;
      instance.func(range).call(memory.size - bytes);
      traps(instance, range, memory.size - bytes + 1);
      traps(
          instance,
          range,
          memory.bytes.length - bytes + (memory.size == memory.bytes.length ? 1 : 0));
    }
    assertThrows(Trap.class, () -> memory.getByte(memory.size));
    assertThrows(Trap.class, () -> memory.putLong(memory.size - 7, 1));
    assertThrows(Trap.class, () -> memory.view(memory.size - 3, 4));
    assertThrows(Trap.class, () -> memory.read(memory.size - 3, new byte[4], 0, 4));
    assertThrows(Trap.class, () -> memory.write(memory.size - 3, new byte[4]));
    assertEquals(memory.size, memory.byteSize());
    for (int i = memory.size; i < memory.bytes.length; i++) {
      assertEquals(0, memory.bytes[i], "the room holds zeros");
    }
  }

  static Stream<Arguments> growths() {
    List<Arguments> all = new ArrayList<>();
    for (Tier tier : Tier.values()) {
      all.add(Arguments.of(tier, List.of()));
      all.add(Arguments.of(tier, List.of(1)));
      all.add(Arguments.of(tier, List.of(1, 1)));
      all.add(Arguments.of(tier, List.of(2, 1, 1, 0, 1)));
      all.add(Arguments.of(tier, List.of(40, 1, 3)));
      all.add(Arguments.of(tier, Collections.nCopies(130, 1)));
    }
    return all.stream();
  }

  @ParameterizedTest
  @MethodSource("growths")
  void accessesTrapAtTheSizeExactly(Tier tier, List<Integer> deltas) {
    Instance instance = instance(tier, StoreLimits.DEFAULT);
    int pages = 1;
    for (int delta : deltas) {
      assertEquals(pages, instance.func("grow").call(delta));
      pages += delta;
      assertEquals(pages, instance.func("size").call());
    }
    checkBorders(instance);
    assertEquals("capsule", instance.memory("m").readString(1000, 7));
  }

  @ParameterizedTest
  @MethodSource("tiers")
  void codeThatGrowsSeesWhatItGot(Tier tier) {
    Instance instance = instance(tier, StoreLimits.DEFAULT);
    for (int pages = 1; pages < 300; pages++) {
      traps(instance, "after", pages * PAGE - 3, 0);
      traps(instance, "after", (pages + 1) * PAGE - 3, 1);
      pages++;
      assertEquals(77, instance.func("after").call((pages + 1) * PAGE - 4, 1));
      pages++;
      assertEquals(0, instance.func("within").call((pages + 1) * PAGE - 4, 1));
    }
  }

  @ParameterizedTest
  @MethodSource("tiers")
  void instancesThatShareAMemorySeeItsGrowth(Tier tier) {
    Instance owner = instance(tier, StoreLimits.DEFAULT);
    Linker linker = new Linker();
    linker.define("o", "m", owner.memory("m"));
    linker.define("o", "grow", owner.func("grow"));
    Instance user =
        linker.instantiate(
            owner.store(),
            Module.parse(
                """
                (module
                  (import "o" "m" (memory 1))
                  (import "o" "grow" (func $grow (param i32) (result i32)))
                  (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0)))
                  (func (export "after") (param i32 i32) (result i32)
                    (i32.store (i32.const 0) (i32.const 77))
                    (drop (call $grow (local.get 1)))
                    (i32.store (local.get 0) (i32.load (i32.const 0)))
                    (i32.load (local.get 0))))
                """));
    for (int pages = 1; pages < 300; pages += 2) {
      traps(user, "after", (pages + 1) * PAGE - 4, 0);
      assertEquals(77, user.func("after").call((pages + 1) * PAGE - 4, 1));
      traps(owner, "after", (pages + 2) * PAGE - 4, 0);
      assertEquals(pages + 1, user.func("grow").call(1));
      assertEquals(77, owner.func("after").call((pages + 2) * PAGE - 4, 0));
    }
  }

  static Stream<Tier> tiers() {
    return Stream.of(Tier.values());
  }

  @Test
  void growingByPagesCopiesSeldom() {
    Store store = Engine.builder().tier(Tier.INTERPRETER).build().newStore();
    ArrayMemory memory = (ArrayMemory) Memory.create(store, new MemoryType(Limits.of(1)));
    growTo(memory, 129);
    int copies = 0;
    long copied = 0;
    for (int pages = 129; pages < 1600; pages++) {
      byte[] before = memory.bytes;
      assertEquals(pages, memory.grow(1));
      assertEquals((pages + 1) * PAGE, memory.size);
      assertTrue(memory.bytes.length - memory.size <= Math.max(memory.size / 4, 1 << 20));
      if (memory.bytes != before) {
        copies++;
        copied += before.length;
      }
    }
    assertTrue(copies < 30, copies + " copies");
    assertTrue(copied < 6L * memory.size, copied + " bytes copied");
  }

  /** A memory that has not grown often has an array of its very size. */
  private static void growTo(ArrayMemory memory, int wanted) {
    for (int pages = (int) memory.pages(); pages < wanted; pages++) {
      assertEquals(pages, memory.grow(1));
      assertEquals(memory.size, memory.bytes.length);
    }
  }

  @Test
  void aMemoryThatHasCopiedMuchGetsRoom() {
    Store store = Engine.builder().tier(Tier.INTERPRETER).build().newStore();
    ArrayMemory memory = (ArrayMemory) Memory.create(store, new MemoryType(Limits.of(2048)));
    growTo(memory, 2048 + 7);
    memory.grow(2);
    assertTrue(memory.bytes.length > memory.size);
  }

  @Test
  void theRoomStaysWithinTypeAndStore() {
    Engine engine = Engine.builder().tier(Tier.INTERPRETER).build();
    Store limited = engine.newStore(StoreLimits.DEFAULT.withMemoryBytes(139 * PAGE));
    Memory other = Memory.create(limited, new MemoryType(Limits.of(2)));
    ArrayMemory memory = (ArrayMemory) Memory.create(limited, new MemoryType(Limits.of(6)));
    growTo(memory, 134);
    assertEquals(134, memory.grow(1));
    assertEquals(137 * PAGE, memory.bytes.length);
    assertEquals(135, memory.grow(2));
    assertEquals(-1, memory.grow(1));
    assertEquals(137 * PAGE, memory.byteSize());
    assertEquals(2, other.pages());
    ArrayMemory declared =
        (ArrayMemory) Memory.create(engine.newStore(), new MemoryType(Limits.of(6, 136)));
    growTo(declared, 134);
    assertEquals(134, declared.grow(1));
    assertEquals(136 * PAGE, declared.bytes.length);
    assertEquals(135, declared.grow(1));
    assertEquals(-1, declared.grow(1));
  }

  @Test
  void aLargeStepGetsWhatItAsksFor() {
    Store store = Engine.builder().tier(Tier.INTERPRETER).build().newStore();
    ArrayMemory memory = (ArrayMemory) Memory.create(store, new MemoryType(Limits.of(16)));
    assertEquals(16, memory.grow(100));
    assertEquals(116 * PAGE, memory.bytes.length);
  }
}

package dev.capsule.engine.exec;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.capsule.engine.runtime.Engine;
import dev.capsule.engine.runtime.StoreLimits;
import dev.capsule.engine.runtime.Tier;
import dev.capsule.engine.runtime.Trap;
import dev.capsule.engine.runtime.TrapKind;
import dev.capsule.engine.types.AddressType;
import dev.capsule.engine.types.Limits;
import dev.capsule.engine.types.MemoryType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.OptionalLong;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** All forms of memory behave as an array of bytes does. */
class MemoryFormsTest {
  private static final int PAGE = 65536;
  private static final ExecStore STORE =
      (ExecStore)
          Engine.builder()
              .tier(Tier.INTERPRETER)
              .build()
              .newStore(StoreLimits.DEFAULT.withMemoryBytes(1L << 40));

  /** A memory and the pages it has. */
  record Form(LinearMemory memory, int pages) {
    @Override
    public String toString() {
      return memory.getClass().getSimpleName() + " of " + pages;
    }
  }

  static Stream<Form> forms() {
    return Stream.of(
        form(3, Limits.of(3), false, AddressType.I32),
        form(258, new Limits(258, OptionalLong.empty()), false, AddressType.I64),
        form(3, Limits.of(3, 3), true, AddressType.I32),
        form(40, Limits.of(40, 65536), true, AddressType.I32));
  }

  private static Form form(int pages, Limits limits, boolean shared, AddressType address) {
    MemoryType type = new MemoryType(address, limits, shared, MemoryType.DEFAULT_PAGE_SIZE_LOG2);
    return new Form(LinearMemory.create(STORE, type), pages);
  }

  @Test
  void theFormFollowsTheType() {
    assertArrayEquals(
        new Object[] {ArrayMemory.class, BigMemory.class, SharedMemory.class, SharedMemory.class},
        forms().map(form -> form.memory.getClass()).toArray());
    MemoryType large = new MemoryType(Limits.of(1, 65536));
    assertInstanceOf(BigMemory.class, LinearMemory.create(STORE, large));
    ExecStore usual = (ExecStore) STORE.engine().newStore();
    assertInstanceOf(ArrayMemory.class, LinearMemory.create(usual, large));
  }

  @ParameterizedTest
  @MethodSource("forms")
  void randomAccessesEqualThoseOfAnArray(Form form) {
    LinearMemory memory = form.memory;
    int size = form.pages * PAGE;
    ByteBuffer model = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    Random random = new Random(form.pages);
    for (int i = 0; i < 20_000; i++) {
      // Mostly around the borders of chunks and at the end.
      int border = (1 + random.nextInt(Math.max(1, size >> 20))) << 20;
      int at =
          switch (random.nextInt(3)) {
            case 0 -> random.nextInt(size - 16);
            case 1 -> Math.min(size - 16, Math.max(0, border - random.nextInt(20)));
            default -> size - 16 - random.nextInt(9);
          };
      long value = random.nextLong();
      switch (random.nextInt(8)) {
        case 0 -> {
          memory.putByte(at, (byte) value);
          model.put(at, (byte) value);
        }
        case 1 -> {
          memory.putShort(at, (short) value);
          model.putShort(at, (short) value);
        }
        case 2 -> {
          memory.putInt(at, (int) value);
          model.putInt(at, (int) value);
        }
        case 3 -> {
          memory.putLong(at, value);
          model.putLong(at, value);
        }
        case 4 -> {
          int length = random.nextInt(Math.min(50_000, size - at));
          memory.fill(at, (byte) value, length);
          Arrays.fill(model.array(), at, at + length, (byte) value);
        }
        case 5 -> {
          int to = random.nextInt(size);
          int length = random.nextInt(Math.min(50_000, size - Math.max(at, to)));
          MemoryOps.copy(STORE, memory, to, memory, at, length);
          System.arraycopy(model.array(), at, model.array(), to, length);
        }
        case 6 -> {
          byte[] some = new byte[random.nextInt(Math.min(5_000, size - at))];
          random.nextBytes(some);
          memory.write(at, some);
          model.put(at, some);
        }
        default -> {
          assertEquals(model.get(at), memory.getByte(at));
          assertEquals(model.getShort(at), memory.getShort(at));
          assertEquals(model.getInt(at), memory.getInt(at));
          assertEquals(model.getLong(at), memory.getLong(at));
        }
      }
    }
    assertArrayEquals(model.array(), memory.read(0, size));
  }

  @ParameterizedTest
  @MethodSource("forms")
  void accessesBeyondTheEndTrap(Form form) {
    LinearMemory memory = form.memory;
    long size = memory.byteSize();
    for (long at : new long[] {size, size - 1, -1, Long.MIN_VALUE, 1L << 32, Long.MAX_VALUE}) {
      assertTraps(() -> memory.getLong(at));
      assertTraps(() -> memory.putInt(at == size - 1 ? size - 3 : at, 1));
      assertTraps(() -> memory.read(at, new byte[4], 0, 4));
      assertTraps(() -> memory.write(at, new byte[4]));
      assertTraps(() -> memory.fill(at, (byte) 1, 4));
      assertTraps(() -> memory.view(at, 4));
      assertTraps(() -> MemoryOps.fill(STORE, memory, at, 1, 4));
      assertTraps(() -> MemoryOps.copy(STORE, memory, 0, memory, at, 4));
      assertTraps(() -> MemoryOps.copy(STORE, memory, at, memory, 0, 4));
    }
    assertTraps(() -> memory.fill(0, (byte) 1, -1));
    assertTraps(() -> memory.read(0, -1));
    assertTraps(() -> MemoryOps.fill(STORE, memory, 1, 1, size));
    MemoryOps.fill(STORE, memory, size, 1, 0);
    memory.read(size, new byte[0], 0, 0);
    memory.putByte(size - 1, (byte) 7);
    assertEquals(7, memory.getByte(size - 1));
  }

  private static void assertTraps(Runnable access) {
    assertEquals(TrapKind.OUT_OF_BOUNDS_MEMORY, assertThrows(Trap.class, access::run).kind());
  }

  @ParameterizedTest
  @MethodSource("forms")
  void viewsReadAndWrite(Form form) {
    ByteBuffer view = form.memory.view(100, 50);
    view.putInt(4, 0x01020304);
    assertEquals(0x01020304, form.memory.getInt(104));
    form.memory.putInt(120, 99);
    assertEquals(99, view.getInt(20));
    assertEquals(50, view.remaining());
    assertThrows(IndexOutOfBoundsException.class, () -> view.get(50));
  }

  @Test
  void viewsAcrossBordersAreRefused() {
    LinearMemory big = forms().toList().get(1).memory;
    assertThrows(UnsupportedOperationException.class, () -> big.view((1 << 24) - 1, 2));
    assertEquals(1, big.view((1 << 24) - 1, 1).remaining());
  }

  @ParameterizedTest
  @MethodSource("forms")
  void strings(Form form) {
    LinearMemory memory = form.memory;
    assertEquals(8, memory.writeString(10, "zoë 𝄞".replace(" ", "")));
    assertEquals("zoë𝄞", memory.readString(10, 8));
    memory.putByte(18, (byte) 0);
    assertEquals("zoë𝄞", memory.readCString(10));
    memory.write(20, new byte[] {'a', (byte) 0xFF, 'b'});
    assertEquals("a\uFFFDb", memory.readString(20, 3));
    long size = memory.byteSize();
    memory.fill(size - 4, (byte) 'x', 4);
    assertTraps(() -> memory.readCString(size - 4));
  }

  @Test
  void copiesBetweenForms() {
    LinearMemory[] memories = forms().map(Form::memory).toArray(LinearMemory[]::new);
    byte[] text = new byte[30_000];
    new Random(5).nextBytes(text);
    memories[0].write(17, text);
    int at = 17;
    for (int i = 1; i < memories.length; i++) {
      MemoryOps.copy(STORE, memories[i], at + 1, memories[i - 1], at, text.length);
      at++;
      assertArrayEquals(text, memories[i].read(at, text.length));
    }
  }

  @Test
  void effectiveAddressesDoNotWrap() {
    assertEquals(0x1FFFFFFFEL, LinearMemory.effective(0xFFFFFFFFL, 0xFFFFFFFFL));
    assertEquals(5, LinearMemory.effective(5, 0));
    assertTraps(() -> LinearMemory.effective(-1, 0));
    assertTraps(() -> LinearMemory.effective(-1, 2));
    assertTraps(() -> LinearMemory.effective(2, -1));
    assertTraps(() -> LinearMemory.effective(Long.MAX_VALUE, 1));
  }
}

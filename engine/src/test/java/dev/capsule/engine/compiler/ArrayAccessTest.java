package dev.capsule.engine.compiler;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.capsule.engine.exec.ArrayAccess;
import dev.capsule.engine.exec.ArrayMemory;
import dev.capsule.engine.exec.MemoryBound;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/** Accesses that compiled code calls: what they may reach, and what HotSpot makes of them. */
class ArrayAccessTest {
  private static final int LENGTH = 40;

  /** {@code MaxInlineSize}: what is called rarely is inlined up to here. */
  private static final int ALWAYS_INLINED = 35;

  /** {@code MaxTrivialSize}: what is hardly ever called is inlined, too, up to here. */
  private static final int TRIVIAL = 6;

  /** {@code C1InlineStackLimit} where there is no other compiler, or the launcher sets it. */
  private static final int PLACES = 10;

  @Test
  void oneCompilerInlinesThemAndTheOtherDoesNot() throws IOException {
    List<String> others = new ArrayList<>();
    List<String> accesses = new ArrayList<>();
    measure(
        ArrayAccess.class,
        (name, type, size, places) -> {
          if (!name.equals("<init>") && !name.equals("bounded")) {
            accesses.add(name + type);
            int arguments = Type.getArgumentsAndReturnSizes(type) / 4 - 1;
            if (size > ALWAYS_INLINED || places - arguments <= PLACES) {
              others.add(name + type + " " + size + " " + places);
            }
          }
        });
    assertEquals(16, accesses.size());
    assertEquals(List.of(), others);
  }

  /** Where it were not inlined, checks would be made against it wherever that place leads to. */
  @Test
  void theBoundIsInlinedAnywhere() throws IOException {
    List<Integer> sizes = new ArrayList<>();
    measure(
        MemoryBound.class,
        (name, type, size, places) -> {
          if (name.equals("size")) {
            sizes.add(size);
          }
        });
    assertEquals(1, sizes.size());
    assertTrue(sizes.getFirst() <= TRIVIAL, sizes + " bytes");
  }

  /** Bytes of bytecode of a method, and places for values. */
  private interface Measured {
    void accept(String name, String type, int size, int places);
  }

  private static void measure(Class<?> type, Measured measured) throws IOException {
    try (InputStream in = type.getResourceAsStream(type.getSimpleName() + ".class")) {
      new ClassReader(in)
          .accept(
              new ClassVisitor(Opcodes.ASM9) {
                @Override
                public MethodVisitor visitMethod(
                    int access, String name, String type, String signature, String[] thrown) {
                  return new MethodVisitor(Opcodes.ASM9, new MeasuringVisitor(null)) {
                    @Override
                    public void visitMaxs(int stack, int locals) {
                      int size = ((MeasuringVisitor) mv).size();
                      measured.accept(name, type, size, stack + locals);
                    }
                  };
                }
              },
              0);
    }
  }

  /** Addresses near both ends of an array, of what an int can be, and any. */
  @Provide
  Arbitrary<Integer> addresses() {
    return Arbitraries.oneOf(
        Arbitraries.integers().between(-20, LENGTH + 20),
        Arbitraries.integers().between(Integer.MAX_VALUE - 60, Integer.MAX_VALUE),
        Arbitraries.integers().between(Integer.MIN_VALUE, Integer.MIN_VALUE + 60),
        Arbitraries.integers());
  }

  @Provide
  Arbitrary<Integer> offsets() {
    int most = (int) ArrayMemory.MAX_BYTES - 1;
    return Arbitraries.oneOf(
        Arbitraries.integers().between(0, LENGTH + 20),
        Arbitraries.integers().between(most - 60, most));
  }

  /** A memory that is its whole array, or has room behind it. */
  @Property
  void whatIsOutsideOfTheMemoryIsRefused(
      @ForAll("addresses") int address,
      @ForAll("offsets") int offset,
      @ForAll @IntRange(max = LENGTH) int memory,
      @ForAll long value) {
    boolean roomy = memory < LENGTH;
    int size = roomy ? memory : Integer.MAX_VALUE;
    for (int width : new int[] {1, 2, 4, 8}) {
      byte[] bytes = new byte[LENGTH];
      for (int i = 0; i < LENGTH; i++) {
        bytes[i] = (byte) (i * 37 + 11);
      }
      long effective = (address & 0xFFFFFFFFL) + offset;
      byte[] expected = bytes.clone();
      if (effective + width > memory) {
        assertThrows(
            IndexOutOfBoundsException.class, () -> get(width, address, offset, bytes, size));
        assertThrows(
            IndexOutOfBoundsException.class, () -> set(width, address, value, offset, bytes, size));
      } else {
        ByteBuffer view = ByteBuffer.wrap(expected).order(ByteOrder.LITTLE_ENDIAN);
        int at = (int) effective;
        long there =
            switch (width) {
              case 1 -> view.get(at);
              case 2 -> view.getShort(at);
              case 4 -> view.getInt(at);
              default -> view.getLong(at);
            };
        assertEquals(there, get(width, address, offset, bytes, size));
        set(width, address, value, offset, bytes, size);
        switch (width) {
          case 1 -> view.put(at, (byte) value);
          case 2 -> view.putShort(at, (short) value);
          case 4 -> view.putInt(at, (int) value);
          default -> view.putLong(at, value);
        }
      }
      assertArrayEquals(expected, bytes);
    }
  }

  private static long get(int width, int address, int offset, byte[] bytes, int size) {
    return switch (width) {
      case 1 ->
          offset == 0
              ? ArrayAccess.getByte(address, bytes, size)
              : ArrayAccess.getByte(address, offset, bytes, size);
      case 2 ->
          offset == 0
              ? ArrayAccess.getShort(address, bytes, size)
              : ArrayAccess.getShort(address, offset, bytes, size);
      case 4 ->
          offset == 0
              ? ArrayAccess.getInt(address, bytes, size)
              : ArrayAccess.getInt(address, offset, bytes, size);
      default ->
          offset == 0
              ? ArrayAccess.getLong(address, bytes, size)
              : ArrayAccess.getLong(address, offset, bytes, size);
    };
  }

  private static void set(int width, int address, long value, int offset, byte[] bytes, int size) {
    switch (width) {
      case 1 -> {
        if (offset == 0) {
          ArrayAccess.setByte(address, (int) value, bytes, size);
        } else {
          ArrayAccess.setByte(address, (int) value, offset, bytes, size);
        }
      }
      case 2 -> {
        if (offset == 0) {
          ArrayAccess.setShort(address, (int) value, bytes, size);
        } else {
          ArrayAccess.setShort(address, (int) value, offset, bytes, size);
        }
      }
      case 4 -> {
        if (offset == 0) {
          ArrayAccess.setInt(address, (int) value, bytes, size);
        } else {
          ArrayAccess.setInt(address, (int) value, offset, bytes, size);
        }
      }
      default -> {
        if (offset == 0) {
          ArrayAccess.setLong(address, value, bytes, size);
        } else {
          ArrayAccess.setLong(address, value, offset, bytes, size);
        }
      }
    }
  }
}

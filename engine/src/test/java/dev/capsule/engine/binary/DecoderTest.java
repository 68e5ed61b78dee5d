package dev.capsule.engine.binary;

import static dev.capsule.engine.binary.Hex.function;
import static dev.capsule.engine.binary.Hex.module;
import static dev.capsule.engine.binary.Hex.section;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.capsule.engine.module.CodeSlice;
import dev.capsule.engine.module.ElemSegment;
import dev.capsule.engine.module.MalformedException;
import dev.capsule.engine.module.Module;
import dev.capsule.engine.module.SegmentMode;
import dev.capsule.engine.types.AddressType;
import dev.capsule.engine.types.MemoryType;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class DecoderTest {
  static Stream<Arguments> malformed() {
    return Stream.of(
        bad("empty", Hex.bytes(""), "unexpected end", 0),
        bad("cut magic", Hex.bytes("00 61"), "unexpected end", 2),
        bad("wrong magic", Hex.bytes("01 61 73 6d 01 00 00 00"), "magic header not detected", 0),
        bad("cut version", Hex.bytes("00 61 73 6d 01 00"), "unexpected end", 6),
        bad("component", Hex.bytes("00 61 73 6d 0d 00 01 00"), "unknown binary version", 4),
        bad("section id 14", module("0e 00"), "malformed section id", 8),
        bad("section beyond the end", module("01 20 00"), "length out of bounds", 9),
        bad("no section size", module("01"), "unexpected end", 9),
        bad("section twice", module("01 01 00", "01 01 00"), "unexpected content after", 11),
        bad("sections reversed", module("03 01 00", "01 01 00"), "unexpected content after", 11),
        bad("tag after global", module("06 01 00", "0d 01 00"), "unexpected content after", 11),
        bad("bytes left in section", module("01 02 00 00"), "section size mismatch", 11),
        bad("2^32-1 types", module("01 05 ff ff ff ff 0f"), "length out of bounds", 10),
        bad("size of six bytes", module("01 80 80 80 80 80 00"), "integer representation", 9),
        bad("size over 2^32", module("01 80 80 80 80 10"), "integer too large", 9),
        bad("form of type", module(section(1, "01 61")), "malformed definition type", 11),
        bad("value type", module(section(1, "01 60 01 7a 00")), "malformed value type", 13),
        bad("heap type", module(section(1, "01 60 01 64 7f 00")), "malformed heap type", 14),
        bad("mutability", module(section(6, "01 7f 02 41 00 0b")), "malformed mutability", 12),
        bad("import kind", module(section(2, "01 00 00 09 00")), "malformed import kind", 13),
        bad("export kind", module(section(7, "01 00 05 00")), "malformed export kind", 12),
        bad("name not UTF-8", module(section(7, "01 01 ff 00 00")), "malformed UTF-8", 12),
        bad("overlong UTF-8", module(section(7, "01 02 c0 80 00 00")), "malformed UTF-8", 12),
        bad("surrogate", module(section(7, "01 03 ed a0 80 00 00")), "malformed UTF-8", 12),
        bad("memory flags", module(section(5, "01 10 00")), "malformed limits flags", 11),
        bad("table flags", module(section(4, "01 70 02 00")), "malformed limits flags", 12),
        bad("page size 2^64", module(section(5, "01 08 00 40")), "invalid custom page size", 13),
        bad("tag attribute", module(section(13, "01 01 00")), "malformed tag attribute", 11),
        bad("table init", module(section(4, "01 40 01")), "zero byte expected", 12),
        bad("element kind", module(section(9, "01 01 01 00")), "malformed element kind", 12),
        bad("elem flags", module(section(9, "01 08 00")), "malformed elements segment kind", 11),
        bad("data flags", module(section(11, "01 03 00")), "malformed data segment kind", 11),
        bad("constant cut", module(section(6, "01 7f 00 41")), "unexpected end", 14),
        bad("constant opcode", module(section(6, "01 7f 00 ff 0b")), "illegal opcode ff", 13),
        bad("no code", module(section(1, "01 60 00 00"), "03 02 01 00"), "function and code", 18),
        bad("data count", module("0c 01 01"), "data count and data section", 11),
        bad("empty body", function(""), "unexpected end of section or function", 22),
        bad("body without end", function("00 01"), "unexpected end of section or function", 24),
        bad("2^32 locals", function("02 ff ff ff ff 0f 7f 01 7f 0b"), "too many locals", 29),
        bad("custom name", module("00 02 05 61"), "length out of bounds", 10));
  }

  private static Arguments bad(String what, byte[] bytes, String reason, int offset) {
    return Arguments.of(what, bytes, reason, offset);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void malformed(String what, byte[] bytes, String reason, int offset) {
    MalformedException error = assertThrows(MalformedException.class, () -> Module.decode(bytes));
    assertTrue(error.reason().startsWith(reason), error.getMessage());
    assertEquals(offset, error.offset(), error.getMessage());
  }

  @Test
  void everyPrefixOfAModuleIsMalformedOrAModule() {
    byte[] whole = Samples.ALL_SECTIONS;
    for (int length = 0; length < whole.length; length++) {
      byte[] prefix = Arrays.copyOf(whole, length);
      try {
        Module.decode(prefix);
      } catch (MalformedException e) {
        assertTrue(e.offset() <= length, e.getMessage());
      }
    }
  }

  @Test
  void bodiesAndDataAreSlicesOfTheInput() {
    Module module = Module.decode(Samples.ALL_SECTIONS);
    CodeSlice code = module.bodies().get(0).code();
    assertSame(Samples.ALL_SECTIONS, code.bytes());
    assertEquals(0x0B, code.bytes()[code.end() - 1]);
    assertSame(Samples.ALL_SECTIONS, module.datas().get(0).bytes());
  }

  @Test
  void limitsKeepTheirAddressTypeSharingAndPageSize() {
    MemoryType memory = Module.decode(module(section(5, "01 0f 01 02 00"))).memory(0);
    assertEquals(AddressType.I64, memory.address());
    assertTrue(memory.shared());
    assertEquals(0, memory.pageSizeLog2());
    assertEquals(1, memory.limits().min());
    assertEquals(2, memory.limits().max().orElseThrow());
  }

  @Test
  void elementSegmentsOfAllEightKinds() {
    String kinds =
        "08"
            + "00 41 00 0b 01 00"
            + "01 00 01 00"
            + "02 00 41 00 0b 00 01 00"
            + "03 00 01 00"
            + "04 41 00 0b 01 d0 70 0b"
            + "05 6f 01 d0 6f 0b"
            + "06 00 41 00 0b 70 01 d2 00 0b"
            + "07 70 01 d0 70 0b";
    Module module = Module.decode(module(section(9, kinds)));
    assertEquals(8, module.elems().size());
    for (int i = 0; i < 8; i++) {
      ElemSegment elem = module.elems().get(i);
      assertEquals(1, elem.size());
      assertEquals(i < 4 ? 1 : 0, elem.functions().length);
      assertEquals(i % 4 == 1, elem.mode() instanceof SegmentMode.Passive);
      assertEquals(i % 4 == 3, elem.mode() instanceof SegmentMode.Declarative);
    }
    assertEquals("externref", module.elems().get(5).type().toString());
  }

  @Test
  void namesOfAllKindsAreRead() {
    Module module = Module.decode(module(Samples.NAMES));
    assertEquals(Optional.of("m"), module.names().module());
    assertEquals(Map.of(0, "f", 2, "g"), module.names().functions());
    assertEquals(Map.of(0, Map.of(1, "x")), module.names().locals());
    assertEquals(Map.of(3, "t"), module.names().tags());
    assertEquals(Map.of(), module.names().globals());
  }

  @Test
  void brokenNamesAreNoReasonToRejectAModule() {
    Module module = Module.decode(module(section(0, "04 6e 61 6d 65 01 03 05 00 00")));
    assertEquals(Map.of(), module.names().functions());
    assertEquals(1, module.customs().size());
  }

  @Test
  void droppedCustomSectionsLeaveOffsetsAsTheyWere() {
    String debug = section(0, "02 2e 64" + "00".repeat(50));
    byte[] bytes = module(debug, section(1, "01 60 00 00"), debug, "03 02 01 00 0a 04 01 02 00 0b");
    Module module = Decoder.decode(bytes, name -> name.startsWith("."));
    assertEquals(0, module.customs().size());
    CodeSlice code = module.bodies().get(0).code();
    assertEquals(bytes.length - 1, code.fileOffset(code.start()));
    assertTrue(code.bytes().length < 60);

    byte[] broken = module(debug, debug, "01 02 00 00");
    MalformedException error =
        assertThrows(MalformedException.class, () -> Decoder.decode(broken, name -> true));
    assertEquals(broken.length - 1, error.offset());
  }

  @Test
  void filesAndChannelsGiveTheSameModule(@TempDir Path folder) throws IOException {
    Path file = Files.write(folder.resolve("m.wasm"), Samples.ALL_SECTIONS);
    byte[] fromFile = Module.decode(file).encode();
    byte[] fromChannel =
        Module.decode(Channels.newChannel(new ByteArrayInputStream(Samples.ALL_SECTIONS))).encode();
    assertArrayEquals(Samples.ALL_SECTIONS, fromFile);
    assertArrayEquals(Samples.ALL_SECTIONS, fromChannel);
  }

  @Test
  void filesBeyondAnArrayAreRefused(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("huge.wasm");
    try (RandomAccessFile huge = new RandomAccessFile(file.toFile(), "rw")) {
      huge.setLength(3L << 30);
    }
    MalformedException error = assertThrows(MalformedException.class, () -> Module.decode(file));
    assertEquals("module is larger than 2 GiB", error.reason());
  }
}

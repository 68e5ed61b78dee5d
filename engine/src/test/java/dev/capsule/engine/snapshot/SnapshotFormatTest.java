package dev.capsule.engine.snapshot;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.capsule.engine.module.Module;
import dev.capsule.engine.runtime.Engine;
import dev.capsule.engine.runtime.LimitException;
import dev.capsule.engine.runtime.Tier;
import dev.capsule.engine.runtime.Trap;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.junit.jupiter.api.Test;

/** Bytes that are not a snapshot of this module by this engine are refused, whatever they are. */
final class SnapshotFormatTest {
  private static final Engine ENGINE = Engine.builder().tier(Tier.INTERPRETER).build();
  private static final String TEXT =
      """
      (module (import "env" "pause" (func $pause (param i32) (result i32)))
        (memory (export "m") 2) (table 3 funcref) (elem (i32.const 1) $inner)
        (global (export "g") (mut i64) (i64.const 7))
        (func $inner (param i32) (result i32)
          (i32.add (i32.const 10) (call $pause (local.get 0))))
        (func (export "run") (param i32) (result i32)
          (i32.store (i32.const 1000) (local.get 0))
          (i32.mul (i32.const 2) (call $inner (local.get 0)))))
      """;

  private final Program program = new Program(TEXT);
  private final byte[] bytes = taken().encode();

  private Snapshot taken() {
    List<Program.Taken> snapshots = new ArrayList<>();
    program.run(ENGINE, snapshots);
    return snapshots.get(0).snapshot();
  }

  @Test
  void theSameStateGivesTheSameBytes() {
    assertArrayEquals(bytes, taken().encode());
    assertArrayEquals(bytes, Snapshot.decode(bytes, program.module()).encode());
  }

  @Test
  void everyDamagedByteIsFound() {
    Module module = program.module();
    for (int i = 0; i < bytes.length; i++) {
      byte[] damaged = bytes.clone();
      damaged[i] ^= 0x10;
      assertThrows(SnapshotException.class, () -> Snapshot.decode(damaged, module));
    }
  }

  @Test
  void everyShorterPieceIsRefused() {
    Module module = program.module();
    for (int i = 0; i < bytes.length; i++) {
      byte[] shorter = Arrays.copyOf(bytes, i);
      assertThrows(SnapshotException.class, () -> Snapshot.decode(shorter, module));
    }
  }

  @Test
  void anotherModuleIsRefused() {
    Module other = new Program(TEXT.replace("i32.const 10", "i32.const 11")).module();
    SnapshotException refused =
        assertThrows(SnapshotException.class, () -> Snapshot.decode(bytes, other));
    assertEquals("the snapshot was taken of another module", refused.getMessage());
  }

  @Test
  void anotherBuildIsRefused() throws Exception {
    byte[] content = content();
    content[5] ^= 1; // in the engine's digest, which comes first
    SnapshotException refused =
        assertThrows(
            SnapshotException.class, () -> Snapshot.decode(pack(content), program.module()));
    assertTrue(refused.getMessage().contains("another build"), refused.getMessage());
  }

  /** With a right checksum: no content may do anything but run, or be refused. */
  @Test
  void wrongContentWithARightChecksumIsRefusedOrRuns() throws Exception {
    byte[] content = content();
    Random random = new Random(1);
    Module module = program.module();
    int refused = 0;
    for (int round = 0; round < 4000; round++) {
      byte[] wrong = content.clone();
      for (int i = 0; i <= random.nextInt(3); i++) {
        // Behind the engine's and the module's digests.
        int at = 90 + random.nextInt(wrong.length - 90);
        wrong[at] = (byte) (random.nextBoolean() ? random.nextInt() : wrong[at] ^ 1);
      }
      try {
        var store = Program.store(ENGINE, 1 << 20);
        store.setFuel(100_000);
        Snapshot.decode(pack(wrong), module).restore(store, Program.linker(caller -> {})).repeat();
      } catch (SnapshotException e) {
        refused++;
      } catch (Trap | LimitException | IllegalStateException e) {
        // Other numbers in memory or on the stack are another computation.
        continue;
      }
    }
    assertTrue(refused > 100, "refused: " + refused);
  }

  private byte[] content() throws Exception {
    ByteBuffer header = ByteBuffer.wrap(bytes);
    byte[] content = new byte[(int) header.getLong(16)];
    Inflater inflater = new Inflater();
    inflater.setInput(bytes, 24, bytes.length - 24);
    assertEquals(content.length, inflater.inflate(content));
    inflater.end();
    return content;
  }

  private static byte[] pack(byte[] content) {
    Deflater deflater = new Deflater(Deflater.BEST_SPEED);
    deflater.setInput(content);
    deflater.finish();
    byte[] buffer = new byte[content.length + 1000];
    int length = deflater.deflate(buffer);
    deflater.end();
    byte[] size = ByteBuffer.allocate(8).putLong(content.length).array();
    CRC32 crc = new CRC32();
    crc.update(size);
    crc.update(buffer, 0, length);
    return ByteBuffer.allocate(24 + length)
        .put("CAPSNAP1".getBytes(StandardCharsets.US_ASCII))
        .putLong(crc.getValue())
        .put(size)
        .put(buffer, 0, length)
        .array();
  }
}

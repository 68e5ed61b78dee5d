package dev.capsule.engine.snapshot;

import dev.capsule.engine.exec.InstanceImage;
import dev.capsule.engine.exec.MemoryImage;
import dev.capsule.engine.exec.ModuleDigest;
import dev.capsule.engine.interpreter.SourceDigest;
import dev.capsule.engine.interpreter.Suspended;
import dev.capsule.engine.module.Feature;
import dev.capsule.engine.module.Module;
import dev.capsule.engine.runtime.FuelMode;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/**
 * Snapshots as bytes: a magic number, the checksum of the rest, the length of the content, and the
 * content compressed. The content begins with what the snapshot is bound to.
 */
final class SnapshotFormat {
  /** The last digit changes with the layout. */
  private static final byte[] MAGIC = "CAPSNAP1".getBytes(StandardCharsets.US_ASCII);

  private static final int HEADER = 8 + 8 + 8;

  /** No snapshot is larger. */
  private static final long MAX_CONTENT = 1L << 30;

  private SnapshotFormat() {}

  static byte[] encode(Origin origin, InstanceImage image) {
    byte[] content = content(origin, image);
    byte[] packed = deflate(content);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(HEADER + packed.length);
    DataOutputStream out = new DataOutputStream(bytes);
    try {
      out.write(MAGIC);
      out.writeLong(checksum(content.length, packed, 0));
      out.writeLong(content.length);
      out.write(packed);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static long checksum(long length, byte[] bytes, int from) {
    CRC32 crc = new CRC32();
    for (int shift = 56; shift >= 0; shift -= 8) {
      crc.update((int) (length >>> shift));
    }
    crc.update(bytes, from, bytes.length - from);
    return crc.getValue();
  }

  private static byte[] deflate(byte[] content) {
    Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION);
    try {
      deflater.setInput(content);
      deflater.finish();
      ByteArrayOutputStream packed = new ByteArrayOutputStream();
      byte[] buffer = new byte[1 << 16];
      while (!deflater.finished()) {
        packed.write(buffer, 0, deflater.deflate(buffer));
      }
      return packed.toByteArray();
    } finally {
      deflater.end();
    }
  }

  private static byte[] content(Origin origin, InstanceImage image) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    try {
      write(out, origin);
      out.writeLong(image.fuel());
      out.writeInt(image.memories().size());
      for (MemoryImage memory : image.memories()) {
        out.writeLong(memory.bytes());
        write(out, memory.kinds());
        write(out, memory.content());
      }
      out.writeInt(image.tables().size());
      for (int[] table : image.tables()) {
        write(out, table);
      }
      write(out, image.globals());
      write(out, image.droppedElems());
      write(out, image.droppedData());
      out.writeBoolean(image.suspended().isPresent());
      if (image.suspended().isPresent()) {
        write(out, image.suspended().get());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static void write(DataOutputStream out, Origin origin) throws IOException {
    out.writeUTF(SourceDigest.VALUE);
    out.writeLong(origin.module().length());
    out.writeLong(origin.module().crc());
    out.writeLong(origin.module().crcC());
    out.writeBoolean(origin.deterministic());
    out.writeInt(origin.fuelMode().ordinal());
    long features = 0;
    for (Feature feature : origin.features()) {
      features |= 1L << feature.ordinal();
    }
    out.writeLong(features);
  }

  private static void write(DataOutputStream out, Suspended suspended) throws IOException {
    out.writeInt(suspended.host());
    out.writeBoolean(suspended.direct());
    out.writeInt(suspended.frames().size());
    for (Suspended.Frame frame : suspended.frames()) {
      out.writeInt(frame.function());
      out.writeInt(frame.call());
      out.writeInt(frame.base());
    }
    write(out, suspended.slots());
    write(out, suspended.functions());
  }

  private static void write(DataOutputStream out, byte[] values) throws IOException {
    out.writeInt(values.length);
    out.write(values);
  }

  private static void write(DataOutputStream out, int[] values) throws IOException {
    out.writeInt(values.length);
    for (int value : values) {
      out.writeInt(value);
    }
  }

  private static void write(DataOutputStream out, long[] values) throws IOException {
    out.writeInt(values.length);
    for (long value : values) {
      out.writeLong(value);
    }
  }

  private static void write(DataOutputStream out, boolean[] values) throws IOException {
    out.writeInt(values.length);
    for (boolean value : values) {
      out.writeBoolean(value);
    }
  }

  static Snapshot decode(byte[] bytes, Module module) {
    byte[] content = inflate(bytes);
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(content));
    try {
      Origin origin = origin(in, module);
      InstanceImage image = image(in);
      if (in.available() > 0) {
        throw damaged("it goes on behind its end");
      }
      return new Snapshot(module, image, origin);
    } catch (IOException e) {
      throw damaged("it ends early");
    }
  }

  private static SnapshotException damaged(String reason) {
    return new SnapshotException("the snapshot is damaged: " + reason);
  }

  private static byte[] inflate(byte[] bytes) {
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
    try {
      if (bytes.length < HEADER
          || !new String(in.readNBytes(8), StandardCharsets.US_ASCII)
              .equals(new String(MAGIC, StandardCharsets.US_ASCII))) {
        throw damaged("it does not begin like one");
      }
      long checksum = in.readLong();
      long length = in.readLong();
      if (checksum != checksum(length, bytes, HEADER)) {
        throw damaged("its checksum is wrong");
      }
      if (length < 0 || length > MAX_CONTENT) {
        throw damaged("it would have " + length + " bytes");
      }
      return inflate(bytes, (int) length);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] inflate(byte[] bytes, int length) {
    Inflater inflater = new Inflater();
    try {
      inflater.setInput(bytes, HEADER, bytes.length - HEADER);
      byte[] content = new byte[length];
      int done = 0;
      while (done < length) {
        int count = inflater.inflate(content, done, length - done);
        if (count == 0) {
          throw damaged("it ends early");
        }
        done += count;
      }
      return content;
    } catch (DataFormatException e) {
      throw new SnapshotException("the snapshot is damaged: " + e.getMessage(), e);
    } finally {
      inflater.end();
    }
  }

  private static Origin origin(DataInputStream in, Module module) throws IOException {
    if (!in.readUTF().equals(SourceDigest.VALUE)) {
      throw new SnapshotException("the snapshot was made by another build of the engine");
    }
    ModuleDigest digest = new ModuleDigest(in.readLong(), in.readLong(), in.readLong());
    if (!digest.equals(ModuleDigest.of(module))) {
      throw new SnapshotException("the snapshot was taken of another module");
    }
    boolean deterministic = in.readBoolean();
    int fuelMode = in.readInt();
    if (fuelMode < 0 || fuelMode >= FuelMode.values().length) {
      throw damaged("fuel mode " + fuelMode);
    }
    long bits = in.readLong();
    Set<Feature> features = EnumSet.noneOf(Feature.class);
    for (Feature feature : Feature.values()) {
      if ((bits >>> feature.ordinal() & 1) != 0) {
        features.add(feature);
      }
    }
    return new Origin(digest, deterministic, FuelMode.values()[fuelMode], features);
  }

  private static InstanceImage image(DataInputStream in) throws IOException {
    long fuel = in.readLong();
    int count = in.readInt();
    List<MemoryImage> memories = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      MemoryImage memory = new MemoryImage(in.readLong(), readBytes(in), readBytes(in));
      if (!memory.isConsistent()) {
        throw damaged("memory " + i);
      }
      memories.add(memory);
    }
    count = in.readInt();
    List<int[]> tables = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      tables.add(readInts(in));
    }
    return new InstanceImage(
        memories,
        tables,
        readLongs(in),
        readBooleans(in),
        readBooleans(in),
        fuel,
        in.readBoolean() ? Optional.of(suspended(in)) : Optional.empty());
  }

  private static Suspended suspended(DataInputStream in) throws IOException {
    int host = in.readInt();
    boolean direct = in.readBoolean();
    int count = in.readInt();
    List<Suspended.Frame> frames = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      frames.add(new Suspended.Frame(in.readInt(), in.readInt(), in.readInt()));
    }
    long[] slots = readLongs(in);
    int[] functions = readInts(in);
    if (frames.isEmpty() || functions.length != slots.length) {
      throw damaged("its stack");
    }
    return new Suspended(host, direct, frames, slots, functions);
  }

  /** A length that what is left can have. */
  private static int length(DataInputStream in, int size) throws IOException {
    int length = in.readInt();
    if (length < 0 || length > in.available() / size) {
      throw damaged("a length of " + length);
    }
    return length;
  }

  private static byte[] readBytes(DataInputStream in) throws IOException {
    return in.readNBytes(length(in, 1));
  }

  private static int[] readInts(DataInputStream in) throws IOException {
    int[] values = new int[length(in, 4)];
    for (int i = 0; i < values.length; i++) {
      values[i] = in.readInt();
    }
    return values;
  }

  private static long[] readLongs(DataInputStream in) throws IOException {
    long[] values = new long[length(in, 8)];
    for (int i = 0; i < values.length; i++) {
      values[i] = in.readLong();
    }
    return values;
  }

  private static boolean[] readBooleans(DataInputStream in) throws IOException {
    boolean[] values = new boolean[length(in, 1)];
    for (int i = 0; i < values.length; i++) {
      values[i] = in.readBoolean();
    }
    return values;
  }
}

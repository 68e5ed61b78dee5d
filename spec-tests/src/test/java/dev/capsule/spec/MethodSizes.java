package dev.capsule.spec;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.TreeMap;

/** Reads from class files how large their methods are (JVMS 4.1, 4.7.3). */
final class MethodSizes {
  private static final int MAGIC = 0xCAFEBABE;

  private final Map<String, Integer> sizes = new TreeMap<>();

  /** The bytes of code by class and method, of all class files in a file of the code cache. */
  static Map<String, Integer> of(byte[] stored) {
    MethodSizes found = new MethodSizes();
    ByteBuffer bytes = ByteBuffer.wrap(stored);
    for (int at = Integer.BYTES; at < stored.length - Integer.BYTES; at++) {
      // The length comes before the class file.
      int length = bytes.getInt(at - Integer.BYTES);
      if (bytes.getInt(at) == MAGIC && length > 0 && length <= stored.length - at) {
        try {
          found.read(new DataInputStream(new ByteArrayInputStream(stored, at, length)));
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
        at += length - 1;
      }
    }
    return found.sizes;
  }

  private void read(DataInputStream in) throws IOException {
    in.skipNBytes(8);
    int count = in.readUnsignedShort();
    String[] texts = new String[count];
    int[] classNames = new int[count];
    for (int i = 1; i < count; i++) {
      int tag = in.readUnsignedByte();
      switch (tag) {
        case 1 -> texts[i] = in.readUTF();
        case 7 -> classNames[i] = in.readUnsignedShort();
        case 8, 16, 19, 20 -> in.skipNBytes(2);
        case 15 -> in.skipNBytes(3);
        case 5, 6 -> {
          in.skipNBytes(8);
          i++;
        }
        default -> in.skipNBytes(4);
      }
    }
    in.skipNBytes(2);
    String name = texts[classNames[in.readUnsignedShort()]];
    in.skipNBytes(2);
    in.skipNBytes(2L * in.readUnsignedShort());
    members(in, texts, name, false);
    members(in, texts, name, true);
  }

  private void members(DataInputStream in, String[] texts, String owner, boolean methods)
      throws IOException {
    int count = in.readUnsignedShort();
    for (int i = 0; i < count; i++) {
      in.skipNBytes(2);
      String name = texts[in.readUnsignedShort()];
      in.skipNBytes(2);
      int attributes = in.readUnsignedShort();
      for (int a = 0; a < attributes; a++) {
        String attribute = texts[in.readUnsignedShort()];
        int length = in.readInt();
        if (methods && attribute.equals("Code")) {
          in.skipNBytes(4);
          sizes.merge(owner + "." + name, in.readInt(), Math::max);
          in.skipNBytes(length - 8L);
        } else {
          in.skipNBytes(length);
        }
      }
    }
  }
}

package dev.capsule.engine.binary;

import dev.capsule.engine.module.ByteReader;
import dev.capsule.engine.module.MalformedException;
import dev.capsule.engine.module.Names;
import dev.capsule.engine.types.UnknownType;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;

/**
 * Reads the name section (spec A.4 and the extended-name-section proposal). Texts stay in the
 * input: they are made when asked for.
 */
final class NameSection {
  private static final int KINDS = 12;

  private final byte[] bytes;
  private final int[] starts = new int[KINDS];
  private final int[] ends = new int[KINDS];

  private NameSection(byte[] bytes) {
    this.bytes = bytes;
    Arrays.fill(starts, -1);
  }

  /** The names in bytes {@code start} to {@code end}; subsections that are malformed are empty. */
  static Names read(byte[] bytes, int start, int end) {
    NameSection section = new NameSection(bytes);
    ByteReader in = section.reader(start, end);
    try {
      while (!in.atEnd()) {
        int kind = in.byteU();
        int size = in.count();
        if (kind < KINDS) {
          section.starts[kind] = in.position();
          section.ends[kind] = in.position() + size;
        }
        in.seek(in.position() + size);
      }
    } catch (MalformedException e) {
      // What came before the fault still counts.
      return section.names();
    }
    return section.names();
  }

  private Names names() {
    return new Names(
        Optional.ofNullable(starts[0] < 0 ? null : module()),
        direct(1),
        indirect(2),
        indirect(3),
        direct(4),
        direct(5),
        direct(6),
        direct(7),
        direct(8),
        direct(9),
        indirect(10),
        direct(11));
  }

  private String module() {
    try {
      return text(starts[0], ends[0]);
    } catch (MalformedException e) {
      return null;
    }
  }

  private Map<Integer, String> direct(int kind) {
    return starts[kind] < 0 ? Map.of() : direct(starts[kind], ends[kind]);
  }

  private Map<Integer, String> direct(int start, int end) {
    try {
      ByteReader in = reader(start, end);
      IndexMap.Builder map = new IndexMap.Builder(in.count());
      while (map.wantsMore()) {
        map.add(in.u32(), in.position());
        skipText(in);
      }
      return map.build(at -> text(at, end));
    } catch (MalformedException e) {
      return Map.of();
    }
  }

  private Map<Integer, Map<Integer, String>> indirect(int kind) {
    if (starts[kind] < 0) {
      return Map.of();
    }
    int end = ends[kind];
    try {
      ByteReader in = reader(starts[kind], end);
      IndexMap.Builder map = new IndexMap.Builder(in.count());
      while (map.wantsMore()) {
        map.add(in.u32(), in.position());
        int inner = in.count();
        for (int i = 0; i < inner; i++) {
          in.u32();
          skipText(in);
        }
      }
      return map.build(at -> direct(at, end));
    } catch (MalformedException e) {
      return Map.of();
    }
  }

  private static void skipText(ByteReader in) {
    int length = in.count();
    in.seek(in.position() + length);
  }

  private String text(int start, int end) {
    ByteReader in = reader(start, end);
    int length = in.count();
    return new String(bytes, in.position(), length, StandardCharsets.UTF_8);
  }

  private ByteReader reader(int start, int end) {
    return new ByteReader(bytes, start, end, 0, UnknownType::new);
  }
}

package dev.capsule.engine.text;

import dev.capsule.engine.module.CustomSection;
import dev.capsule.engine.module.Names;
import java.util.Map;
import java.util.TreeMap;

/** The name section (spec A.4, with the extended kinds) that stands for a text's identifiers. */
final class NameSectionWriter {
  /** The section id that the name section follows: data. */
  private static final int AFTER = 11;

  private final CodeBuffer out = new CodeBuffer();

  private NameSectionWriter() {}

  static CustomSection write(Names names) {
    NameSectionWriter writer = new NameSectionWriter();
    names
        .module()
        .ifPresent(
            module -> {
              CodeBuffer content = new CodeBuffer();
              name(module, content);
              writer.subsection(0, content);
            });
    writer.direct(1, names.functions());
    writer.indirect(2, names.locals());
    writer.indirect(3, names.labels());
    writer.direct(4, names.types());
    writer.direct(5, names.tables());
    writer.direct(6, names.memories());
    writer.direct(7, names.globals());
    writer.direct(8, names.elems());
    writer.direct(9, names.datas());
    writer.indirect(10, names.fields());
    writer.direct(11, names.tags());
    byte[] bytes = writer.out.toByteArray();
    return new CustomSection("name", bytes, 0, bytes.length, AFTER);
  }

  private void subsection(int id, CodeBuffer content) {
    out.u8(id);
    out.u32(content.size());
    out.bytes(content.toByteArray());
  }

  private void direct(int id, Map<Integer, String> names) {
    if (!names.isEmpty()) {
      CodeBuffer content = new CodeBuffer();
      map(names, content);
      subsection(id, content);
    }
  }

  private void indirect(int id, Map<Integer, Map<Integer, String>> names) {
    if (!names.isEmpty()) {
      CodeBuffer content = new CodeBuffer();
      content.u32(names.size());
      new TreeMap<>(names)
          .forEach(
              (index, inner) -> {
                content.u32(index);
                map(inner, content);
              });
      subsection(id, content);
    }
  }

  private static void map(Map<Integer, String> names, CodeBuffer out) {
    out.u32(names.size());
    new TreeMap<>(names)
        .forEach(
            (index, name) -> {
              out.u32(index);
              name(name, out);
            });
  }

  private static void name(String name, CodeBuffer out) {
    byte[] bytes = Utf8.encode(name);
    out.u32(bytes.length);
    out.bytes(bytes);
  }
}

package dev.capsule.engine.binary;

import dev.capsule.engine.module.CodeSlice;
import dev.capsule.engine.module.CustomSection;
import dev.capsule.engine.module.DataSegment;
import dev.capsule.engine.module.ElemSegment;
import dev.capsule.engine.module.FunctionBody;
import dev.capsule.engine.module.Module;
import dev.capsule.engine.module.SegmentMode;
import dev.capsule.engine.module.TableDef;
import dev.capsule.engine.types.RefType;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * Writes a module in the binary format (spec 5.5). Instructions are copied as they are; custom
 * sections come out where they were.
 */
public final class Encoder {
  private final Module module;
  private final ByteWriter out = new ByteWriter();
  private final TypeWriter types = new TypeWriter();
  private final boolean customs;

  private Encoder(Module module, boolean customs) {
    this.module = module;
    this.customs = customs;
  }

  /** The bytes of a module. */
  public static byte[] encode(Module module) {
    return new Encoder(module, true).encode();
  }

  /** The bytes of a module without any custom section, names included. */
  public static byte[] encodeStripped(Module module) {
    return new Encoder(module, false).encode();
  }

  private byte[] encode() {
    out.bytes(new byte[] {0, 'a', 's', 'm', 1, 0, 0, 0}, 0, 8);
    customs(0);
    section(1, module.groups(), types::group);
    section(
        2,
        module.imports(),
        (to, item) -> {
          to.name(item.module());
          to.name(item.name());
          types.externType(to, item.type());
        });
    section(3, module.definedFuncs(), (to, type) -> to.u32(types.index(type)));
    section(4, module.tables(), this::table);
    section(5, module.memories(), types::memoryType);
    section(13, module.tags(), types::tagType);
    section(
        6,
        module.globals(),
        (to, global) -> {
          types.globalType(to, global.type());
          code(to, global.init());
        });
    section(
        7,
        module.exports(),
        (to, export) -> {
          to.name(export.name());
          to.u8(export.kind().ordinal());
          to.u32(export.index());
        });
    ByteWriter start = new ByteWriter();
    module.start().ifPresent(start::u32);
    section(8, start);
    section(9, module.elems(), this::elem);
    ByteWriter dataCount = new ByteWriter();
    module.dataCount().ifPresent(dataCount::u32);
    section(12, dataCount);
    section(10, module.bodies(), this::body);
    section(11, module.datas(), this::data);
    return out.toByteArray();
  }

  private <T> void section(int id, List<T> items, BiConsumer<ByteWriter, T> writer) {
    ByteWriter content = new ByteWriter();
    if (!items.isEmpty()) {
      content.u32(items.size());
      for (T item : items) {
        writer.accept(content, item);
      }
    }
    section(id, content);
  }

  private void section(int id, ByteWriter content) {
    if (content.size() > 0) {
      out.u8(id);
      out.sized(content);
    }
    customs(id);
  }

  private void customs(int after) {
    if (!customs) {
      return;
    }
    for (CustomSection custom : module.customs()) {
      if (custom.after() == after) {
        ByteWriter content = new ByteWriter();
        content.name(custom.name());
        content.bytes(custom.bytes(), custom.start(), custom.end());
        out.u8(0);
        out.sized(content);
      }
    }
  }

  private void table(ByteWriter to, TableDef table) {
    if (table.init().isPresent()) {
      to.u8(0x40);
      to.u8(0);
    }
    types.tableType(to, table.type());
    table.init().ifPresent(init -> code(to, init));
  }

  private void elem(ByteWriter to, ElemSegment elem) {
    boolean expressions =
        !elem.expressions().isEmpty()
            || elem.functions().length == 0 && !elem.type().equals(Decoder.FUNCTIONS);
    boolean plain = expressions && elem.type().equals(RefType.FUNCREF) || !expressions;
    int kind = expressions ? 4 : 0;
    boolean typed = true;
    switch (elem.mode()) {
      case SegmentMode.Passive p -> to.u32(kind | 1);
      case SegmentMode.Declarative d -> to.u32(kind | 3);
      case SegmentMode.Active active -> {
        typed = active.target() != 0 || !plain;
        to.u32(typed ? kind | 2 : kind);
        if (typed) {
          to.u32(active.target());
        }
        code(to, active.offset());
      }
    }
    if (typed) {
      if (expressions) {
        types.refType(to, elem.type());
      } else {
        to.u8(0);
      }
    }
    to.u32(elem.size());
    for (CodeSlice expression : elem.expressions()) {
      code(to, expression);
    }
    for (int function : elem.functions()) {
      to.u32(function);
    }
  }

  private void body(ByteWriter to, FunctionBody body) {
    ByteWriter content = new ByteWriter();
    content.u32(body.locals().size());
    for (FunctionBody.LocalGroup group : body.locals()) {
      content.u32(group.count());
      types.valType(content, group.type());
    }
    code(content, body.code());
    to.sized(content);
  }

  private void data(ByteWriter to, DataSegment data) {
    switch (data.mode()) {
      case SegmentMode.Active active -> {
        to.u32(active.target() == 0 ? 0 : 2);
        if (active.target() != 0) {
          to.u32(active.target());
        }
        code(to, active.offset());
      }
      case SegmentMode.Passive p -> to.u32(1);
      case SegmentMode.Declarative d ->
          throw new IllegalArgumentException("a data segment cannot be declarative");
    }
    to.u32(data.length());
    to.bytes(data.bytes(), data.start(), data.end());
  }

  private static void code(ByteWriter to, CodeSlice code) {
    to.bytes(code.bytes(), code.start(), code.end());
  }
}

package dev.capsule.engine.binary;

import dev.capsule.engine.module.ByteReader;
import dev.capsule.engine.module.CodeSlice;
import dev.capsule.engine.module.CustomSection;
import dev.capsule.engine.module.DataSegment;
import dev.capsule.engine.module.ElemSegment;
import dev.capsule.engine.module.Export;
import dev.capsule.engine.module.FunctionBody;
import dev.capsule.engine.module.FunctionBody.LocalGroup;
import dev.capsule.engine.module.GlobalDef;
import dev.capsule.engine.module.Import;
import dev.capsule.engine.module.InstructionReader;
import dev.capsule.engine.module.MalformedException;
import dev.capsule.engine.module.Module;
import dev.capsule.engine.module.SegmentMode;
import dev.capsule.engine.module.TableDef;
import dev.capsule.engine.types.AbsHeapType;
import dev.capsule.engine.types.AddressType;
import dev.capsule.engine.types.ExternFunc;
import dev.capsule.engine.types.ExternKind;
import dev.capsule.engine.types.ExternType;
import dev.capsule.engine.types.GlobalType;
import dev.capsule.engine.types.Limits;
import dev.capsule.engine.types.MemoryType;
import dev.capsule.engine.types.RefType;
import dev.capsule.engine.types.TableType;
import dev.capsule.engine.types.TagType;
import dev.capsule.engine.types.ValType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Predicate;

/**
 * Reads one module (spec 5.5) in one pass. Function bodies, data and custom sections stay slices of
 * the input, which must not be changed afterwards; instructions of function bodies are not looked
 * at, so that some malformed code is found when it is validated.
 *
 * <p>Sections other than custom ones are read up to the end of the input and their size is compared
 * afterwards, as the reference interpreter does: the official suite's messages depend on it.
 */
public final class Decoder {
  private static final int CUSTOM = 0;

  /** Sections by id, in the order in which they may come; custom sections come anywhere. */
  private static final int[] RANK = {0, 1, 2, 3, 4, 5, 7, 8, 9, 10, 12, 13, 11, 6};

  private static final int HEADER = 8;

  /** What fits in an array on every JVM. */
  private static final int MAX_SIZE = Integer.MAX_VALUE - 8;

  /** The opcode that closes every expression. */
  private static final int END = 0x0B;

  private final byte[] bytes;
  private final TypeSection types = new TypeSection();
  private final Module.Builder builder = new Module.Builder();
  private final Reader in;
  private final Cuts cuts;
  private Module typesOnly;

  private Decoder(byte[] bytes, Cuts cuts) {
    this.bytes = bytes;
    this.cuts = cuts;
    this.in = new Reader();
  }

  /**
   * Decodes a module.
   *
   * @throws MalformedException if the bytes do not follow the binary format
   */
  public static Module decode(byte[] bytes) {
    return decode(bytes, Cuts.NONE);
  }

  /**
   * Decodes a module without the custom sections whose names {@code dropped} accepts; they do not
   * stay in memory. Errors still name offsets in the input.
   *
   * @throws MalformedException if the bytes do not follow the binary format
   */
  public static Module decode(byte[] bytes, Predicate<String> dropped) {
    Cuts cuts = Cuts.of(bytes, dropped);
    return decode(cuts.apply(bytes), cuts);
  }

  /**
   * Decodes a file.
   *
   * @throws MalformedException if the bytes do not follow the binary format
   * @throws UncheckedIOException if the file cannot be read
   */
  public static Module decode(Path file) {
    return decode(read(file));
  }

  /**
   * Decodes a file without the custom sections whose names {@code dropped} accepts.
   *
   * @throws MalformedException if the bytes do not follow the binary format
   * @throws UncheckedIOException if the file cannot be read
   */
  public static Module decode(Path file, Predicate<String> dropped) {
    return decode(read(file), dropped);
  }

  /**
   * Decodes all that a channel gives.
   *
   * @throws MalformedException if the bytes do not follow the binary format
   * @throws UncheckedIOException if the channel cannot be read
   */
  public static Module decode(ReadableByteChannel channel) {
    try {
      byte[] bytes = Channels.newInputStream(channel).readNBytes(MAX_SIZE);
      if (bytes.length == MAX_SIZE) {
        throw new MalformedException("module is larger than 2 GiB", MAX_SIZE);
      }
      return decode(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] read(Path file) {
    try {
      long size = Files.size(file);
      if (size > MAX_SIZE) {
        throw new MalformedException("module is larger than 2 GiB", MAX_SIZE);
      }
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Module decode(byte[] bytes, Cuts cuts) {
    return new Decoder(bytes, cuts).module();
  }

  private Module module() {
    header();
    int last = 0;
    int before = 0;
    while (!in.atEnd()) {
      in.rebase();
      int at = in.position();
      int id = in.byteU();
      if (id >= RANK.length) {
        throw in.malformed("malformed section id", at);
      }
      int size = in.count();
      int end = in.position() + size;
      if (id == CUSTOM) {
        custom(end, before);
      } else if (RANK[id] <= last) {
        throw in.malformed("unexpected content after last section", at);
      } else {
        last = RANK[id];
        before = id;
        section(id);
        if (in.position() != end) {
          throw in.malformed("section size mismatch", in.position());
        }
      }
    }
    if (builder.functions.size() != builder.bodies.size()) {
      throw in.malformed("function and code section have inconsistent lengths", bytes.length);
    }
    if (builder.dataCount.isPresent() && builder.dataCount.getAsInt() != builder.datas.size()) {
      throw in.malformed("data count and data section have inconsistent lengths", bytes.length);
    }
    return builder.build();
  }

  private void header() {
    byte[] expected = {0, 'a', 's', 'm', 1, 0, 0, 0};
    for (int part = 0; part < HEADER; part += 4) {
      if (bytes.length < part + 4) {
        throw in.malformed("unexpected end", bytes.length);
      }
      for (int i = part; i < part + 4; i++) {
        if (bytes[i] != expected[i]) {
          throw in.malformed(part == 0 ? "magic header not detected" : "unknown binary version", i);
        }
      }
    }
    in.seek(HEADER);
  }

  private void custom(int end, int before) {
    ByteReader section = new ByteReader(bytes, in.position(), end, in.base(), types::type);
    String name = name(section);
    int start = section.position();
    builder.customs.add(new CustomSection(name, bytes, start, end, before));
    if (name.equals("name")) {
      builder.names = NameSection.read(bytes, start, end);
    }
    in.seek(end);
  }

  private void section(int id) {
    switch (id) {
      case 1 -> repeat(() -> builder.groups.add(types.group(in)));
      case 2 -> repeat(() -> builder.imports.add(imported()));
      case 3 -> repeat(() -> builder.functions.add(types.type(in.u32())));
      case 4 -> repeat(() -> builder.tables.add(table()));
      case 5 -> repeat(() -> builder.memories.add(memoryType()));
      case 6 -> repeat(() -> builder.globals.add(new GlobalDef(globalType(), expression())));
      case 7 -> repeat(() -> builder.exports.add(export()));
      case 8 -> builder.start = OptionalInt.of(in.u32());
      case 9 -> repeat(() -> builder.elems.add(elem()));
      case 10 -> repeat(() -> builder.bodies.add(body()));
      case 11 -> repeat(() -> builder.datas.add(data()));
      case 12 -> builder.dataCount = OptionalInt.of(in.u32());
      case 13 -> repeat(() -> builder.tags.add(tagType()));
      default -> throw new AssertionError(id);
    }
  }

  private void repeat(Runnable item) {
    int count = in.count();
    for (int i = 0; i < count; i++) {
      item.run();
    }
  }

  private Import imported() {
    String module = name(in);
    String name = name(in);
    int at = in.position();
    ExternType type =
        switch (in.byteU()) {
          case 0 -> new ExternFunc(types.type(in.u32()));
          case 1 -> tableType();
          case 2 -> memoryType();
          case 3 -> globalType();
          case 4 -> tagType();
          default -> throw in.malformed("malformed import kind", at);
        };
    return new Import(module, name, type);
  }

  private TableDef table() {
    if (in.peek() != 0x40) {
      return new TableDef(tableType(), Optional.empty());
    }
    in.byteU();
    if (in.byteU() != 0) {
      throw in.malformed("zero byte expected", in.position() - 1);
    }
    return new TableDef(tableType(), Optional.of(expression()));
  }

  private TableType tableType() {
    RefType element = in.refType();
    int flags = flags(0x05);
    return new TableType(address(flags), limits(flags), element);
  }

  private MemoryType memoryType() {
    int flags = flags(0x0F);
    boolean sized = (flags & 0x08) != 0;
    if (sized && in.atEnd()) {
      // Neither limits nor page size follow, so this is no page size flag.
      throw in.malformed("malformed limits flags", in.position() - 1);
    }
    Limits limits = limits(flags);
    int pageSize = MemoryType.DEFAULT_PAGE_SIZE_LOG2;
    if (sized) {
      int at = in.position();
      pageSize = in.u32();
      if (Integer.compareUnsigned(pageSize, 64) >= 0) {
        throw in.malformed("invalid custom page size", at);
      }
    }
    return new MemoryType(address(flags), limits, (flags & 0x02) != 0, pageSize);
  }

  private int flags(int allowed) {
    int flags = in.byteU();
    if ((flags & ~allowed) != 0) {
      throw in.malformed("malformed limits flags", in.position() - 1);
    }
    return flags;
  }

  private static AddressType address(int flags) {
    return (flags & 0x04) != 0 ? AddressType.I64 : AddressType.I32;
  }

  private Limits limits(int flags) {
    long min = in.u64();
    return (flags & 0x01) != 0 ? Limits.of(min, in.u64()) : Limits.of(min);
  }

  private GlobalType globalType() {
    ValType value = in.valType();
    return new GlobalType(mutability(in), value);
  }

  static boolean mutability(ByteReader in) {
    int at = in.position();
    int flag = in.byteU();
    if (flag > 1) {
      throw in.malformed("malformed mutability", at);
    }
    return flag == 1;
  }

  private TagType tagType() {
    if (in.byteU() != 0) {
      throw in.malformed("malformed tag attribute", in.position() - 1);
    }
    return new TagType(types.type(in.u32()));
  }

  private Export export() {
    String name = name(in);
    int at = in.position();
    int kind = in.byteU();
    if (kind >= KINDS.length) {
      throw in.malformed("malformed export kind", at);
    }
    return new Export(name, KINDS[kind], in.u32());
  }

  private static final ExternKind[] KINDS = ExternKind.values();

  /** A segment's flags: bit 0 not active, bit 1 a table index or declarative, bit 2 expressions. */
  private ElemSegment elem() {
    int at = in.position();
    int flags = in.u32();
    if (flags < 0 || flags > 7) {
      throw in.malformed("malformed elements segment kind", at);
    }
    boolean explicit = (flags & 2) != 0;
    SegmentMode mode;
    if ((flags & 1) != 0) {
      mode = explicit ? new SegmentMode.Declarative() : new SegmentMode.Passive();
    } else {
      int table = explicit ? in.u32() : 0;
      mode = new SegmentMode.Active(table, expression());
    }
    boolean typed = (flags & 3) != 0;
    if ((flags & 4) != 0) {
      RefType type = typed ? in.refType() : RefType.FUNCREF;
      int count = in.count();
      List<CodeSlice> expressions = new ArrayList<>(count);
      for (int i = 0; i < count; i++) {
        expressions.add(expression());
      }
      return new ElemSegment(type, new int[0], expressions, mode);
    }
    if (typed && in.byteU() != 0) {
      throw in.malformed("malformed element kind", in.position() - 1);
    }
    int[] functions = new int[in.count()];
    for (int i = 0; i < functions.length; i++) {
      functions[i] = in.u32();
    }
    return new ElemSegment(FUNCTIONS, functions, List.of(), mode);
  }

  /** The type of segments that list functions. */
  static final RefType FUNCTIONS = new RefType(false, AbsHeapType.FUNC);

  private FunctionBody body() {
    int size = in.count();
    int end = in.position() + size;
    int groups = in.count();
    List<LocalGroup> locals = groups == 0 ? List.of() : new ArrayList<>(groups);
    long sum = 0;
    for (int i = 0; i < groups; i++) {
      int at = in.position();
      int count = in.u32();
      sum += Integer.toUnsignedLong(count);
      if (sum > 0xFFFFFFFFL) {
        throw in.malformed("too many locals", at);
      }
      locals.add(new LocalGroup(count, in.valType()));
    }
    int start = in.position();
    if (start >= end) {
      throw in.malformed("unexpected end of section or function", start);
    }
    if (bytes[end - 1] != END) {
      // The size or the code is wrong: read on, to say which.
      throw in.malformed("section size mismatch", endOfExpression(start));
    }
    in.seek(end);
    return new FunctionBody(List.copyOf(locals), new CodeSlice(bytes, start, end, in.base()));
  }

  private DataSegment data() {
    int at = in.position();
    int flags = in.u32();
    SegmentMode mode =
        switch (flags) {
          case 0 -> new SegmentMode.Active(0, expression());
          case 1 -> new SegmentMode.Passive();
          case 2 -> {
            int memory = in.u32();
            yield new SegmentMode.Active(memory, expression());
          }
          default -> throw in.malformed("malformed data segment kind", at);
        };
    int size = in.count();
    int start = in.position();
    in.seek(start + size);
    return new DataSegment(mode, bytes, start, start + size);
  }

  private CodeSlice expression() {
    int start = in.position();
    int end = endOfExpression(start);
    in.seek(end);
    return new CodeSlice(bytes, start, end, in.base());
  }

  /** Reads instructions up to the {@code end} that closes the expression; gives the place after. */
  private int endOfExpression(int start) {
    if (typesOnly == null) {
      Module.Builder onlyTypes = new Module.Builder();
      onlyTypes.groups.addAll(builder.groups);
      typesOnly = onlyTypes.build();
    }
    InstructionReader code =
        new InstructionReader(typesOnly, new CodeSlice(bytes, start, bytes.length, in.base()));
    int depth = 1;
    while (depth > 0) {
      code.next();
      switch (code.opcode) {
        case BLOCK, LOOP, IF, TRY, TRY_TABLE -> depth++;
        case END, DELEGATE -> depth--;
        case ELSE -> {
          if (depth == 1) {
            throw in.malformed("END opcode expected", code.start);
          }
        }
        default -> {}
      }
    }
    return code.position();
  }

  private String name(ByteReader in) {
    int length = in.count();
    int start = in.position();
    in.seek(start + length);
    return Utf8.decode(bytes, start, length)
        .orElseThrow(() -> in.malformed("malformed UTF-8 encoding", start));
  }

  /** The cursor over the whole input. */
  private final class Reader extends ByteReader {
    Reader() {
      super(Decoder.this.bytes, 0, Decoder.this.bytes.length, 0, types::type);
    }

    int base() {
      return base;
    }

    /** Takes account of sections that were cut out before this position. */
    void rebase() {
      base = cuts.removedBefore(position);
    }
  }
}

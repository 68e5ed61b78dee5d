package dev.capsule.engine.module;

import dev.capsule.engine.binary.Decoder;
import dev.capsule.engine.binary.Encoder;
import dev.capsule.engine.text.TextParser;
import dev.capsule.engine.types.DefType;
import dev.capsule.engine.types.ExternFunc;
import dev.capsule.engine.types.ExternKind;
import dev.capsule.engine.types.ExternType;
import dev.capsule.engine.types.FuncType;
import dev.capsule.engine.types.GlobalType;
import dev.capsule.engine.types.HeapType;
import dev.capsule.engine.types.MemoryType;
import dev.capsule.engine.types.RecGroup;
import dev.capsule.engine.types.TableType;
import dev.capsule.engine.types.TagType;
import dev.capsule.engine.types.UnknownType;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A module's syntax tree (spec 2.5). Immutable, so it may be shared between threads and stores.
 * Function bodies and constant expressions stay slices of binary code, whichever format they came
 * from.
 *
 * <p>Lists of functions, tables, memories, globals and tags hold what the module defines itself;
 * the methods that take an index mean the index spaces, in which imports come first.
 */
public final class Module {
  private final List<RecGroup> groups;
  private final DefType[] types;
  private final List<Import> imports;
  private final HeapType[] functions;
  private final List<TableDef> tables;
  private final List<MemoryType> memories;
  private final List<TagType> tags;
  private final List<GlobalDef> globals;
  private final List<Export> exports;
  private final OptionalInt start;
  private final List<ElemSegment> elems;
  private final OptionalInt dataCount;
  private final List<FunctionBody> bodies;
  private final List<DataSegment> datas;
  private final List<CustomSection> customs;
  private final Names names;

  private final HeapType[] funcSpace;
  private final TableType[] tableSpace;
  private final MemoryType[] memorySpace;
  private final GlobalType[] globalSpace;
  private final TagType[] tagSpace;

  /** Made when a name is asked for; a race makes the same twice. */
  private volatile Map<Integer, String> exportedNames;

  /** By owner, compared by identity; the one thing that changes, and not part of the syntax. */
  private final Map<Object, Object> attachments = new ConcurrentHashMap<>();

  private Module(Builder from) {
    groups = List.copyOf(from.groups);
    List<DefType> flat = new ArrayList<>();
    for (RecGroup group : groups) {
      flat.addAll(group.types());
    }
    types = flat.toArray(DefType[]::new);
    imports = List.copyOf(from.imports);
    functions = from.functions.toArray(HeapType[]::new);
    tables = List.copyOf(from.tables);
    memories = List.copyOf(from.memories);
    tags = List.copyOf(from.tags);
    globals = List.copyOf(from.globals);
    exports = List.copyOf(from.exports);
    start = from.start;
    elems = List.copyOf(from.elems);
    dataCount = from.dataCount;
    bodies = List.copyOf(from.bodies);
    datas = List.copyOf(from.datas);
    customs = List.copyOf(from.customs);
    names = from.names;

    List<HeapType> funcs = new ArrayList<>();
    List<TableType> tableTypes = new ArrayList<>();
    List<MemoryType> memoryTypes = new ArrayList<>();
    List<GlobalType> globalTypes = new ArrayList<>();
    List<TagType> tagTypes = new ArrayList<>();
    for (Import imp : imports) {
      switch (imp.type()) {
        case ExternFunc f -> funcs.add(f.type());
        case TableType t -> tableTypes.add(t);
        case MemoryType m -> memoryTypes.add(m);
        case GlobalType g -> globalTypes.add(g);
        case TagType t -> tagTypes.add(t);
      }
    }
    funcs.addAll(Arrays.asList(functions));
    tables.forEach(t -> tableTypes.add(t.type()));
    memoryTypes.addAll(memories);
    globals.forEach(g -> globalTypes.add(g.type()));
    tagTypes.addAll(tags);
    funcSpace = funcs.toArray(HeapType[]::new);
    tableSpace = tableTypes.toArray(TableType[]::new);
    memorySpace = memoryTypes.toArray(MemoryType[]::new);
    globalSpace = globalTypes.toArray(GlobalType[]::new);
    tagSpace = tagTypes.toArray(TagType[]::new);
  }

  /**
   * Decodes a module in the binary format; the bytes must not be changed afterwards.
   *
   * @throws MalformedException if the bytes do not follow the binary format
   */
  public static Module decode(byte[] bytes) {
    return Decoder.decode(bytes);
  }

  /**
   * Decodes a file in the binary format.
   *
   * @throws MalformedException if the bytes do not follow the binary format
   * @throws java.io.UncheckedIOException if the file cannot be read
   */
  public static Module decode(Path file) {
    return Decoder.decode(file);
  }

  /**
   * Decodes all that a channel gives, in the binary format.
   *
   * @throws MalformedException if the bytes do not follow the binary format
   * @throws java.io.UncheckedIOException if the channel cannot be read
   */
  public static Module decode(ReadableByteChannel channel) {
    return Decoder.decode(channel);
  }

  /**
   * Parses a module in the text format: {@code (module …)}, or its fields alone. Code becomes
   * binary, so offsets in later errors count the bytes of code, not characters.
   *
   * @throws SyntaxException if the text is malformed, with line and column
   */
  public static Module parse(String text) {
    return TextParser.parse(text);
  }

  /** This module in the binary format. */
  public byte[] encode() {
    return Encoder.encode(this);
  }

  /** The recursive groups of the type section, in order. */
  public List<RecGroup> groups() {
    return groups;
  }

  /** The number of types. */
  public int typeCount() {
    return types.length;
  }

  /** The type at an index, or an {@link UnknownType} where there is none. */
  public HeapType type(int index) {
    return index >= 0 && index < types.length ? types[index] : new UnknownType(index);
  }

  /** The type at an index that validation has accepted. */
  public DefType defType(int index) {
    return types[index];
  }

  public List<Import> imports() {
    return imports;
  }

  public List<Export> exports() {
    return exports;
  }

  public List<TableDef> tables() {
    return tables;
  }

  public List<MemoryType> memories() {
    return memories;
  }

  public List<TagType> tags() {
    return tags;
  }

  public List<GlobalDef> globals() {
    return globals;
  }

  public OptionalInt start() {
    return start;
  }

  public List<ElemSegment> elems() {
    return elems;
  }

  /** What the data count section says, where there is one. */
  public OptionalInt dataCount() {
    return dataCount;
  }

  /** The bodies of the functions that the module defines. */
  public List<FunctionBody> bodies() {
    return bodies;
  }

  public List<DataSegment> datas() {
    return datas;
  }

  public List<CustomSection> customs() {
    return customs;
  }

  public Names names() {
    return names;
  }

  /** The types of the functions that the module defines. */
  public List<HeapType> definedFuncs() {
    return List.of(functions);
  }

  /** The number of functions, imports included. */
  public int funcCount() {
    return funcSpace.length;
  }

  /** The number of imported functions, which come first in the index space. */
  public int importedFuncs() {
    return funcSpace.length - functions.length;
  }

  /** The type of a function: a {@link DefType}, or {@link UnknownType} in an invalid module. */
  public HeapType func(int index) {
    return funcSpace[index];
  }

  /** The function type of a function of a valid module. */
  public FuncType funcType(int index) {
    return ((DefType) funcSpace[index]).asFunc();
  }

  /** The body of a function that the module defines. */
  public FunctionBody body(int index) {
    return bodies.get(index - importedFuncs());
  }

  public int tableCount() {
    return tableSpace.length;
  }

  public TableType table(int index) {
    return tableSpace[index];
  }

  public int importedTables() {
    return tableSpace.length - tables.size();
  }

  public int memoryCount() {
    return memorySpace.length;
  }

  public MemoryType memory(int index) {
    return memorySpace[index];
  }

  public int importedMemories() {
    return memorySpace.length - memories.size();
  }

  public int globalCount() {
    return globalSpace.length;
  }

  public GlobalType global(int index) {
    return globalSpace[index];
  }

  public int importedGlobals() {
    return globalSpace.length - globals.size();
  }

  public int tagCount() {
    return tagSpace.length;
  }

  public TagType tag(int index) {
    return tagSpace[index];
  }

  public int importedTags() {
    return tagSpace.length - tags.size();
  }

  /** The type of what an export names; the export must be valid. */
  public ExternType exportType(Export export) {
    int index = export.index();
    return switch (export.kind()) {
      case FUNC -> new ExternFunc(funcSpace[index]);
      case TABLE -> tableSpace[index];
      case MEMORY -> memorySpace[index];
      case GLOBAL -> globalSpace[index];
      case TAG -> tagSpace[index];
    };
  }

  /** The number of entities of a kind, imports included. */
  public int count(ExternKind kind) {
    return switch (kind) {
      case FUNC -> funcSpace.length;
      case TABLE -> tableSpace.length;
      case MEMORY -> memorySpace.length;
      case GLOBAL -> globalSpace.length;
      case TAG -> tagSpace.length;
    };
  }

  /** The name of a function for people: from the name section, else an export, else its index. */
  public String funcName(int index) {
    String name = names.functions().get(index);
    if (name != null) {
      return name;
    }
    String exported = exportedNames().get(index);
    return exported == null ? "func[" + index + "]" : exported;
  }

  /** The first name by which each exported function is exported. */
  private Map<Integer, String> exportedNames() {
    Map<Integer, String> known = exportedNames;
    if (known == null) {
      known = new HashMap<>();
      for (Export export : exports) {
        if (export.kind() == ExternKind.FUNC) {
          known.putIfAbsent(export.index(), export.name());
        }
      }
      exportedNames = known;
    }
    return known;
  }

  /** What {@code owner} has attached to this module, or null. */
  public Object attachment(Object owner) {
    return attachments.get(owner);
  }

  /**
   * Attaches what {@code owner} has made of this module, so that it lives as long as the module or
   * until {@link #detach}; where something is attached already, that stays.
   *
   * @return what is attached now
   */
  public Object attach(Object owner, Object value) {
    Object present = attachments.putIfAbsent(owner, value);
    return present == null ? value : present;
  }

  /** Forgets what {@code owner} has attached. */
  public void detach(Object owner) {
    attachments.remove(owner);
  }

  /** Collects the parts of a module; used by the decoder and the text parser. */
  public static final class Builder {
    /** Everything empty. */
    public Builder() {}

    public final List<RecGroup> groups = new ArrayList<>();
    public final List<Import> imports = new ArrayList<>();

    /** Types of defined functions: {@link DefType} or {@link UnknownType}. */
    public final List<HeapType> functions = new ArrayList<>();

    public final List<TableDef> tables = new ArrayList<>();
    public final List<MemoryType> memories = new ArrayList<>();
    public final List<TagType> tags = new ArrayList<>();
    public final List<GlobalDef> globals = new ArrayList<>();
    public final List<Export> exports = new ArrayList<>();
    public OptionalInt start = OptionalInt.empty();
    public final List<ElemSegment> elems = new ArrayList<>();
    public OptionalInt dataCount = OptionalInt.empty();
    public final List<FunctionBody> bodies = new ArrayList<>();
    public final List<DataSegment> datas = new ArrayList<>();
    public final List<CustomSection> customs = new ArrayList<>();
    public Names names = Names.NONE;

    public Module build() {
      return new Module(this);
    }
  }
}

package dev.capsule.engine.text;

import dev.capsule.engine.module.CodeSlice;
import dev.capsule.engine.module.DataSegment;
import dev.capsule.engine.module.ElemSegment;
import dev.capsule.engine.module.Export;
import dev.capsule.engine.module.FunctionBody;
import dev.capsule.engine.module.GlobalDef;
import dev.capsule.engine.module.Import;
import dev.capsule.engine.module.Module;
import dev.capsule.engine.module.Names;
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
import dev.capsule.engine.types.SubType;
import dev.capsule.engine.types.TableType;
import dev.capsule.engine.types.TagType;
import dev.capsule.engine.types.ValType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;

/**
 * The fields of a module (spec 6.6), in three passes over the tokens: {@link FieldScanner} binds
 * identifiers, then types are defined, then everything else is built.
 */
final class ModuleParser {
  /** The type of an element segment that is written as {@code func x*}. */
  static final RefType FUNCTIONS = new RefType(false, AbsHeapType.FUNC);

  private final Cursor in;
  private final Module.Builder builder = new Module.Builder();
  private final ModuleScope scope = new ModuleScope(builder.groups);
  private final TypeParser types;
  private final Labels labels = new Labels();
  private final InstructionParser code;
  private final CustomAnnotations customs = new CustomAnnotations();
  private final Map<Integer, Map<Integer, String>> localNames = new TreeMap<>();
  private final Map<Integer, Map<Integer, String>> labelNames = new TreeMap<>();

  private int funcs;
  private int tables;
  private int memories;
  private int globals;
  private int tags;
  private int elems;
  private int datas;

  /** Where the next code lies in the sequence of all code of the module. */
  private int codeBase;

  private ModuleParser(Cursor in) {
    this.in = in;
    this.types = new TypeParser(in, scope);
    this.code = new InstructionParser(in, new Immediates(in, scope, types, labels), labels);
  }

  /**
   * The module whose fields begin at the cursor, up to the next closing parenthesis or the end.
   *
   * @param id the module's identifier, or null
   */
  static Module fields(Cursor in, String id) {
    return new ModuleParser(in).parse(id);
  }

  private Module parse(String id) {
    Optional<String> name = Optional.ofNullable(id);
    if (in.isAnnotation("name")) {
      in.advance();
      name = Optional.of(in.name());
      in.close();
    }
    if (in.isAnnotation("name")) {
      throw in.error("@name annotation: multiple module names");
    }
    FieldScanner scanner = new FieldScanner(in, scope);
    List<Integer> fields = scanner.scan();
    int end = in.position();
    for (int start : fields) {
      in.seek(start);
      typeField();
    }
    for (int start : fields) {
      in.seek(start);
      field();
    }
    in.seek(end);
    if (scope.usesDataIndex) {
      builder.dataCount = OptionalInt.of(builder.datas.size());
    }
    customs.addTo(builder);
    builder.names = names(name);
    if (!builder.names.isEmpty()) {
      builder.customs.add(NameSectionWriter.write(builder.names));
    }
    return builder.build();
  }

  private Names names(Optional<String> module) {
    Map<Integer, Map<Integer, String>> fieldNames = new TreeMap<>();
    scope.fields.forEach(
        (type, fields) -> {
          if (!fields.names().isEmpty()) {
            fieldNames.put(type, fields.names());
          }
        });
    return new Names(
        module,
        scope.funcs.names(),
        localNames,
        labelNames,
        scope.types.names(),
        scope.tables.names(),
        scope.memories.names(),
        scope.globals.names(),
        scope.elems.names(),
        scope.datas.names(),
        fieldNames,
        scope.tags.names());
  }

  private void typeField() {
    if (in.isOpen("type")) {
      scope.define(List.of(type()));
    } else if (in.acceptOpen("rec")) {
      List<SubType> members = new ArrayList<>();
      while (in.isOpen("type")) {
        members.add(type());
      }
      in.close();
      scope.define(members);
    }
  }

  private int typesParsed;

  private SubType type() {
    in.expectOpen("type");
    in.id();
    int index = typesParsed++;
    types.nameAnnotation(scope.types, index);
    IndexSpace fields = new IndexSpace("field");
    scope.fields.put(index, fields);
    SubType type = types.subType(fields);
    in.close();
    return type;
  }

  private void field() {
    if (in.is(Tokens.ANNOTATION)) {
      customs.parse(in);
      return;
    }
    in.advance();
    String keyword = in.text();
    in.advance();
    switch (keyword) {
      case "type", "rec" -> {
        // The second pass has defined them.
        return;
      }
      case "import" -> importField();
      case "func" -> func();
      case "table" -> table();
      case "memory" -> memory();
      case "global" -> global();
      case "tag" -> tag();
      case "export" -> export();
      case "start" -> start();
      case "elem" -> elem();
      case "data" -> data();
      default -> throw new AssertionError(keyword);
    }
    in.close();
  }

  private CodeSlice slice(byte[] bytes) {
    CodeSlice slice = new CodeSlice(bytes, 0, bytes.length, codeBase);
    codeBase += bytes.length;
    return slice;
  }

  /** A constant expression up to the closing parenthesis. */
  private CodeSlice expression() {
    return slice(code.sequence(new IndexSpace("local")));
  }

  private CodeSlice folded() {
    return slice(code.folded());
  }

  // Imports and exports

  private void importField() {
    String module = in.name();
    String name = in.name();
    in.expect(Tokens.LPAR);
    String kind = in.text();
    in.advance();
    in.id();
    ExternType type =
        switch (kind) {
          case "func" -> {
            types.nameAnnotation(scope.funcs, funcs);
            yield funcImport();
          }
          case "table" -> {
            types.nameAnnotation(scope.tables, tables++);
            yield tableType();
          }
          case "memory" -> {
            types.nameAnnotation(scope.memories, memories++);
            yield types.memoryType();
          }
          case "global" -> {
            types.nameAnnotation(scope.globals, globals++);
            yield types.globalType();
          }
          case "tag" -> {
            types.nameAnnotation(scope.tags, tags++);
            yield tagType();
          }
          default -> throw in.unexpected();
        };
    in.close();
    builder.imports.add(new Import(module, name, type));
  }

  private ExternFunc funcImport() {
    IndexSpace params = new IndexSpace("local");
    ExternFunc type = new ExternFunc(scope.type(types.typeUse(params)));
    if (!params.names().isEmpty()) {
      localNames.put(funcs, params.names());
    }
    funcs++;
    return type;
  }

  private TagType tagType() {
    return new TagType(scope.type(types.typeUse(new IndexSpace("parameter"))));
  }

  private TableType tableType() {
    AddressType address = types.addressType();
    Limits limits = types.limits();
    return new TableType(address, limits, scope.resolve(types.refType()));
  }

  /** {@code (export "…")*} inside a definition. */
  private void inlineExports(ExternKind kind, int index) {
    while (in.acceptOpen("export")) {
      builder.exports.add(new Export(in.name(), kind, index));
      in.close();
    }
  }

  /** The names of an inline import; null where there is none. */
  private String[] inlineImport() {
    if (!in.acceptOpen("import")) {
      return null;
    }
    String[] names = {in.name(), in.name()};
    in.close();
    return names;
  }

  private void addImport(String[] names, ExternType type) {
    builder.imports.add(new Import(names[0], names[1], type));
  }

  private void export() {
    String name = in.name();
    in.expect(Tokens.LPAR);
    String word = in.is(Tokens.KEYWORD) ? in.text() : "";
    ExternKind kind =
        switch (word) {
          case "func" -> ExternKind.FUNC;
          case "table" -> ExternKind.TABLE;
          case "memory" -> ExternKind.MEMORY;
          case "global" -> ExternKind.GLOBAL;
          case "tag" -> ExternKind.TAG;
          default -> throw in.unexpected();
        };
    in.advance();
    int index = space(kind).index(in);
    in.close();
    builder.exports.add(new Export(name, kind, index));
  }

  private IndexSpace space(ExternKind kind) {
    return switch (kind) {
      case FUNC -> scope.funcs;
      case TABLE -> scope.tables;
      case MEMORY -> scope.memories;
      case GLOBAL -> scope.globals;
      case TAG -> scope.tags;
    };
  }

  private void start() {
    if (builder.start.isPresent()) {
      throw in.error("multiple start sections");
    }
    builder.start = OptionalInt.of(scope.funcs.index(in));
  }

  // Definitions

  private void func() {
    int index = funcs;
    in.id();
    types.nameAnnotation(scope.funcs, index);
    inlineExports(ExternKind.FUNC, index);
    String[] names = inlineImport();
    if (names != null) {
      addImport(names, funcImport());
      return;
    }
    funcs++;
    IndexSpace locals = new IndexSpace("local");
    builder.functions.add(scope.type(types.typeUse(locals)));
    List<FunctionBody.LocalGroup> groups = locals(locals);
    byte[] bytes = code.sequence(locals);
    builder.bodies.add(new FunctionBody(groups, slice(bytes)));
    if (!locals.names().isEmpty()) {
      localNames.put(index, locals.names());
    }
    if (!labels.names().isEmpty()) {
      labelNames.put(index, labels.names());
    }
    customs.branchHints(index, groups, code.hints(), scope);
  }

  private List<FunctionBody.LocalGroup> locals(IndexSpace names) {
    List<FunctionBody.LocalGroup> groups = new ArrayList<>();
    while (in.acceptOpen("local")) {
      if (types.isNamed()) {
        int index = names.bind(in);
        types.nameAnnotation(names, index);
        addLocal(groups, scope.resolve(types.valType()));
      } else {
        while (!in.is(Tokens.RPAR)) {
          addLocal(groups, scope.resolve(types.valType()));
          names.skip(1);
        }
      }
      in.close();
    }
    return groups;
  }

  private static void addLocal(List<FunctionBody.LocalGroup> groups, ValType type) {
    int last = groups.size() - 1;
    if (last >= 0 && groups.get(last).type().equals(type)) {
      groups.set(last, new FunctionBody.LocalGroup(groups.get(last).count() + 1, type));
    } else {
      groups.add(new FunctionBody.LocalGroup(1, type));
    }
  }

  private void table() {
    int index = tables++;
    in.id();
    types.nameAnnotation(scope.tables, index);
    inlineExports(ExternKind.TABLE, index);
    String[] names = inlineImport();
    if (names != null) {
      addImport(names, tableType());
      return;
    }
    AddressType address = types.addressType();
    if (in.is(Tokens.NAT)) {
      Limits limits = types.limits();
      TableType type = new TableType(address, limits, scope.resolve(types.refType()));
      builder.tables.add(
          new TableDef(type, in.is(Tokens.RPAR) ? Optional.empty() : Optional.of(expression())));
      return;
    }
    RefType element = scope.resolve(types.refType());
    in.expectOpen("elem");
    SegmentMode mode = new SegmentMode.Active(index, zero(address));
    ElemSegment segment =
        in.is(Tokens.LPAR)
            ? expressions(element, mode)
            : element.heap() == AbsHeapType.FUNC
                ? functions(mode)
                : functionExpressions(element, mode);
    in.close();
    elems++;
    builder.elems.add(segment);
    Limits limits = Limits.of(segment.size(), segment.size());
    builder.tables.add(new TableDef(new TableType(address, limits, element), Optional.empty()));
  }

  /** The constant 0 as an address. */
  private CodeSlice zero(AddressType address) {
    return slice(new byte[] {(byte) (address == AddressType.I32 ? 0x41 : 0x42), 0, 0x0B});
  }

  private void memory() {
    int index = memories++;
    in.id();
    types.nameAnnotation(scope.memories, index);
    inlineExports(ExternKind.MEMORY, index);
    String[] names = inlineImport();
    if (names != null) {
      addImport(names, types.memoryType());
      return;
    }
    int start = in.position();
    AddressType address = types.addressType();
    int pageSize = types.pageSize();
    if (!in.acceptOpen("data")) {
      in.seek(start);
      builder.memories.add(types.memoryType());
      return;
    }
    byte[] bytes = in.strings();
    in.close();
    datas++;
    SegmentMode mode = new SegmentMode.Active(index, zero(address));
    builder.datas.add(new DataSegment(mode, bytes, 0, bytes.length));
    long pages =
        (bytes.length >>> pageSize)
            + ((bytes.length & (1L << pageSize) - 1) == 0 || pageSize > 31 ? 0 : 1);
    builder.memories.add(new MemoryType(address, Limits.of(pages, pages), false, pageSize));
  }

  private void global() {
    int index = globals++;
    in.id();
    types.nameAnnotation(scope.globals, index);
    inlineExports(ExternKind.GLOBAL, index);
    String[] names = inlineImport();
    if (names != null) {
      addImport(names, types.globalType());
      return;
    }
    GlobalType type = types.globalType();
    builder.globals.add(new GlobalDef(type, expression()));
  }

  private void tag() {
    int index = tags++;
    in.id();
    types.nameAnnotation(scope.tags, index);
    inlineExports(ExternKind.TAG, index);
    String[] names = inlineImport();
    TagType type = tagType();
    if (names != null) {
      addImport(names, type);
    } else {
      builder.tags.add(type);
    }
  }

  // Segments

  private void elem() {
    int index = elems++;
    in.id();
    types.nameAnnotation(scope.elems, index);
    if (in.acceptKeyword("declare")) {
      builder.elems.add(elemList(new SegmentMode.Declarative()));
      return;
    }
    boolean named = in.isOpen("table") || isOldIndex();
    int table = target("table", scope.tables);
    if (!named && (!in.is(Tokens.LPAR) || in.isOpen("ref"))) {
      builder.elems.add(elemList(new SegmentMode.Passive()));
      return;
    }
    SegmentMode mode = new SegmentMode.Active(table, offset());
    boolean indices = in.isIndex() || in.is(Tokens.RPAR);
    builder.elems.add(indices ? functions(mode) : elemList(mode));
  }

  /** Whether the index of a table or memory is here without parentheses, as it was written once. */
  private boolean isOldIndex() {
    return in.isIndex() && in.isAhead(1, Tokens.LPAR);
  }

  /** {@code (table x)} or {@code (memory x)}; 0 where that is left out. */
  private int target(String keyword, IndexSpace space) {
    if (isOldIndex()) {
      return space.index(in);
    }
    if (!in.acceptOpen(keyword)) {
      return 0;
    }
    int index = space.index(in);
    in.close();
    return index;
  }

  /** {@code (offset expr)}, or one folded instruction. */
  private CodeSlice offset() {
    if (!in.acceptOpen("offset")) {
      return folded();
    }
    CodeSlice offset = expression();
    in.close();
    return offset;
  }

  private ElemSegment elemList(SegmentMode mode) {
    if (in.acceptKeyword("func")) {
      return functions(mode);
    }
    return expressions(scope.resolve(types.refType()), mode);
  }

  private ElemSegment functions(SegmentMode mode) {
    List<Integer> indices = new ArrayList<>();
    while (in.isIndex()) {
      indices.add(scope.funcs.index(in));
    }
    int[] functions = indices.stream().mapToInt(i -> i).toArray();
    return new ElemSegment(FUNCTIONS, functions, List.of(), mode);
  }

  private ElemSegment functionExpressions(RefType type, SegmentMode mode) {
    List<CodeSlice> expressions = new ArrayList<>();
    while (in.isIndex()) {
      CodeBuffer buffer = new CodeBuffer();
      buffer.u8(0xD2);
      buffer.u32(scope.funcs.index(in));
      buffer.u8(0x0B);
      expressions.add(slice(buffer.toByteArray()));
    }
    return new ElemSegment(type, new int[0], expressions, mode);
  }

  private ElemSegment expressions(RefType type, SegmentMode mode) {
    List<CodeSlice> expressions = new ArrayList<>();
    while (in.is(Tokens.LPAR)) {
      if (in.acceptOpen("item")) {
        expressions.add(expression());
        in.close();
      } else {
        expressions.add(folded());
      }
    }
    return new ElemSegment(type, new int[0], expressions, mode);
  }

  private void data() {
    int index = datas++;
    in.id();
    types.nameAnnotation(scope.datas, index);
    boolean named = in.isOpen("memory") || isOldIndex();
    int memory = target("memory", scope.memories);
    SegmentMode mode =
        named || in.is(Tokens.LPAR)
            ? new SegmentMode.Active(memory, offset())
            : new SegmentMode.Passive();
    byte[] bytes = in.strings();
    builder.datas.add(new DataSegment(mode, bytes, 0, bytes.length));
  }
}

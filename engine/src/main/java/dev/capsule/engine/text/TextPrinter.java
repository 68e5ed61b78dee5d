package dev.capsule.engine.text;

import dev.capsule.engine.module.CodeSlice;
import dev.capsule.engine.module.CustomSection;
import dev.capsule.engine.module.DataSegment;
import dev.capsule.engine.module.ElemSegment;
import dev.capsule.engine.module.Export;
import dev.capsule.engine.module.FunctionBody;
import dev.capsule.engine.module.Import;
import dev.capsule.engine.module.InvalidException;
import dev.capsule.engine.module.Module;
import dev.capsule.engine.module.SegmentMode;
import dev.capsule.engine.module.TableDef;
import dev.capsule.engine.types.DefType;
import dev.capsule.engine.types.ExternFunc;
import dev.capsule.engine.types.FuncType;
import dev.capsule.engine.types.GlobalType;
import dev.capsule.engine.types.HeapType;
import dev.capsule.engine.types.MemoryType;
import dev.capsule.engine.types.TableType;
import dev.capsule.engine.types.TagType;
import java.util.List;
import java.util.Map;

/**
 * Prints modules in the text format (spec chapter 6): flat instructions, identifiers from the name
 * section, custom sections as annotations. Parsing the text gives the same module again, and the
 * same bytes if the original used the shortest encodings.
 */
public final class TextPrinter {
  /** As many locals as validation allows; a count costs the binary format nothing. */
  private static final int MAX_LOCALS = 50_000;

  private final Module module;
  private final StringBuilder out = new StringBuilder();
  private final ModuleNames names;
  private final TypePrinter types;
  private final CodePrinter code;

  private TextPrinter(Module module) {
    this.module = module;
    this.names = new ModuleNames(module);
    this.types = new TypePrinter(module, out);
    this.code = new CodePrinter(names, types, out);
  }

  /**
   * The text of a module, which need not be valid.
   *
   * @throws dev.capsule.engine.module.MalformedException if a function body is malformed
   * @throws InvalidException if a body's blocks do not match or it has too many locals for a text
   */
  public static String print(Module module) {
    TextPrinter printer = new TextPrinter(module);
    printer.module();
    return printer.out.toString();
  }

  private void module() {
    out.append("(module");
    module
        .names()
        .module()
        .ifPresent(name -> out.append(new PrintedNames(Map.of(0, name), 1).naming(0)));
    types.definitions();
    imports();
    functions();
    tables();
    int memory = module.importedMemories();
    for (MemoryType type : module.memories()) {
      out.append("\n  (memory").append(names.memories.define(memory++));
      out.append(' ').append(types.memoryType(type)).append(')');
    }
    int tag = module.importedTags();
    for (TagType type : module.tags()) {
      out.append("\n  (tag").append(names.tags.define(tag++));
      out.append(' ').append(types.typeUse(type.type())).append(')');
    }
    int global = module.importedGlobals();
    for (var definition : module.globals()) {
      out.append("\n  (global").append(names.globals.define(global++));
      out.append(' ').append(types.globalType(definition.type())).append(' ');
      code.expression(definition.init());
      out.append(')');
    }
    exports();
    module.start().ifPresent(s -> out.append("\n  (start ").append(names.funcs.use(s)).append(')'));
    elems();
    datas();
    customs();
    out.append(")\n");
  }

  private void imports() {
    int func = 0;
    int table = 0;
    int memory = 0;
    int global = 0;
    int tag = 0;
    for (Import imp : module.imports()) {
      out.append("\n  (import ");
      Strings.quote(imp.module(), out);
      out.append(' ');
      Strings.quote(imp.name(), out);
      switch (imp.type()) {
        case ExternFunc f -> {
          out.append(" (func").append(names.funcs.define(func));
          signature(f.type(), module.names().locals().getOrDefault(func, Map.of()));
          func++;
        }
        case TableType t ->
            out.append(" (table")
                .append(names.tables.define(table++))
                .append(' ')
                .append(types.tableType(t));
        case MemoryType m ->
            out.append(" (memory")
                .append(names.memories.define(memory++))
                .append(' ')
                .append(types.memoryType(m));
        case GlobalType g ->
            out.append(" (global")
                .append(names.globals.define(global++))
                .append(' ')
                .append(types.globalType(g));
        case TagType t ->
            out.append(" (tag")
                .append(names.tags.define(tag++))
                .append(' ')
                .append(types.typeUse(t.type()));
      }
      out.append("))");
    }
  }

  private void signature(HeapType type, Map<Integer, String> params) {
    out.append(' ').append(types.typeUse(type));
    if (type instanceof DefType def && def.asFunc() != null) {
      types.signature(def.asFunc(), params);
    }
  }

  private void functions() {
    for (int index = module.importedFuncs(); index < module.funcCount(); index++) {
      FunctionBody body = module.body(index);
      Map<Integer, String> localNames = module.names().locals().getOrDefault(index, Map.of());
      HeapType type = module.func(index);
      FuncType func = type instanceof DefType def ? def.asFunc() : null;
      int params = func == null ? 0 : func.params().size();
      if (body.localCount() > MAX_LOCALS) {
        throw new InvalidException("too many locals", "function " + index);
      }
      int count = params + (int) body.localCount();
      PrintedNames locals = new PrintedNames(localNames, count);
      out.append("\n  (func").append(names.funcs.define(index));
      signature(type, localNames);
      int local = params;
      for (FunctionBody.LocalGroup group : body.locals()) {
        for (int i = 0; i < group.count(); i++) {
          out.append("\n    (local").append(locals.naming(local++)).append(' ');
          out.append(types.valType(group.type())).append(')');
        }
      }
      code.body(body.code(), locals, module.names().labels().getOrDefault(index, Map.of()));
      out.append(')');
    }
  }

  private void tables() {
    int index = module.importedTables();
    for (TableDef table : module.tables()) {
      out.append("\n  (table").append(names.tables.define(index++));
      out.append(' ').append(types.tableType(table.type()));
      table
          .init()
          .ifPresent(
              init -> {
                out.append(' ');
                code.expression(init);
              });
      out.append(')');
    }
  }

  private void exports() {
    for (Export export : module.exports()) {
      out.append("\n  (export ");
      Strings.quote(export.name(), out);
      PrintedNames space =
          switch (export.kind()) {
            case FUNC -> names.funcs;
            case TABLE -> names.tables;
            case MEMORY -> names.memories;
            case GLOBAL -> names.globals;
            case TAG -> names.tags;
          };
      out.append(" (").append(export.kind()).append(' ').append(space.use(export.index()));
      out.append("))");
    }
  }

  private void offset(SegmentMode.Active mode, String keyword, PrintedNames space) {
    if (mode.target() != 0) {
      out.append(" (").append(keyword).append(' ').append(space.use(mode.target())).append(')');
    }
    out.append(" (offset ");
    code.expression(mode.offset());
    out.append(')');
  }

  private void elems() {
    List<ElemSegment> elems = module.elems();
    for (int i = 0; i < elems.size(); i++) {
      ElemSegment elem = elems.get(i);
      out.append("\n  (elem").append(names.elems.define(i));
      switch (elem.mode()) {
        case SegmentMode.Passive p -> {}
        case SegmentMode.Declarative d -> out.append(" declare");
        case SegmentMode.Active active -> offset(active, "table", names.tables);
      }
      if (elem.functions().length > 0
          || elem.expressions().isEmpty() && elem.type().equals(ModuleParser.FUNCTIONS)) {
        out.append(" func");
        for (int function : elem.functions()) {
          out.append(' ').append(names.funcs.use(function));
        }
      } else {
        out.append(' ').append(types.refType(elem.type()));
        for (CodeSlice expression : elem.expressions()) {
          out.append(" (item ");
          code.expression(expression);
          out.append(')');
        }
      }
      out.append(')');
    }
  }

  private void datas() {
    for (int i = 0; i < module.datas().size(); i++) {
      DataSegment data = module.datas().get(i);
      out.append("\n  (data").append(names.datas.define(i));
      if (data.mode() instanceof SegmentMode.Active active) {
        offset(active, "memory", names.memories);
      }
      out.append(' ');
      Strings.quote(data.bytes(), data.start(), data.end(), out);
      out.append(')');
    }
  }

  private void customs() {
    for (CustomSection custom : module.customs()) {
      if (custom.name().equals("name")) {
        continue;
      }
      out.append("\n  (@custom ");
      Strings.quote(custom.name(), out);
      out.append(' ').append(CustomAnnotations.placement(custom.after())).append(' ');
      Strings.quote(custom.bytes(), custom.start(), custom.end(), out);
      out.append(')');
    }
  }
}

package dev.capsule.engine.text;

import dev.capsule.engine.module.CustomSection;
import dev.capsule.engine.module.FunctionBody;
import dev.capsule.engine.module.Module;
import dev.capsule.engine.types.DefType;
import dev.capsule.engine.types.RefType;
import dev.capsule.engine.types.ValType;
import java.util.ArrayList;
import java.util.List;

/** Custom sections given by annotations (spec A.6, and the branch hinting proposal). */
final class CustomAnnotations {
  /** Sections in the order in which they stand in a binary module, with their ids. */
  private static final List<String> ORDER =
      List.of(
          "first",
          "type",
          "import",
          "func",
          "table",
          "memory",
          "tag",
          "global",
          "export",
          "start",
          "elem",
          "datacount",
          "code",
          "data",
          "last");

  private static final int[] IDS = {0, 1, 2, 3, 4, 5, 13, 6, 7, 8, 9, 12, 10, 11};

  private static final int BEFORE_CODE = 12;

  private final List<CustomSection> customs = new ArrayList<>();
  private final CodeBuffer hints = new CodeBuffer();
  private int hintedFunctions;

  /** Parses an annotation that stands among the fields of a module. */
  void parse(Cursor in) {
    switch (in.annotation()) {
      case "custom" -> custom(in);
      case "metadata.code.branch_hint" ->
          throw in.error("@metadata.code.branch_hint annotation: not in a function");
      default -> throw in.unexpected();
    }
  }

  private void custom(Cursor in) {
    in.advance();
    if (!in.is(Tokens.STRING)) {
      throw in.error("@custom annotation: missing section name");
    }
    byte[] name =
        Strings.decode(
            in.tokens().source(),
            in.tokens().start(in.position()) + 1,
            in.tokens().end(in.position()) - 1);
    if (!Utf8.valid(name)) {
      throw in.error("@custom annotation: malformed UTF-8 encoding");
    }
    String section = in.name();
    int after = in.is(Tokens.LPAR) ? placement(in) : IDS.length - 1;
    byte[] content = in.strings();
    if (!in.is(Tokens.RPAR)) {
      throw in.error("@custom annotation: unexpected token");
    }
    in.close();
    customs.add(new CustomSection(section, content, 0, content.length, IDS[after]));
  }

  /** The placement behind the section with this id. */
  static String placement(int after) {
    for (int i = 1; i < IDS.length; i++) {
      if (IDS[i] == after) {
        return "(after " + ORDER.get(i) + ")";
      }
    }
    return "(before first)";
  }

  /** The position in {@link #IDS} of the section that precedes. */
  private static int placement(Cursor in) {
    in.advance();
    boolean before = in.acceptKeyword("before");
    if (!before && !in.acceptKeyword("after")) {
      throw in.error("@custom annotation: malformed placement");
    }
    int index = in.is(Tokens.KEYWORD) ? ORDER.indexOf(in.text()) : -1;
    boolean fits = before ? index != ORDER.size() - 1 : index != 0;
    if (index < 0 || !fits) {
      throw in.error("@custom annotation: malformed section kind");
    }
    in.advance();
    in.close();
    if (before) {
      return Math.max(index - 1, 0);
    }
    return Math.min(index, IDS.length - 1);
  }

  /** Collects the hints of one function; their offsets count from its declaration of locals. */
  void branchHints(
      int function,
      List<FunctionBody.LocalGroup> locals,
      List<InstructionParser.Hint> given,
      ModuleScope scope) {
    if (given.isEmpty()) {
      return;
    }
    CodeBuffer declaration = new CodeBuffer();
    declaration.u32(locals.size());
    for (FunctionBody.LocalGroup group : locals) {
      declaration.u32(group.count());
      declaration.valType(indexed(group.type(), scope));
    }
    hintedFunctions++;
    hints.u32(function);
    hints.u32(given.size());
    for (InstructionParser.Hint hint : given) {
      hints.u32(declaration.size() + hint.position());
      hints.u32(1);
      hints.u8(hint.value());
    }
  }

  private static ValType indexed(ValType type, ModuleScope scope) {
    return type instanceof RefType ref && ref.heap() instanceof DefType def
        ? new RefType(ref.nullable(), scope.indexOf(def))
        : type;
  }

  void addTo(Module.Builder builder) {
    if (hintedFunctions > 0) {
      CodeBuffer content = new CodeBuffer();
      content.u32(hintedFunctions);
      content.bytes(hints.toByteArray());
      byte[] bytes = content.toByteArray();
      customs.add(
          new CustomSection(
              "metadata.code.branch_hint", bytes, 0, bytes.length, IDS[BEFORE_CODE - 1]));
    }
    builder.customs.addAll(customs);
  }
}

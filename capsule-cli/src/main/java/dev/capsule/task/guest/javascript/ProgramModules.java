package dev.capsule.task.guest.javascript;

import dev.capsule.task.guest.Program;
import dev.capsule.task.guest.protocol.RefusedException;
import java.nio.charset.StandardCharsets;

/** The modules of one program, as source text that QuickJS understands. */
final class ProgramModules {
  private final Program program;
  private final NodeResolver resolver;
  private final TypeStripper stripper;

  ProgramModules(Program program, TypeStripper stripper) {
    this.program = program;
    this.resolver = new NodeResolver(program.sources());
    this.stripper = stripper;
  }

  /** The entry file. */
  ModuleId entry() {
    return resolver.classify(program.entry());
  }

  /** See {@link NodeResolver#resolve}; the runtime's own imports name a path as it is. */
  ModuleId resolve(String base, String specifier, boolean require) {
    return base.startsWith("capsule:")
        ? new ModuleId(ModuleKind.MODULE, specifier)
        : resolver.resolve(base, specifier, require);
  }

  /** The text of a file as it is. */
  String text(String path) {
    return program
        .sources()
        .read(path)
        .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
        .map(text -> text.startsWith("\ufeff") ? text.substring(1) : text)
        .orElseThrow(() -> new RefusedException("module", "Cannot read module '" + path + "'"));
  }

  /** The text of an ES module, without types. */
  String module(String path) {
    String text = code(path);
    return text.contains("import.meta") ? meta(path) + text : text;
  }

  /** Goes on the first line, so that line numbers stay. */
  private static String meta(String path) {
    String file = "/" + path;
    return "import.meta.url = 'file://"
        + file.replace("\\", "\\\\").replace("'", "\\'")
        + "'; import.meta.filename = import.meta.url.slice(7); import.meta.dirname ="
        + " import.meta.filename.replace(/\\/[^/]*$/, ''); ";
  }

  /** The text of a CommonJS module, as an expression that gives its function. */
  String commonJs(String path) {
    return "(function (exports, require, module, __filename, __dirname) {"
        + withoutHashbang(code(path))
        + "\n})";
  }

  private static String withoutHashbang(String text) {
    return text.startsWith("#!") ? "//" + text : text;
  }

  private String code(String path) {
    String text = text(path);
    boolean typed = path.endsWith(".ts") || path.endsWith(".mts") || path.endsWith(".cts");
    return typed ? stripper.strip(path, text) : text;
  }
}

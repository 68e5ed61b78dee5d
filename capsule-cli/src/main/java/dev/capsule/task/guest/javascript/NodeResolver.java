package dev.capsule.task.guest.javascript;

import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import dev.capsule.task.guest.Sources;
import dev.capsule.task.guest.protocol.RefusedException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Finds modules by Node's rules (packages, exports, main, index), and by those of bundlers where
 * programs rely on them: extensions may be missing, and {@code ./a.js} may mean {@code a.ts}. Sees
 * nothing but the program's sources.
 */
final class NodeResolver {
  private static final List<String> EXTENSIONS =
      List.of(".ts", ".js", ".mjs", ".cjs", ".json", ".mts", ".cts");
  private static final Pattern MODULE_SYNTAX =
      Pattern.compile(
          "(?m)^\\s*(?:import(?:\\s+[\\w$]|\\s*[{*'\"]|\\.meta\\b)|export\\s*[{*]|export\\s+"
              + "(?:default|const|let|var|function|class|async|type|interface|enum)\\b)");
  private static final Pattern COMMONJS_SYNTAX =
      Pattern.compile("\\brequire\\s*\\(|\\bmodule\\.exports\\b|(?m)^\\s*exports\\.");

  private final Sources sources;

  NodeResolver(Sources sources) {
    this.sources = sources;
  }

  /**
   * Resolves a specifier.
   *
   * @param base the path of the module it stands in
   * @param require whether by {@code require} instead of {@code import}
   * @throws RefusedException if there is no such module; the message names it and where it was
   *     wanted
   */
  ModuleId resolve(String base, String specifier, boolean require) {
    Optional<ModuleId> builtin = Builtins.find(specifier);
    if (builtin.isPresent()) {
      return builtin.get();
    }
    Optional<String> found;
    if (isPath(specifier)) {
      String directory = specifier.startsWith("/") ? "" : directoryOf(base);
      found = join(directory, specifier).flatMap(this::fileOrDirectory);
    } else if (specifier.startsWith("#")) {
      found = internal(base, specifier, require);
    } else if (specifier.startsWith("node:")) {
      found = Optional.empty();
    } else {
      found = inPackages(base, specifier, require);
    }
    if (found.isPresent()) {
      return classify(found.get());
    }
    Optional<ModuleId> absent = Builtins.absent(specifier);
    if (absent.isPresent()) {
      return absent.get();
    }
    if (Builtins.isUnknown(specifier)) {
      throw new RefusedException(
          "module", specifier + " is not available inside a Capsule sandbox");
    }
    throw new RefusedException(
        "module", "Cannot find module '" + specifier + "' imported from " + base);
  }

  private static boolean isPath(String specifier) {
    return specifier.startsWith("./")
        || specifier.startsWith("../")
        || specifier.startsWith("/")
        || specifier.equals(".")
        || specifier.equals("..");
  }

  /** What kind of module a file is. */
  ModuleId classify(String path) {
    return new ModuleId(kindOf(path), path);
  }

  private ModuleKind kindOf(String path) {
    return switch (path.substring(path.lastIndexOf('.') + 1)) {
      case "json" -> ModuleKind.JSON;
      case "mjs", "mts", "ts" -> ModuleKind.MODULE;
      case "cjs", "cts" -> ModuleKind.COMMONJS;
      default ->
          switch (declaredType(directoryOf(path))) {
            case "module" -> ModuleKind.MODULE;
            case "commonjs" -> ModuleKind.COMMONJS;
            default -> detect(path);
          };
    };
  }

  /** By its syntax; where that says nothing, packages are older than a program of today. */
  private ModuleKind detect(String path) {
    String text = text(path).orElse("");
    if (MODULE_SYNTAX.matcher(text).find()) {
      return ModuleKind.MODULE;
    }
    boolean inPackage = ("/" + path).contains("/node_modules/");
    return inPackage || COMMONJS_SYNTAX.matcher(text).find()
        ? ModuleKind.COMMONJS
        : ModuleKind.MODULE;
  }

  /** The type that the nearest package.json declares; inside packages commonjs is the default. */
  private String declaredType(String directory) {
    for (Optional<String> at = Optional.of(directory); at.isPresent(); at = above(at.get())) {
      Optional<JsonObject> manifest = manifest(at.get());
      if (manifest.isPresent()) {
        Optional<String> type = string(manifest.get(), "type");
        return type.orElse("");
      }
      if (at.get().endsWith("node_modules")) {
        break;
      }
    }
    return "";
  }

  private Optional<String> inPackages(String base, String specifier, boolean require) {
    int slash = specifier.indexOf('/', specifier.startsWith("@") ? specifier.indexOf('/') + 1 : 0);
    String name = slash < 0 ? specifier : specifier.substring(0, slash);
    String subpath = slash < 0 ? "." : "." + specifier.substring(slash);
    Optional<String> own = packageOf(directoryOf(base));
    if (own.isPresent()) {
      Optional<JsonObject> manifest = manifest(own.get());
      if (manifest.flatMap(it -> string(it, "name")).filter(name::equals).isPresent()
          && manifest.orElseThrow().has("exports")) {
        return inPackage(own.get(), subpath, require);
      }
    }
    for (Optional<String> at = Optional.of(directoryOf(base));
        at.isPresent();
        at = above(at.get())) {
      Optional<String> folder = join(at.get(), "node_modules/" + name);
      if (folder.isPresent() && sources.isDirectory(folder.get())) {
        Optional<String> found = inPackage(folder.get(), subpath, require);
        if (found.isPresent()) {
          return found;
        }
      }
    }
    return Optional.empty();
  }

  private Optional<String> inPackage(String folder, String subpath, boolean require) {
    Optional<JsonObject> manifest = manifest(folder);
    if (manifest.isPresent() && manifest.get().has("exports")) {
      return new PackageExports(manifest.get().get("exports"), require)
          .target(subpath)
          .flatMap(target -> join(folder, target))
          .flatMap(this::file);
    }
    return subpath.equals(".")
        ? directory(folder)
        : join(folder, subpath).flatMap(this::fileOrDirectory);
  }

  /** A {@code #name} of the own package's imports. */
  private Optional<String> internal(String base, String specifier, boolean require) {
    Optional<String> folder = packageOf(directoryOf(base));
    Optional<JsonObject> manifest = folder.flatMap(this::manifest);
    if (manifest.isEmpty() || !manifest.get().has("imports")) {
      return Optional.empty();
    }
    Optional<String> target =
        new PackageExports(manifest.get().get("imports"), require).target(specifier);
    if (target.isPresent() && !target.get().startsWith("./")) {
      return inPackages(base, target.get(), require);
    }
    return target.flatMap(it -> join(folder.orElseThrow(), it)).flatMap(this::file);
  }

  private Optional<String> packageOf(String directory) {
    for (Optional<String> at = Optional.of(directory); at.isPresent(); at = above(at.get())) {
      if (sources.isFile(child(at.get(), "package.json"))) {
        return at;
      }
    }
    return Optional.empty();
  }

  private Optional<String> fileOrDirectory(String path) {
    return file(path).or(() -> directory(path));
  }

  private Optional<String> file(String path) {
    if (sources.isFile(path)) {
      return Optional.of(path);
    }
    for (String extension : EXTENSIONS) {
      if (!path.isEmpty() && sources.isFile(path + extension)) {
        return Optional.of(path + extension);
      }
    }
    for (String ending : List.of("js", "mjs", "cjs")) {
      String typed =
          path.substring(0, path.length() - ending.length()) + ending.replace("js", "ts");
      if (path.endsWith("." + ending) && sources.isFile(typed)) {
        return Optional.of(typed);
      }
    }
    return Optional.empty();
  }

  private Optional<String> directory(String path) {
    if (!sources.isDirectory(path)) {
      return Optional.empty();
    }
    Optional<JsonObject> manifest = manifest(path);
    for (String field : List.of("main", "module")) {
      Optional<String> found =
          manifest
              .flatMap(it -> string(it, field))
              .flatMap(it -> join(path, it))
              .flatMap(it -> file(it).or(() -> file(child(it, "index"))));
      if (found.isPresent()) {
        return found;
      }
    }
    return file(child(path, "index"));
  }

  private Optional<JsonObject> manifest(String directory) {
    return text(child(directory, "package.json")).flatMap(PackageExports::parse);
  }

  private Optional<String> text(String path) {
    return sources.read(path).map(bytes -> new String(bytes, StandardCharsets.UTF_8));
  }

  private static Optional<String> string(JsonObject object, String key) {
    return object.get(key) instanceof JsonPrimitive value && value.isString()
        ? Optional.of(value.getAsString())
        : Optional.empty();
  }

  static String directoryOf(String path) {
    return path.contains("/") ? path.substring(0, path.lastIndexOf('/')) : "";
  }

  private static Optional<String> above(String directory) {
    return directory.isEmpty() ? Optional.empty() : Optional.of(directoryOf(directory));
  }

  private static String child(String directory, String name) {
    return directory.isEmpty() ? name : directory + "/" + name;
  }

  /** A path without {@code .} and {@code ..}; empty if it leads out of the sources. */
  static Optional<String> join(String directory, String relative) {
    List<String> parts = new ArrayList<>();
    for (String part : (directory + "/" + relative).split("/")) {
      if (part.equals("..")) {
        if (parts.isEmpty()) {
          return Optional.empty();
        }
        parts.removeLast();
      } else if (!part.isEmpty() && !part.equals(".")) {
        parts.add(part);
      }
    }
    return Optional.of(String.join("/", parts));
  }
}

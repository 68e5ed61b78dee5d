package dev.capsule.task.guest.python;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import dev.capsule.task.guest.Program;
import dev.capsule.task.guest.protocol.LanguageRequests;
import dev.capsule.task.guest.protocol.RefusedException;
import dev.capsule.task.guest.protocol.Request;
import dev.capsule.task.guest.sandbox.GuestResources;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** What a Python program can import beside the standard library: the SDK and its own files. */
final class PythonModules implements LanguageRequests {
  private static final Pattern NAME = Pattern.compile("\\w+(?:\\.\\w+)*");
  private static final Pattern IDENTIFIER = Pattern.compile("[^\\W\\d]\\w*");
  private static final String SDK = "capsule";

  private final Program program;
  private final GuestResources resources;
  private final List<String> preloaded;

  /**
   * Imports for one program.
   *
   * @param preloaded standard modules that the interpreter imports before its job
   */
  PythonModules(Program program, GuestResources resources, List<String> preloaded) {
    this.program = program;
    this.resources = resources;
    this.preloaded = preloaded;
  }

  @Override
  public void describeProgram(JsonObject job) {
    JsonObject entry = new JsonObject();
    entry.addProperty("path", program.entry());
    entry.addProperty("module", entryModule());
    entry.addProperty(
        "source",
        text(program.entry())
            .orElseThrow(() -> new RefusedException("module", "cannot read " + program.entry())));
    job.add("entry", entry);
    Set<String> modules = new LinkedHashSet<>();
    Set<String> folders = new LinkedHashSet<>();
    for (String root : roots()) {
      for (String name : program.sources().list(root)) {
        String path = child(root, name);
        if (name.endsWith(".py")) {
          modules.add(name.substring(0, name.length() - 3));
        } else if (program.sources().isFile(path + "/__init__.py")) {
          modules.add(name);
        } else if (IDENTIFIER.matcher(name).matches()) {
          folders.add(name);
        }
      }
    }
    job.add("modules", array(modules));
    job.add("namespaces", array(folders));
  }

  /** The name that the entry file is imported by: its own, unless that is not free. */
  private String entryModule() {
    String stem = program.stem();
    return IDENTIFIER.matcher(stem).matches() && !stem.equals(SDK) ? stem : "capsule_program";
  }

  private Set<String> roots() {
    return new LinkedHashSet<>(List.of(program.directory(), ""));
  }

  private static JsonArray array(Iterable<String> values) {
    JsonArray array = new JsonArray();
    values.forEach(array::add);
    return array;
  }

  @Override
  public Optional<JsonElement> answer(String op, Request request) {
    return switch (op) {
      case "preload" -> Optional.of(array(preloaded));
      case "module" -> Optional.of(module(request.string("name")));
      case "data" -> Optional.of(data(request.string("path")));
      default -> Optional.empty();
    };
  }

  private JsonElement module(String name) {
    if (!NAME.matcher(name).matches()) {
      return JsonNull.INSTANCE;
    }
    String path = name.replace('.', '/');
    if (name.equals(SDK) || name.startsWith(SDK + ".")) {
      return own(name);
    }
    for (String root : roots()) {
      String base = child(root, path);
      String init = base + "/__init__.py";
      Optional<String> source = text(init);
      if (source.isPresent()) {
        return found(init, source.get(), true);
      }
      source = text(base + ".py");
      if (source.isPresent()) {
        return found(base + ".py", source.get(), false);
      }
    }
    for (String root : roots()) {
      if (program.sources().isDirectory(child(root, path))) {
        return found(child(root, path) + "/", "", true);
      }
    }
    return JsonNull.INSTANCE;
  }

  /** A module of the SDK, compiled. */
  private JsonElement own(String name) {
    boolean top = name.equals(SDK);
    Optional<byte[]> code =
        resources.find(name.replace('.', '/') + (top ? "/__init__" : "") + ".pyc");
    if (code.isEmpty()) {
      return JsonNull.INSTANCE;
    }
    JsonObject module = new JsonObject();
    module.addProperty("path", "<" + name + ">");
    module.addProperty("package", top);
    module.addProperty("code", Base64.getEncoder().encodeToString(code.get()));
    return module;
  }

  private static JsonElement found(String path, String source, boolean isPackage) {
    JsonObject module = new JsonObject();
    module.addProperty("path", path);
    module.addProperty("package", isPackage);
    module.addProperty("source", source);
    return module;
  }

  private JsonElement data(String path) {
    return program
        .sources()
        .read(path)
        .<JsonElement>map(bytes -> new JsonPrimitive(Base64.getEncoder().encodeToString(bytes)))
        .orElse(JsonNull.INSTANCE);
  }

  private Optional<String> text(String path) {
    return program.sources().read(path).map(PythonModules::decode);
  }

  private static String decode(byte[] bytes) {
    String text = new String(bytes, StandardCharsets.UTF_8);
    return text.startsWith("\ufeff") ? text.substring(1) : text;
  }

  private static String child(String directory, String name) {
    return directory.isEmpty() ? name : directory + "/" + name;
  }
}

package dev.capsule.task.guest.javascript;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The {@code exports} or {@code imports} of a package.json (Node's "Package entry points"). */
final class PackageExports {
  private final JsonElement map;
  private final Set<String> conditions;

  PackageExports(JsonElement map, boolean require) {
    this.map = map;
    this.conditions = Set.of("capsule", require ? "require" : "import", "default");
  }

  /** A package.json; empty if it is none. */
  static Optional<JsonObject> parse(String text) {
    try {
      return JsonParser.parseString(text) instanceof JsonObject object
          ? Optional.of(object)
          : Optional.empty();
    } catch (JsonParseException e) {
      return Optional.empty();
    }
  }

  /** The path, relative to the package, that a subpath ({@code .}, {@code ./x}) leads to. */
  Optional<String> target(String subpath) {
    if (!(map instanceof JsonObject object) || !hasSubpaths(object)) {
      return subpath.equals(".") ? choose(map, "") : Optional.empty();
    }
    if (object.has(subpath) && !subpath.contains("*")) {
      return choose(object.get(subpath), "");
    }
    String best = "";
    String match = "";
    for (String pattern : object.keySet()) {
      int star = pattern.indexOf('*');
      if (star >= 0) {
        String before = pattern.substring(0, star);
        String after = pattern.substring(star + 1);
        if (subpath.length() > before.length() + after.length()
            && subpath.startsWith(before)
            && subpath.endsWith(after)
            && before.length() > best.indexOf('*')) {
          best = pattern;
          match = subpath.substring(before.length(), subpath.length() - after.length());
        }
      }
    }
    return best.isEmpty() ? Optional.empty() : choose(object.get(best), match);
  }

  private static boolean hasSubpaths(JsonObject object) {
    return object.keySet().stream().anyMatch(key -> key.startsWith(".") || key.startsWith("#"));
  }

  private Optional<String> choose(JsonElement target, String match) {
    return switch (target) {
      case JsonPrimitive text when text.isString() ->
          Optional.of(text.getAsString().replace("*", match));
      case JsonArray alternatives ->
          alternatives.asList().stream()
              .map(it -> choose(it, match))
              .flatMap(Optional::stream)
              .findFirst();
      case JsonObject byCondition -> {
        for (Map.Entry<String, JsonElement> entry : byCondition.entrySet()) {
          if (conditions.contains(entry.getKey())) {
            Optional<String> found = choose(entry.getValue(), match);
            if (found.isPresent()) {
              yield found;
            }
          }
        }
        yield Optional.empty();
      }
      default -> Optional.empty();
    };
  }
}

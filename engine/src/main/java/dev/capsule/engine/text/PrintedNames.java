package dev.capsule.engine.text;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * What stands for the members of an index space in printed text: an identifier where the name is
 * the first of its kind, else the index, with a {@code @name} annotation where it is defined.
 */
final class PrintedNames {
  private final Map<Integer, String> names;
  private final Map<Integer, String> ids = new HashMap<>();

  PrintedNames(Map<Integer, String> names, int count) {
    this.names = names;
    Set<String> taken = new HashSet<>();
    for (int i = 0; i < count && ids.size() < names.size(); i++) {
      String name = names.get(i);
      if (name != null && !name.isEmpty() && taken.add(name)) {
        ids.put(i, identifier(name));
      }
    }
  }

  /** A name as an identifier (spec 6.3.5); quoted where it has other characters. */
  static String identifier(String name) {
    for (int i = 0; i < name.length(); i++) {
      if (!Lexer.isIdChar(name.charAt(i))) {
        StringBuilder quoted = new StringBuilder("$");
        Strings.quote(name, quoted);
        return quoted.toString();
      }
    }
    return "$" + name;
  }

  /** A use of an index. */
  String use(int index) {
    String id = ids.get(index);
    return id == null ? Integer.toUnsignedString(index) : id;
  }

  /** What follows the keyword of a definition, with a space before it. */
  String define(int index) {
    return naming(index) + " (;" + index + ";)";
  }

  /** The identifier or annotation, with a space before it; empty where there is no name. */
  String naming(int index) {
    String id = ids.get(index);
    if (id != null) {
      return " " + id;
    }
    String name = names.get(index);
    if (name == null) {
      return "";
    }
    StringBuilder annotation = new StringBuilder(" (@name ");
    Strings.quote(name, annotation);
    return annotation.append(')').toString();
  }
}

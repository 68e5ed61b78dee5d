package dev.capsule.engine.text;

import java.util.HashMap;
import java.util.Map;

/** An index space with the identifiers bound in it (spec 6.1.6). */
final class IndexSpace {
  private final String kind;
  private final Map<String, Integer> indices = new HashMap<>();
  private final Map<Integer, String> names = new HashMap<>();
  private int count;

  /**
   * @param kind what error messages call its members, in the words of the official test suite
   */
  IndexSpace(String kind) {
    this.kind = kind;
  }

  /** Takes the next index, and binds an identifier to it if there is one here. */
  int bind(Cursor in) {
    if (in.is(Tokens.ID)) {
      String id = in.idText();
      if (indices.putIfAbsent(id, count) != null) {
        throw in.error("duplicate " + kind + " " + id);
      }
      names.put(count, id);
      in.advance();
    }
    return count++;
  }

  /** Takes {@code more} indices without identifiers. */
  void skip(int more) {
    count += more;
  }

  int count() {
    return count;
  }

  /** Reads an index, by number (whether it exists is validation's business) or by identifier. */
  int index(Cursor in) {
    if (!in.is(Tokens.ID)) {
      return in.u32();
    }
    Integer index = indices.get(in.idText());
    if (index == null) {
      throw in.error("unknown " + kind + " " + in.text());
    }
    in.advance();
    return index;
  }

  /** Overrides or gives a name that is not an identifier of the text. */
  void name(int index, String name) {
    names.put(index, name);
  }

  /** Names by index. */
  Map<Integer, String> names() {
    return names;
  }
}

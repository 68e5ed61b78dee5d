package dev.capsule.engine.text;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The labels in scope, outermost first (spec 6.5.1), and all that a function has had. */
final class Labels {
  /** An open block, and the depth that its label meant before (-1 for none). */
  private record Block(String id, int shadowed) {}

  private final List<Block> open = new ArrayList<>();
  private final Map<String, Integer> depths = new HashMap<>();
  private Map<Integer, String> names = new HashMap<>();
  private int seen;

  /** Forgets the function before; the function's own label has no name. */
  void enter() {
    open.clear();
    depths.clear();
    names = new HashMap<>();
    seen = 0;
  }

  /** Names by the order in which blocks begin. */
  Map<Integer, String> names() {
    return names;
  }

  void push(String id) {
    if (id != null) {
      names.put(seen, id);
    }
    seen++;
    Integer shadowed = id == null ? null : depths.put(id, open.size());
    open.add(new Block(id, shadowed == null ? -1 : shadowed));
  }

  void pop() {
    Block block = open.remove(open.size() - 1);
    if (block.shadowed >= 0) {
      depths.put(block.id, block.shadowed);
    } else if (block.id != null) {
      depths.remove(block.id);
    }
  }

  /** Reads a label as the number of blocks between. */
  int index(Cursor in) {
    if (!in.is(Tokens.ID)) {
      return in.u32();
    }
    Integer at = depths.get(in.idText());
    if (at == null) {
      throw in.error("unknown label " + in.text());
    }
    in.advance();
    return open.size() - 1 - at;
  }
}

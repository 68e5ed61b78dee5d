package dev.capsule.engine.types;

import java.util.List;

/** A function type (spec 2.3.6). */
public record FuncType(List<ValType> params, List<ValType> results) implements CompType {
  public static final FuncType EMPTY = new FuncType(List.of(), List.of());

  public FuncType {
    params = List.copyOf(params);
    results = List.copyOf(results);
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("[");
    join(text, params);
    text.append("] -> [");
    join(text, results);
    return text.append(']').toString();
  }

  private static void join(StringBuilder text, List<ValType> types) {
    for (int i = 0; i < types.size(); i++) {
      text.append(i == 0 ? "" : " ").append(types.get(i));
    }
  }
}

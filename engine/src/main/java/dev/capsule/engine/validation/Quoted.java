package dev.capsule.engine.validation;

/** Names in messages: the guest chooses them, so they must not look like more than a name. */
final class Quoted {
  private static final int MAX_LENGTH = 100;

  private Quoted() {}

  /** The name between quotes, shortened where it is long, with control characters escaped. */
  static String name(String name) {
    StringBuilder text = new StringBuilder("\"");
    int[] points = name.codePoints().limit(MAX_LENGTH + 1L).toArray();
    for (int i = 0; i < Math.min(points.length, MAX_LENGTH); i++) {
      int c = points[i];
      boolean plain =
          switch (Character.getType(c)) {
            case Character.CONTROL,
                Character.FORMAT,
                Character.LINE_SEPARATOR,
                Character.PARAGRAPH_SEPARATOR,
                Character.SURROGATE,
                Character.UNASSIGNED ->
                false;
            default -> c != '"' && c != '\\';
          };
      if (plain) {
        text.appendCodePoint(c);
      } else {
        text.append(String.format("\\u{%x}", c));
      }
    }
    return text.append(points.length > MAX_LENGTH ? "...\"" : "\"").toString();
  }
}

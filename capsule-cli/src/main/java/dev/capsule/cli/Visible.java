package dev.capsule.cli;

/** Text from a guest for a terminal: names in a module can be anything. */
final class Visible {
  private Visible() {}

  /** The text with control characters, line ends among them, as escapes. */
  static String text(String text) {
    StringBuilder visible = new StringBuilder(text.length());
    for (char c : text.toCharArray()) {
      // The bidirectional controls could make a name look like another message.
      boolean control = Character.isISOControl(c) || Character.getType(c) == Character.FORMAT;
      visible.append(control ? String.format("\\u%04x", (int) c) : String.valueOf(c));
    }
    return visible.toString();
  }
}

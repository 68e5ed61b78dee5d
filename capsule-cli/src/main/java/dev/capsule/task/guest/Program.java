package dev.capsule.task.guest;

/**
 * A program: one entry file and whatever it imports.
 *
 * @param language its language
 * @param entry the entry file's path within {@code sources}
 * @param sources its files; for code given as a string, only the entry
 */
public record Program(Language language, String entry, Sources sources) {

  /** The directory of the entry file within the sources; empty for the root. */
  public String directory() {
    return entry.contains("/") ? entry.substring(0, entry.lastIndexOf('/')) : "";
  }

  /** The entry file's name without directory and extension. */
  public String stem() {
    String name = entry.substring(entry.lastIndexOf('/') + 1);
    return name.contains(".") ? name.substring(0, name.lastIndexOf('.')) : name;
  }
}

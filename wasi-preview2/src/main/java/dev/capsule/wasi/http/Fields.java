package dev.capsule.wasi.http;

import java.util.ArrayList;
import java.util.List;

/**
 * Headers or trailers ({@code wasi:http/types.fields}): names with values in the order of the wire;
 * names may repeat and compare without regard to case. A value is a text with one character per
 * byte (ISO 8859-1). Whatever is in here is well-formed: no control characters, so no line breaks.
 */
public final class Fields {
  /**
   * One line of a header section.
   *
   * @param name in its original case
   * @param value one character per byte
   */
  public record Field(String name, String value) {
    /** Bytes that the line takes. */
    int size() {
      return name.length() + value.length() + 4;
    }
  }

  private final List<Field> entries;
  private final boolean mutable;

  private Fields(List<Field> entries, boolean mutable) {
    this.entries = entries;
    this.mutable = mutable;
  }

  /** No fields yet. */
  public Fields() {
    this(new ArrayList<>(), true);
  }

  /** Names and values in turn, for use in Java code. */
  public static Fields of(String... namesAndValues) {
    Fields fields = new Fields();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      fields.append(namesAndValues[i], namesAndValues[i + 1]);
    }
    return fields;
  }

  /** All values of a name. */
  public List<String> get(String name) {
    return entries.stream()
        .filter(field -> field.name().equalsIgnoreCase(name))
        .map(Field::value)
        .toList();
  }

  /** Whether the name is there. */
  public boolean has(String name) {
    return entries.stream().anyMatch(field -> field.name().equalsIgnoreCase(name));
  }

  /**
   * Replaces all values of a name.
   *
   * @throws HeaderException if something is malformed or this is immutable
   */
  public void set(String name, List<String> values) {
    checkName(name);
    values.forEach(value -> checkValue(name, value));
    delete(name);
    values.forEach(value -> entries.add(new Field(name, value)));
  }

  /**
   * Removes all values of a name.
   *
   * @throws HeaderException if the name is malformed or this is immutable
   */
  public void delete(String name) {
    checkMutable();
    checkName(name);
    entries.removeIf(field -> field.name().equalsIgnoreCase(name));
  }

  /**
   * Adds a value.
   *
   * @throws HeaderException if something is malformed or this is immutable
   */
  public void append(String name, String value) {
    checkMutable();
    checkName(name);
    checkValue(name, value);
    entries.add(new Field(name, value));
  }

  /** All lines in order. */
  public List<Field> entries() {
    return List.copyOf(entries);
  }

  /** A copy that can be changed. */
  public Fields copy() {
    return new Fields(new ArrayList<>(entries), true);
  }

  /** A copy that cannot be changed. */
  public Fields immutable() {
    return mutable ? new Fields(List.copyOf(entries), false) : this;
  }

  /** Bytes of all lines together. */
  int size() {
    return entries.stream().mapToInt(Field::size).sum();
  }

  private void checkMutable() {
    if (!mutable) {
      throw new HeaderException(HeaderException.Kind.IMMUTABLE, "these fields are immutable");
    }
  }

  private static void checkName(String name) {
    if (!isToken(name)) {
      throw new HeaderException(
          HeaderException.Kind.INVALID_SYNTAX,
          "header name " + HttpException.quote(name) + " is not a token");
    }
  }

  private static void checkValue(String name, String value) {
    boolean clean = value.chars().allMatch(c -> c == '\t' || (c >= ' ' && c != 0x7f && c <= 0xff));
    if (!clean) {
      throw new HeaderException(
          HeaderException.Kind.INVALID_SYNTAX,
          "the value of header "
              + name
              + " has a line break, another control character or one beyond ISO 8859-1");
    }
  }

  /** Whether this is a token of HTTP: not empty, letters, digits and a few marks. */
  static boolean isToken(String text) {
    return !text.isEmpty()
        && text.chars()
            .allMatch(
                c ->
                    (c >= 'a' && c <= 'z')
                        || (c >= 'A' && c <= 'Z')
                        || (c >= '0' && c <= '9')
                        || "!#$%&'*+-.^_`|~".indexOf(c) >= 0);
  }
}

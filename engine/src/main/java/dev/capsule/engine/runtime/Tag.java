package dev.capsule.engine.runtime;

import dev.capsule.engine.types.ExternType;
import dev.capsule.engine.types.FuncType;
import dev.capsule.engine.types.RecGroup;
import dev.capsule.engine.types.TagType;
import dev.capsule.engine.types.ValType;
import java.util.List;

/**
 * An exception tag (spec 4.2.10); tags have identity. Not bound to a store: an exception may pass
 * through host functions from one store into another, unless it carries functions, structs or
 * arrays, which belong to theirs.
 */
public final class Tag implements Extern {
  private final TagType type;

  public Tag(TagType type) {
    if (type.func() == null || !type.func().results().isEmpty()) {
      throw new IllegalArgumentException("type of a tag must be a function without results");
    }
    this.type = type;
  }

  /** A new tag of exceptions that carry values of these types. */
  public static Tag of(ValType... values) {
    return new Tag(new TagType(RecGroup.func(new FuncType(List.of(values), List.of()))));
  }

  public TagType type() {
    return type;
  }

  @Override
  public ExternType externType() {
    return type;
  }

  /** The types of the values that an exception of this tag carries, as parameters. */
  public FuncType func() {
    return type.func();
  }
}

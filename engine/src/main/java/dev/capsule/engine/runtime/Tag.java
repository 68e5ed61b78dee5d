package dev.capsule.engine.runtime;

import dev.capsule.engine.types.FuncType;
import dev.capsule.engine.types.TagType;

/** An exception tag (spec 4.2.10); tags have identity. */
public final class Tag {
  private final TagType type;

  public Tag(TagType type) {
    this.type = type;
  }

  public TagType type() {
    return type;
  }

  /** The types of the values that an exception of this tag carries, as parameters. */
  public FuncType func() {
    return type.func();
  }
}

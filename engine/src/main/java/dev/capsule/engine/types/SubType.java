package dev.capsule.engine.types;

import java.util.List;

/**
 * A composite type with its declared supertypes (spec 2.3.8). The supertypes are {@link DefType}s,
 * or {@link RecVar}s inside a group that is not interned yet, or {@link UnknownType}s.
 */
public record SubType(boolean isFinal, List<HeapType> supers, CompType comp) {
  public SubType {
    supers = List.copyOf(supers);
  }
}

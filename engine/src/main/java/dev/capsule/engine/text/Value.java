package dev.capsule.engine.text;

import dev.capsule.engine.types.HeapType;
import java.util.Optional;

/** A value as scripts write it: an argument, or exactly what is expected. */
public sealed interface Value {
  record I32(int value) implements Value {}

  record I64(long value) implements Value {}

  record F32(int bits) implements Value {}

  record F64(long bits) implements Value {}

  record V128(long low, long high) implements Value {}

  /** {@code ref.null}; without a type it stands for any null. */
  record RefNull(Optional<HeapType> type) implements Value {}

  /** {@code ref.extern n}: a reference of the host with this number. */
  record RefExtern(int number) implements Value {}

  /** {@code ref.host n}: the same, seen as {@code anyref}. */
  record RefHost(int number) implements Value {}
}

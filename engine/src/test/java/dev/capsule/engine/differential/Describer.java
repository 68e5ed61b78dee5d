package dev.capsule.engine.differential;

import dev.capsule.engine.exec.ArrayObject;
import dev.capsule.engine.exec.ExnObject;
import dev.capsule.engine.exec.HostFunction;
import dev.capsule.engine.exec.I31;
import dev.capsule.engine.exec.Storage;
import dev.capsule.engine.exec.StructLayout;
import dev.capsule.engine.exec.StructObject;
import dev.capsule.engine.exec.WasmFunction;
import dev.capsule.engine.runtime.Tag;
import dev.capsule.engine.runtime.V128;
import dev.capsule.engine.runtime.WasmException;
import dev.capsule.engine.types.ArrayType;
import dev.capsule.engine.types.StructType;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * Values as text that is the same whenever a guest could not tell the values apart: floats by their
 * bits, objects by their content and by which of them are the same.
 */
final class Describer {
  private static final int MAX_DEPTH = 4;

  private final Case subject;
  private final Map<Tag, String> tags;
  private final StringBuilder text = new StringBuilder();
  private final Map<Object, Integer> seen = new IdentityHashMap<>();

  Describer(Case subject, Map<Tag, String> tags) {
    this.subject = subject;
    this.tags = tags;
  }

  @Override
  public String toString() {
    return text.toString();
  }

  Describer add(String words) {
    text.append(words);
    return this;
  }

  Describer values(List<?> values) {
    for (Object value : values) {
      text.append(' ');
      value(value, 0);
    }
    return this;
  }

  Describer value(Object value) {
    return value(value, 0);
  }

  private Describer value(Object value, int depth) {
    switch (value) {
      case null -> text.append("null");
      case Integer i -> text.append(i);
      case Long l -> text.append(l).append('L');
      case Float f -> text.append('f').append(Integer.toHexString(Float.floatToRawIntBits(f)));
      case Double d -> text.append('d').append(Long.toHexString(Double.doubleToRawLongBits(d)));
      case V128 v -> vector(v.low(), v.high());
      case I31 i -> text.append("i31:").append(i.value());
      case WasmFunction f -> {
        boolean main = f.code.module.module == subject.main();
        text.append(main ? "main" : "other").append(".f").append(f.code.index);
      }
      case StructObject struct -> {
        if (first(struct, "struct", depth)) {
          struct(struct, depth + 1);
        }
      }
      case ArrayObject array -> {
        if (first(array, "array", depth)) {
          array(array, depth + 1);
        }
      }
      case ExnObject exn -> {
        if (first(exn, "exn", depth)) {
          text.append(tags.get(exn.tag)).append('(');
          for (Object argument : new WasmException(exn).arguments()) {
            value(argument, depth + 1).add(" ");
          }
          text.append(')');
        }
      }
      case Object[] several -> values(Arrays.asList(several));
      case HostFunction f -> text.append("host").append(f.type());
      default -> text.append(value);
    }
    return this;
  }

  private void vector(long low, long high) {
    text.append('v').append(Long.toHexString(high)).append('_').append(Long.toHexString(low));
  }

  /** Whether an object's content is still to be told. */
  private boolean first(Object object, String kind, int depth) {
    Integer number = seen.get(object);
    boolean fresh = number == null;
    if (fresh) {
      number = seen.size();
      seen.put(object, number);
    }
    text.append(kind).append('#').append(number);
    return fresh && depth < MAX_DEPTH;
  }

  private void struct(StructObject struct, int depth) {
    StructLayout layout = new StructLayout(struct.type);
    text.append(":").append(subject.types().indexOf(struct.type)).append('{');
    int count = ((StructType) struct.type.expand()).fields().size();
    for (int i = 0; i < count; i++) {
      int at = layout.position[i];
      if (layout.storage[i] == Storage.REF) {
        value(struct.refs[at], depth);
      } else {
        scalar(layout.storage[i], struct.scalars, at);
      }
      text.append(' ');
    }
    text.append('}');
  }

  private void scalar(Storage storage, long[] scalars, int at) {
    switch (storage) {
      case I8, I16, BITS32 -> text.append(Integer.toHexString((int) scalars[at]));
      case V128 -> vector(scalars[at], scalars[at + 1]);
      default -> text.append(Long.toHexString(scalars[at]));
    }
  }

  private void array(ArrayObject array, int depth) {
    Storage storage = Storage.of(((ArrayType) array.type.expand()).field().storage());
    text.append(":").append(subject.types().indexOf(array.type));
    text.append('x').append(array.length).append('[');
    switch (array.elements) {
      case byte[] bytes -> text.append(Arrays.hashCode(bytes));
      case short[] shorts -> text.append(Arrays.hashCode(shorts));
      case int[] ints -> text.append(Arrays.hashCode(ints));
      case long[] longs -> text.append(Arrays.hashCode(longs));
      default -> {
        Object[] refs = (Object[]) array.elements;
        for (int i = 0; i < Math.min(refs.length, 20); i++) {
          value(refs[i], depth).add(" ");
        }
      }
    }
    text.append(storage == Storage.REF ? "]" : "#]");
  }
}

package dev.capsule.engine.binary;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.function.IntFunction;

/**
 * A map from indices, ascending, to values that are read from the module's bytes when asked for:
 * eight bytes per entry instead of a hundred, because name sections are large and hardly used.
 */
final class IndexMap<V> extends AbstractMap<Integer, V> {
  private final int[] keys;
  private final int[] positions;
  private final IntFunction<V> reader;

  private IndexMap(int[] keys, int[] positions, IntFunction<V> reader) {
    this.keys = keys;
    this.positions = positions;
    this.reader = reader;
  }

  @Override
  public V get(Object key) {
    int at = find(key);
    return at < 0 ? null : reader.apply(positions[at]);
  }

  @Override
  public boolean containsKey(Object key) {
    return find(key) >= 0;
  }

  private int find(Object key) {
    return key instanceof Integer index ? Arrays.binarySearch(keys, index) : -1;
  }

  @Override
  public int size() {
    return keys.length;
  }

  @Override
  public Set<Map.Entry<Integer, V>> entrySet() {
    return new AbstractSet<>() {
      @Override
      public int size() {
        return keys.length;
      }

      @Override
      public Iterator<Map.Entry<Integer, V>> iterator() {
        return new Entries();
      }
    };
  }

  private final class Entries implements Iterator<Map.Entry<Integer, V>> {
    private int next;

    @Override
    public boolean hasNext() {
      return next < keys.length;
    }

    @Override
    public Map.Entry<Integer, V> next() {
      if (next >= keys.length) {
        throw new NoSuchElementException();
      }
      int at = next++;
      return Map.entry(keys[at], reader.apply(positions[at]));
    }
  }

  /** Collects entries; those whose index does not ascend are left out. */
  static final class Builder {
    private final int wanted;
    private int seen;
    private int[] keys;
    private int[] positions;
    private int count;

    Builder(int wanted) {
      this.wanted = wanted;
      keys = new int[wanted];
      positions = new int[wanted];
    }

    boolean wantsMore() {
      return seen < wanted;
    }

    void add(int key, int position) {
      seen++;
      if (key >= 0 && (count == 0 || keys[count - 1] < key)) {
        keys[count] = key;
        positions[count++] = position;
      }
    }

    <V> Map<Integer, V> build(IntFunction<V> reader) {
      keys = Arrays.copyOf(keys, count);
      positions = Arrays.copyOf(positions, count);
      return new IndexMap<>(keys, positions, reader);
    }
  }
}

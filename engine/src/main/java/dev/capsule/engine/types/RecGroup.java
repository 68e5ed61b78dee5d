package dev.capsule.engine.types;

import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A recursive group of types in canonical form (spec 3.1.3): groups of equal structure are the same
 * object in the whole process, so type equality is identity, across modules and stores.
 *
 * <p>Groups are kept weakly: types that no module uses any longer are forgotten.
 */
public final class RecGroup {
  private static final ConcurrentHashMap<Key, Entry> INTERNED = new ConcurrentHashMap<>();
  private static final ReferenceQueue<RecGroup> DEAD = new ReferenceQueue<>();

  private final Key key;
  private final List<DefType> types;

  private RecGroup(Key key) {
    this.key = key;
    DefType[] members = new DefType[key.members.size()];
    for (int i = 0; i < members.length; i++) {
      members[i] = new DefType(this, i);
    }
    this.types = List.of(members);
    for (int i = 0; i < members.length; i++) {
      members[i].unroll(Unrolling.of(key.members.get(i), types));
    }
  }

  /**
   * The canonical group with the given members, in which references to members are {@link RecVar}s
   * and all other type references are {@link DefType}s.
   */
  public static RecGroup of(List<SubType> members) {
    expunge();
    Key key = new Key(List.copyOf(members));
    while (true) {
      Entry entry = INTERNED.get(key);
      RecGroup group = entry == null ? null : entry.get();
      if (group != null) {
        return group;
      }
      RecGroup fresh = new RecGroup(key);
      Entry mine = new Entry(fresh);
      if (entry == null
          ? INTERNED.putIfAbsent(key, mine) == null
          : INTERNED.replace(key, entry, mine)) {
        return fresh;
      }
    }
  }

  /** The group of one function type, final and without supertypes: what MVP modules declare. */
  public static DefType func(FuncType type) {
    return of(List.of(new SubType(true, List.of(), type))).types.get(0);
  }

  /** The members in order. */
  public List<DefType> types() {
    return types;
  }

  /** The members as they were given, with {@link RecVar}s. */
  public List<SubType> rolled() {
    return key.members;
  }

  private static void expunge() {
    for (Object dead = DEAD.poll(); dead != null; dead = DEAD.poll()) {
      Entry entry = (Entry) dead;
      INTERNED.remove(entry.key, entry);
    }
  }

  /** Structure of a group; the hash is kept because groups can be large. */
  private static final class Key {
    final List<SubType> members;
    final int hash;

    Key(List<SubType> members) {
      this.members = members;
      this.hash = members.hashCode();
    }

    @Override
    public int hashCode() {
      return hash;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Key that && hash == that.hash && members.equals(that.members);
    }
  }

  private static final class Entry extends WeakReference<RecGroup> {
    final Key key;

    Entry(RecGroup group) {
      super(group, DEAD);
      this.key = group.key;
    }
  }
}

package dev.capsule.task.schedule;

import dev.capsule.task.guest.Preopen;
import dev.capsule.task.policy.InvalidConfigException;
import dev.capsule.task.policy.PathSpec;
import dev.capsule.task.policy.Policy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The directories of one sandbox: what its policy grants, then the operator's mounts. */
final class DirectoryGrants {
  private static final String FILES = "allowed_files";
  private static final String MOUNT = "--mount";

  private DirectoryGrants() {}

  /**
   * Resolves them on this machine, now.
   *
   * @throws InvalidConfigException if one cannot be granted, or two differ at the same guest path
   */
  static List<Preopen> resolve(Policy policy, Run.Setup setup) {
    Map<String, Preopen> granted = new LinkedHashMap<>();
    Optional<List<Preopen>> ceiling = setup.limits().files().map(list -> ceiling(list, setup));
    for (PathSpec spec : policy.files()) {
      Preopen preopen = spec.resolve(FILES, setup.root());
      add(granted, FILES, spec, ceiling.map(list -> bound(preopen, list)).orElse(preopen));
    }
    for (Run.Mount mount : setup.mounts()) {
      add(granted, MOUNT, mount.spec(), mount.spec().resolve(MOUNT, mount.base()));
    }
    return new ArrayList<>(granted.values());
  }

  /** A mount never changes a directory that the task declares; two directories cannot share. */
  private static void add(
      Map<String, Preopen> granted, String key, PathSpec spec, Preopen preopen) {
    Preopen before = granted.putIfAbsent(preopen.guestPath(), preopen);
    if (before != null && !before.directory().equals(preopen.directory())) {
      throw new InvalidConfigException(
          key,
          key
              + ": \""
              + spec.text()
              + "\" is not accepted: "
              + preopen.guestPath()
              + " is already another directory; give it another guest path, HOST::GUEST");
    }
  }

  private static List<Preopen> ceiling(List<PathSpec> list, Run.Setup setup) {
    return list.stream().map(spec -> spec.resolve("limits.files", setup.root())).toList();
  }

  /** The ceiling once more, now that links are resolved. */
  private static Preopen bound(Preopen wish, List<Preopen> ceiling) {
    boolean readable = false;
    boolean writable = false;
    for (Preopen limit : ceiling) {
      Path outer = limit.directory();
      if (wish.directory().startsWith(outer)) {
        readable = true;
        writable |= limit.writable();
      }
    }
    if (!readable) {
      throw new InvalidConfigException(
          FILES, FILES + ": " + wish.guestPath() + " leads out of what [limits] files allows");
    }
    return new Preopen(
        wish.directory(), wish.guestPath(), wish.writable() && writable, wish.hiddenNames());
  }
}

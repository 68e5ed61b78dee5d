package dev.capsule.wasi.filesystem;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * A path taken apart: the directory that holds its last component, and that component's name. Every
 * step was a look-up of one name in an open directory: symbolic links are read and walked here, and
 * ".." goes back to the handle it came from. So a path cannot leave its base, whatever is renamed
 * or replaced meanwhile.
 *
 * <p>Rules: <a
 * href="https://github.com/WebAssembly/wasi-filesystem/blob/main/path-resolution.md">WASI path
 * resolution</a>.
 */
final class Resolved implements AutoCloseable {
  private static final int MAX_PATH = 4096;
  private static final int MAX_NAME = 255;
  private static final int MAX_LINKS = 40;

  /** All names walked, those of links included: twice as many as the longest path has. */
  private static final int MAX_COMPONENTS = 4096;

  /** Each level holds a host handle while a path is resolved. */
  private static final int MAX_DEPTH = 200;

  private final DirectoryNode base;
  private final Deque<DirectoryNode> opened = new ArrayDeque<>();
  private final Deque<String> pending = new ArrayDeque<>();
  private String name = ".";
  private boolean trailingSlash;
  private int links;
  private int components;

  private Resolved(DirectoryNode base) {
    this.base = base;
  }

  /**
   * Resolves {@code path} below {@code base}.
   *
   * @param follow whether a symbolic link as the last component is replaced by what it names
   */
  static Resolved of(DirectoryNode base, String path, boolean follow) {
    Resolved resolved = new Resolved(base);
    try {
      resolved.push(path);
      resolved.walk(follow);
      return resolved;
    } catch (RuntimeException e) {
      resolved.close();
      throw e;
    }
  }

  /** The directory that holds the last component. */
  DirectoryNode parent() {
    return opened.isEmpty() ? base : opened.peek();
  }

  /** The last component, or "." if the path names {@link #parent} itself. */
  String name() {
    return name;
  }

  /** True if the path names {@link #parent} itself, by ending in "." or "..". */
  boolean isParent() {
    return name.equals(".");
  }

  /** True if the path ends in a slash, so that only a directory will do. */
  boolean trailingSlash() {
    return trailingSlash;
  }

  /** The entry, if it exists; the parent itself if the path names that. */
  Optional<DescriptorStat> lookup() {
    if (isParent()) {
      return Optional.of(parent().stat());
    }
    try {
      return Optional.of(parent().lookup(name));
    } catch (FilesystemException e) {
      if (e.code() == ErrorCode.NO_ENTRY) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private void push(String path) {
    if (path.isEmpty()) {
      throw new FilesystemException(ErrorCode.NO_ENTRY);
    }
    if (path.indexOf('\0') >= 0) {
      throw new FilesystemException(ErrorCode.INVALID);
    }
    if (utf8Length(path) > MAX_PATH) {
      throw new FilesystemException(ErrorCode.NAME_TOO_LONG);
    }
    if (path.charAt(0) == '/') {
      throw new FilesystemException(ErrorCode.NOT_PERMITTED);
    }
    String[] names = path.split("/+", -1);
    components += names.length;
    if (components > MAX_COMPONENTS) {
      // Each link is short enough, but together they would keep the host busy for seconds.
      throw new FilesystemException(ErrorCode.LOOP);
    }
    for (int i = names.length - 1; i >= 0; i--) {
      pending.push(names[i]);
    }
  }

  private void walk(boolean follow) {
    while (!pending.isEmpty()) {
      String component = pending.pop();
      boolean last = dropTrailing();
      if (component.isEmpty() || component.equals(".")) {
        name = ".";
      } else if (component.equals("..")) {
        if (opened.isEmpty()) {
          throw new FilesystemException(ErrorCode.NOT_PERMITTED);
        }
        opened.pop().close();
        name = ".";
      } else {
        step(component, last, follow);
      }
    }
  }

  /** True if nothing is left, or nothing but slashes, which are then dropped and remembered. */
  private boolean dropTrailing() {
    if (!pending.isEmpty() && pending.stream().allMatch(String::isEmpty)) {
      trailingSlash = true;
      pending.clear();
    }
    return pending.isEmpty();
  }

  private void step(String component, boolean last, boolean follow) {
    if (utf8Length(component) > MAX_NAME) {
      throw new FilesystemException(ErrorCode.NAME_TOO_LONG);
    }
    name = component;
    if (last && !follow) {
      return;
    }
    Optional<DescriptorStat> entry = lookup();
    if (entry.isEmpty() && !last) {
      throw new FilesystemException(ErrorCode.NO_ENTRY);
    }
    DescriptorType type = entry.map(DescriptorStat::type).orElse(DescriptorType.UNKNOWN);
    if (type == DescriptorType.SYMBOLIC_LINK) {
      if (++links > MAX_LINKS) {
        throw new FilesystemException(ErrorCode.LOOP);
      }
      String target = parent().readLink(component);
      name = ".";
      push(target);
    } else if (!last) {
      if (type != DescriptorType.DIRECTORY) {
        throw new FilesystemException(ErrorCode.NOT_DIRECTORY);
      }
      if (opened.size() >= MAX_DEPTH) {
        throw new FilesystemException(ErrorCode.NAME_TOO_LONG);
      }
      opened.push(parent().openDirectory(component));
      name = ".";
    }
  }

  private static int utf8Length(String s) {
    return s.length() * 3 <= MAX_NAME ? s.length() : s.getBytes(StandardCharsets.UTF_8).length;
  }

  @Override
  public void close() {
    opened.forEach(DirectoryNode::close);
    opened.clear();
  }
}

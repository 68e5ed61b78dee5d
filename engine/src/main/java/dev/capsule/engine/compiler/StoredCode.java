package dev.capsule.engine.compiler;

import dev.capsule.engine.compiler.FunctionCompiler.Generated;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The generated classes of one module in the code cache: those that a file holds, and those that it
 * does not hold yet. A file is a header with a digest, a table of entries with a digest each, and
 * the entries; digests begin with the file's key, so that nothing can be taken for a part of
 * another file. An entry is checked when it is read.
 */
final class StoredCode {
  private static final long MAGIC = 0x4341505355434F44L;
  private static final int DIGEST = 32;
  private static final int HEADER = Long.BYTES + DIGEST + Integer.BYTES;
  private static final int ROW = 2 * Integer.BYTES + 1 + DIGEST;
  private static final int MAX_PENDING_BYTES = 16 << 20;

  /** What has to be written before the process ends; nothing in it leads to a module or class. */
  private static final Set<StoredCode> UNSAVED = new LinkedHashSet<>();

  private static final AtomicBoolean HOOKED = new AtomicBoolean();

  private final CodeCache cache;
  private final Path file;
  private final byte[] key;
  private final Optional<StoredCode> delivered;

  /** Where the entries are in the file's bytes; by number, in the order they were stored. */
  private Map<Integer, Row> rows;

  private byte[] bytes = {};
  private final Map<Integer, Entry> pending = new LinkedHashMap<>();
  private int pendingBytes;

  private record Row(int offset, int length, boolean warm, byte[] digest) {}

  private record Entry(byte[] content, boolean warm) {}

  /**
   * @param delivered code of the same key that goes before this file's and is never written
   */
  StoredCode(CodeCache cache, Path file, byte[] key, Optional<StoredCode> delivered) {
    this.cache = cache;
    this.file = file;
    this.key = key;
    this.delivered = delivered;
    load();
  }

  /** The number under which a function's classes are kept. */
  static int number(int function, boolean loops) {
    return 2 * function + (loops ? 1 : 0);
  }

  private void load() {
    rows = new LinkedHashMap<>();
    bytes = cache.read(file).orElse(new byte[0]);
    try {
      readTable();
    } catch (BufferUnderflowException | IllegalArgumentException e) {
      rows.clear();
    }
  }

  private void readTable() {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    byte[] found = new byte[DIGEST];
    if (in.remaining() < HEADER || in.getLong() != MAGIC) {
      return;
    }
    in.get(found);
    if (!Arrays.equals(found, key)) {
      return;
    }
    int count = in.getInt();
    if (count < 0 || count > (in.remaining() - DIGEST) / ROW) {
      return;
    }
    int end = HEADER + count * ROW;
    in.position(end);
    in.get(found);
    if (!Arrays.equals(found, digest(bytes, 0, end))) {
      return;
    }
    in.position(HEADER);
    int offset = end + DIGEST;
    for (int i = 0; i < count; i++) {
      int number = in.getInt();
      int length = in.getInt();
      boolean warm = in.get() != 0;
      byte[] digest = new byte[DIGEST];
      in.get(digest);
      if (length < 0 || length > bytes.length - offset) {
        // The file has been cut off: what lies before is good.
        return;
      }
      rows.put(number, new Row(offset, length, warm, digest));
      offset += length;
    }
  }

  private byte[] digest(byte[] of, int offset, int length) {
    MessageDigest digest = CodeCache.digest();
    digest.update(key);
    digest.update(of, offset, length);
    return digest.digest();
  }

  private byte[] digest(int number, byte[] of, int offset, int length) {
    MessageDigest digest = CodeCache.digest();
    digest.update(key);
    digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(number).array());
    digest.update(of, offset, length);
    return digest.digest();
  }

  /** The functions that were warm when they were stored, in that order. */
  synchronized Set<Integer> warm() {
    Set<Integer> functions = new LinkedHashSet<>();
    delivered.ifPresent(before -> functions.addAll(before.warm()));
    rows.forEach(
        (number, row) -> {
          if (row.warm && number % 2 == 0) {
            functions.add(number / 2);
          }
        });
    return functions;
  }

  /** The classes of an entry, its own first; empty where there is none, or it is damaged. */
  synchronized Optional<List<Generated>> find(int number) {
    Optional<List<Generated>> before = delivered.flatMap(stored -> stored.find(number));
    if (before.isPresent()) {
      return before;
    }
    Row row = rows.get(number);
    if (row == null) {
      return Optional.empty();
    }
    if (Arrays.equals(row.digest, digest(number, bytes, row.offset, row.length))) {
      try {
        return Optional.of(classes(ByteBuffer.wrap(bytes, row.offset, row.length)));
      } catch (BufferUnderflowException | IllegalArgumentException e) {
        return forget(number);
      }
    }
    return forget(number);
  }

  private Optional<List<Generated>> forget(int number) {
    rows.remove(number);
    return Optional.empty();
  }

  private static List<Generated> classes(ByteBuffer in) {
    int count = in.getInt();
    List<Generated> classes = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      byte[] name = new byte[Short.toUnsignedInt(in.getShort())];
      in.get(name);
      byte[] code = new byte[in.getInt()];
      in.get(code);
      classes.add(new Generated(new String(name, StandardCharsets.UTF_8), code));
    }
    return classes;
  }

  /** Keeps classes, in memory first. */
  void add(int number, List<Generated> classes, boolean warm) {
    byte[] content = content(classes);
    boolean full;
    synchronized (this) {
      pending.put(number, new Entry(content, warm));
      pendingBytes += content.length;
      full = pendingBytes > MAX_PENDING_BYTES;
    }
    synchronized (UNSAVED) {
      UNSAVED.add(this);
    }
    if (HOOKED.compareAndSet(false, true)) {
      hook();
    }
    if (full) {
      save();
    }
  }

  private static void hook() {
    try {
      Runtime.getRuntime().addShutdownHook(new Thread(StoredCode::saveAll, "wasm-code-cache"));
    } catch (IllegalStateException e) {
      // The process ends already: what comes now is not kept.
      HOOKED.set(true);
    }
  }

  private static void saveAll() {
    List<StoredCode> all;
    synchronized (UNSAVED) {
      all = new ArrayList<>(UNSAVED);
    }
    all.forEach(StoredCode::save);
  }

  private static byte[] content(List<Generated> classes) {
    ByteArrayOutputStream buffer = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(buffer)) {
      out.writeInt(classes.size());
      for (Generated generated : classes) {
        byte[] name = generated.name().getBytes(StandardCharsets.UTF_8);
        out.writeShort(name.length);
        out.write(name);
        out.writeInt(generated.bytes().length);
        out.write(generated.bytes());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return buffer.toByteArray();
  }

  /** Writes what is not in the file yet, together with what other processes have put there. */
  synchronized void save() {
    synchronized (UNSAVED) {
      UNSAVED.remove(this);
    }
    if (pending.isEmpty()) {
      return;
    }
    load();
    Map<Integer, Row> table = new LinkedHashMap<>();
    ByteArrayOutputStream contents = new ByteArrayOutputStream();
    rows.forEach(
        (number, row) -> {
          if (!pending.containsKey(number)) {
            table.put(number, row);
            contents.write(bytes, row.offset, row.length);
          }
        });
    pending.forEach(
        (number, entry) -> {
          byte[] digest = digest(number, entry.content, 0, entry.content.length);
          table.put(number, new Row(0, entry.content.length, entry.warm, digest));
          contents.writeBytes(entry.content);
        });
    pending.clear();
    pendingBytes = 0;
    ByteBuffer head = ByteBuffer.allocate(HEADER + table.size() * ROW);
    head.putLong(MAGIC).put(key).putInt(table.size());
    table.forEach(
        (number, row) ->
            head.putInt(number).putInt(row.length).put((byte) (row.warm ? 1 : 0)).put(row.digest));
    ByteArrayOutputStream all = new ByteArrayOutputStream(contents.size() + head.capacity());
    all.writeBytes(head.array());
    all.writeBytes(digest(head.array(), 0, head.capacity()));
    all.writeBytes(contents.toByteArray());
    bytes = all.toByteArray();
    cache.write(file, bytes);
    readAgain();
  }

  private void readAgain() {
    rows.clear();
    readTable();
  }
}

package dev.capsule.task.guest.javascript;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.capsule.task.guest.protocol.RefusedException;
import dev.capsule.task.guest.protocol.Request;
import dev.capsule.wasi.Preopen;
import dev.capsule.wasi.clocks.Datetime;
import dev.capsule.wasi.filesystem.Descriptor;
import dev.capsule.wasi.filesystem.DescriptorFlags;
import dev.capsule.wasi.filesystem.DescriptorStat;
import dev.capsule.wasi.filesystem.DescriptorType;
import dev.capsule.wasi.filesystem.DirectoryDescriptor;
import dev.capsule.wasi.filesystem.DirectoryEntry;
import dev.capsule.wasi.filesystem.DirectoryEntryStream;
import dev.capsule.wasi.filesystem.ErrorCode;
import dev.capsule.wasi.filesystem.FileDescriptor;
import dev.capsule.wasi.filesystem.FilesystemException;
import dev.capsule.wasi.filesystem.NewTimestamp;
import dev.capsule.wasi.filesystem.OpenFlags;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/** The file requests of JavaScript guests, over the same services as WASI's own functions. */
final class FileOperations {
  /** Of one file, as much as a guest gets in one piece. */
  private static final long MAX_READ = 256L << 20;

  private static final int CHUNK = 64 * 1024;

  private final List<Preopen> preopens;

  FileOperations(List<Preopen> preopens) {
    this.preopens = preopens;
  }

  /** An absolute path: the preopened directory that it lies in, and the rest. */
  private record Place(DirectoryDescriptor directory, String path) {}

  /** Carries out a request of the guest's fs module. */
  JsonElement answer(Request request) {
    try {
      return switch (request.string("fn")) {
        case "read" -> data(read(place(request, "path")));
        case "pread" -> data(readPart(place(request, "path"), request));
        case "write" -> write(request, false);
        case "append" -> write(request, true);
        case "pwrite" -> writePart(request);
        case "touch" -> touch(request);
        case "list" -> list(place(request, "path"));
        case "stat" -> stat(place(request, "path"), request.flag("follow"));
        case "access" -> access(request);
        case "mkdir" -> done(at -> at.directory().createDirectoryAt(at.path()), request);
        case "rmdir" -> done(at -> at.directory().removeDirectoryAt(at.path()), request);
        case "unlink" -> done(at -> at.directory().unlinkFileAt(at.path()), request);
        case "rename" -> rename(request);
        case "link" -> link(request);
        case "symlink" ->
            done(at -> at.directory().symlinkAt(request.string("target"), at.path()), request);
        case "readlink" -> readLink(place(request, "path"));
        case "truncate" -> truncate(request);
        case "utimes" -> setTimes(request);
        case String fn -> throw new RefusedException("malformed", "there is no file request " + fn);
      };
    } catch (FilesystemException e) {
      throw new FileRefused(codeOf(e), isRefusal(e.code()));
    }
  }

  /** A file error, with the code that programs look at. */
  static final class FileRefused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String code;
    private final boolean denied;

    FileRefused(String code, boolean denied) {
      super(code, null, false, false);
      this.code = code;
      this.denied = denied;
    }

    /** The answer of the request. */
    JsonObject toJson() {
      JsonObject error = new JsonObject();
      error.addProperty("type", "fs");
      error.addProperty("message", code);
      error.addProperty("code", code);
      error.addProperty("denied", denied);
      JsonObject answer = new JsonObject();
      answer.add("error", error);
      return answer;
    }
  }

  private static boolean isRefusal(ErrorCode code) {
    return code == ErrorCode.ACCESS
        || code == ErrorCode.NOT_PERMITTED
        || code == ErrorCode.READ_ONLY;
  }

  private static String codeOf(FilesystemException e) {
    if (e.isTooManyOpenFiles()) {
      return "EMFILE";
    }
    return switch (e.code()) {
      case ACCESS -> "EACCES";
      case BAD_DESCRIPTOR -> "EBADF";
      case BUSY, TEXT_FILE_BUSY -> "EBUSY";
      case EXIST -> "EEXIST";
      case FILE_TOO_LARGE, OVERFLOW -> "EFBIG";
      case INVALID, ILLEGAL_BYTE_SEQUENCE -> "EINVAL";
      case IS_DIRECTORY -> "EISDIR";
      case LOOP -> "ELOOP";
      case NAME_TOO_LONG -> "ENAMETOOLONG";
      case NO_ENTRY -> "ENOENT";
      case INSUFFICIENT_SPACE, QUOTA -> "ENOSPC";
      case NOT_DIRECTORY -> "ENOTDIR";
      case NOT_EMPTY -> "ENOTEMPTY";
      case NOT_PERMITTED -> "EPERM";
      case READ_ONLY -> "EROFS";
      case CROSS_DEVICE -> "EXDEV";
      default -> "EIO";
    };
  }

  private Place place(Request request, String key) {
    String path = request.string(key);
    Preopen best = null;
    for (Preopen preopen : preopens) {
      String root = withoutEnd(preopen.guestPath());
      if ((path.equals(root) || path.startsWith(root + "/") || path.equals("/") && root.isEmpty())
          && (best == null || root.length() > withoutEnd(best.guestPath()).length())) {
        best = preopen;
      }
    }
    if (best == null) {
      throw new FileRefused("ENOENT", true);
    }
    String rest = path.substring(withoutEnd(best.guestPath()).length());
    while (rest.startsWith("/")) {
      rest = rest.substring(1);
    }
    return new Place(best.directory(), rest.isEmpty() ? "." : rest);
  }

  private static String withoutEnd(String path) {
    return path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
  }

  private interface Action {
    void on(Place place);
  }

  private JsonObject done(Action action, Request request) {
    action.on(place(request, "path"));
    return new JsonObject();
  }

  private static FileDescriptor open(Place at, OpenFlags open, DescriptorFlags flags) {
    Descriptor descriptor = at.directory().openAt(true, at.path(), open, flags);
    if (descriptor instanceof FileDescriptor file) {
      return file;
    }
    DescriptorType type = descriptor.type();
    descriptor.close();
    throw new FilesystemException(
        type == DescriptorType.DIRECTORY ? ErrorCode.IS_DIRECTORY : ErrorCode.INVALID);
  }

  private static JsonObject data(byte[] bytes) {
    JsonObject answer = new JsonObject();
    answer.addProperty("data", Base64.getEncoder().encodeToString(bytes));
    return answer;
  }

  private static byte[] read(Place at) {
    try (FileDescriptor file = open(at, OpenFlags.NONE, DescriptorFlags.READ)) {
      return read(file, 0, MAX_READ + 1);
    }
  }

  private static byte[] read(FileDescriptor file, long offset, long most) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ByteBuffer chunk = ByteBuffer.allocate(CHUNK);
    while (bytes.size() < most) {
      chunk.clear().limit((int) Math.min(CHUNK, most - bytes.size()));
      int count = file.read(chunk, offset + bytes.size());
      if (count <= 0) {
        return bytes.toByteArray();
      }
      bytes.write(chunk.array(), 0, count);
      if (bytes.size() > MAX_READ) {
        throw new FilesystemException(ErrorCode.FILE_TOO_LARGE);
      }
    }
    return bytes.toByteArray();
  }

  private static byte[] readPart(Place at, Request request) {
    long offset = request.integer("offset", 0, Long.MAX_VALUE / 2);
    long length = request.integer("length", 0, MAX_READ);
    try (FileDescriptor file = open(at, OpenFlags.NONE, DescriptorFlags.READ)) {
      return read(file, offset, length);
    }
  }

  private JsonObject write(Request request, boolean append) {
    byte[] bytes = request.bytes("data").orElse(new byte[0]);
    boolean keep = append || request.flag("keep");
    OpenFlags flags = new OpenFlags(!request.flag("keep"), false, request.flag("exclusive"), !keep);
    try (FileDescriptor file = open(place(request, "path"), flags, DescriptorFlags.WRITE)) {
      writeAll(file, bytes, append ? -1 : 0);
    }
    return new JsonObject();
  }

  private JsonObject writePart(Request request) {
    byte[] bytes = request.bytes("data").orElse(new byte[0]);
    long offset = request.integer("offset", 0, Long.MAX_VALUE / 2);
    try (FileDescriptor file =
        open(place(request, "path"), OpenFlags.NONE, DescriptorFlags.WRITE)) {
      writeAll(file, bytes, offset);
    }
    return new JsonObject();
  }

  private static void writeAll(FileDescriptor file, byte[] bytes, long offset) {
    ByteBuffer from = ByteBuffer.wrap(bytes);
    while (from.hasRemaining()) {
      if (offset < 0) {
        file.append(from);
      } else {
        file.write(from, offset + from.position());
      }
    }
  }

  private JsonObject touch(Request request) {
    OpenFlags flags =
        new OpenFlags(
            request.flag("create"), false, request.flag("exclusive"), request.flag("truncate"));
    boolean write = request.flag("write");
    open(place(request, "path"), flags, write ? DescriptorFlags.WRITE : DescriptorFlags.READ)
        .close();
    return new JsonObject();
  }

  private static JsonObject list(Place at) {
    JsonArray entries = new JsonArray();
    Descriptor descriptor =
        at.directory().openAt(true, at.path(), OpenFlags.DIRECTORY, DescriptorFlags.READ);
    try (descriptor) {
      if (!(descriptor instanceof DirectoryDescriptor directory)) {
        throw new FilesystemException(ErrorCode.NOT_DIRECTORY);
      }
      try (DirectoryEntryStream stream = directory.readDirectory()) {
        for (Optional<DirectoryEntry> entry = stream.readDirectoryEntry();
            entry.isPresent();
            entry = stream.readDirectoryEntry()) {
          JsonObject json = new JsonObject();
          json.addProperty("name", entry.get().name());
          json.addProperty("type", typeName(entry.get().type()));
          entries.add(json);
        }
      }
    }
    JsonObject answer = new JsonObject();
    answer.add("entries", entries);
    return answer;
  }

  private static String typeName(DescriptorType type) {
    return switch (type) {
      case REGULAR_FILE -> "file";
      case DIRECTORY -> "directory";
      case SYMBOLIC_LINK -> "link";
      default -> "other";
    };
  }

  private static JsonObject stat(Place at, boolean follow) {
    DescriptorStat stat = at.directory().statAt(follow, at.path());
    JsonObject answer = new JsonObject();
    answer.addProperty("type", typeName(stat.type()));
    answer.addProperty("size", stat.size());
    answer.addProperty("links", stat.linkCount());
    answer.addProperty("atime_ms", millis(stat.accessed()));
    answer.addProperty("mtime_ms", millis(stat.modified()));
    answer.addProperty("ctime_ms", millis(stat.changed()));
    return answer;
  }

  private static double millis(Datetime time) {
    return time.seconds() * 1e3 + time.nanoseconds() / 1e6;
  }

  private JsonObject access(Request request) {
    Place at = place(request, "path");
    DescriptorStat stat = at.directory().statAt(true, at.path());
    if (request.flag("write") && stat.type() == DescriptorType.REGULAR_FILE) {
      open(at, OpenFlags.NONE, DescriptorFlags.WRITE).close();
    } else if (request.flag("write") && !at.directory().flags().mutateDirectory()) {
      throw new FilesystemException(ErrorCode.ACCESS);
    }
    return new JsonObject();
  }

  private JsonObject rename(Request request) {
    Place to = place(request, "target");
    return done(at -> at.directory().renameAt(at.path(), to.directory(), to.path()), request);
  }

  private JsonObject link(Request request) {
    Place to = place(request, "target");
    return done(at -> at.directory().linkAt(false, at.path(), to.directory(), to.path()), request);
  }

  private static JsonObject readLink(Place at) {
    JsonObject answer = new JsonObject();
    answer.addProperty("target", at.directory().readLinkAt(at.path()));
    return answer;
  }

  private JsonObject truncate(Request request) {
    long size = request.integer("size", 0, Long.MAX_VALUE / 2);
    try (FileDescriptor file =
        open(place(request, "path"), OpenFlags.NONE, DescriptorFlags.WRITE)) {
      file.setSize(size);
    }
    return new JsonObject();
  }

  private JsonObject setTimes(Request request) {
    return done(
        at ->
            at.directory()
                .setTimesAt(
                    true,
                    at.path(),
                    timestamp(request, "atime_ms"),
                    timestamp(request, "mtime_ms")),
        request);
  }

  private static NewTimestamp timestamp(Request request, String key) {
    double millis = Math.max(0, Math.min(request.number(key).orElse(0), 9e15));
    return new NewTimestamp.Timestamp(
        new Datetime((long) (millis / 1e3), (int) (millis % 1e3 * 1e6)));
  }
}

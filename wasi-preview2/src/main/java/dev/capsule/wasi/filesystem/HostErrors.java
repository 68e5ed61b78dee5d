package dev.capsule.wasi.filesystem;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.AccessDeniedException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.NotLinkException;
import java.util.Map;

/** What an exception of the Java library means to a guest. */
final class HostErrors {
  /** The library keeps the error number to itself; the system's words for it are left. */
  private static final Map<String, ErrorCode> WORDS =
      Map.ofEntries(
          Map.entry("Not a directory", ErrorCode.NOT_DIRECTORY),
          Map.entry("Is a directory", ErrorCode.IS_DIRECTORY),
          Map.entry("Directory not empty", ErrorCode.NOT_EMPTY),
          Map.entry("Invalid argument", ErrorCode.INVALID),
          Map.entry("No space left on device", ErrorCode.INSUFFICIENT_SPACE),
          Map.entry("Too many levels of symbolic links", ErrorCode.LOOP),
          Map.entry("File name too long", ErrorCode.NAME_TOO_LONG),
          Map.entry("Invalid cross-device link", ErrorCode.CROSS_DEVICE),
          Map.entry("Cross-device link", ErrorCode.CROSS_DEVICE),
          Map.entry("Operation not permitted", ErrorCode.NOT_PERMITTED),
          Map.entry("Permission denied", ErrorCode.ACCESS),
          Map.entry("Read-only file system", ErrorCode.READ_ONLY),
          Map.entry("Broken pipe", ErrorCode.PIPE),
          Map.entry("Text file busy", ErrorCode.TEXT_FILE_BUSY),
          Map.entry("Device or resource busy", ErrorCode.BUSY),
          Map.entry("Disk quota exceeded", ErrorCode.QUOTA),
          Map.entry("File too large", ErrorCode.FILE_TOO_LARGE),
          Map.entry("Too many links", ErrorCode.TOO_MANY_LINKS),
          Map.entry("No such file or directory", ErrorCode.NO_ENTRY),
          Map.entry("File exists", ErrorCode.EXIST),
          Map.entry("Operation not supported", ErrorCode.UNSUPPORTED),
          Map.entry("No such device or address", ErrorCode.NO_SUCH_DEVICE),
          Map.entry("Cannot allocate memory", ErrorCode.INSUFFICIENT_MEMORY));

  private HostErrors() {}

  static FilesystemException translate(IOException e) {
    return switch (e) {
      case NoSuchFileException x -> new FilesystemException(ErrorCode.NO_ENTRY);
      case FileAlreadyExistsException x -> new FilesystemException(ErrorCode.EXIST);
      case DirectoryNotEmptyException x -> new FilesystemException(ErrorCode.NOT_EMPTY);
      case AccessDeniedException x -> new FilesystemException(ErrorCode.ACCESS);
      case NotDirectoryException x -> new FilesystemException(ErrorCode.NOT_DIRECTORY);
      case NotLinkException x -> new FilesystemException(ErrorCode.INVALID);
      case FileSystemLoopException x -> new FilesystemException(ErrorCode.LOOP);
      case AtomicMoveNotSupportedException x -> new FilesystemException(ErrorCode.CROSS_DEVICE);
      case ClosedByInterruptException x -> new FilesystemException(ErrorCode.INTERRUPTED);
      case ClosedChannelException x -> new FilesystemException(ErrorCode.BAD_DESCRIPTOR);
      case FileSystemException x -> byWords(x.getReason());
      default -> byWords(e.getMessage());
    };
  }

  private static FilesystemException byWords(String words) {
    if (words == null) {
      return new FilesystemException(ErrorCode.IO);
    }
    if (words.startsWith("Too many open files")) {
      return FilesystemException.tooManyOpenFiles();
    }
    for (Map.Entry<String, ErrorCode> entry : WORDS.entrySet()) {
      if (words.startsWith(entry.getKey())) {
        return new FilesystemException(entry.getValue());
      }
    }
    return new FilesystemException(ErrorCode.IO);
  }
}

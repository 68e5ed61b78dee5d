package dev.capsule.wasi.filesystem;

/** Why a file operation failed: {@code wasi:filesystem/types.error-code}, in its order. */
public enum ErrorCode {
  /** Permission denied, EACCES. */
  ACCESS,
  /** The operation would block, EAGAIN. */
  WOULD_BLOCK,
  /** Connection already in progress, EALREADY. */
  ALREADY,
  /** Bad descriptor, EBADF. */
  BAD_DESCRIPTOR,
  /** Device or resource busy, EBUSY. */
  BUSY,
  /** Deadlock would occur, EDEADLK. */
  DEADLOCK,
  /** Storage quota exceeded, EDQUOT. */
  QUOTA,
  /** File exists, EEXIST. */
  EXIST,
  /** File too large, EFBIG. */
  FILE_TOO_LARGE,
  /** Illegal byte sequence, EILSEQ. */
  ILLEGAL_BYTE_SEQUENCE,
  /** Operation in progress, EINPROGRESS. */
  IN_PROGRESS,
  /** Interrupted function, EINTR. */
  INTERRUPTED,
  /** Invalid argument, EINVAL. */
  INVALID,
  /** I/O error, EIO. */
  IO,
  /** Is a directory, EISDIR. */
  IS_DIRECTORY,
  /** Too many levels of symbolic links, ELOOP. */
  LOOP,
  /** Too many links, EMLINK. */
  TOO_MANY_LINKS,
  /** Message too large, EMSGSIZE. */
  MESSAGE_SIZE,
  /** Filename too long, ENAMETOOLONG. */
  NAME_TOO_LONG,
  /** No such device, ENODEV. */
  NO_DEVICE,
  /** No such file or directory, ENOENT. */
  NO_ENTRY,
  /** No locks available, ENOLCK. */
  NO_LOCK,
  /** Not enough space, ENOMEM. */
  INSUFFICIENT_MEMORY,
  /** No space left on device, ENOSPC. */
  INSUFFICIENT_SPACE,
  /** Not a directory, ENOTDIR. */
  NOT_DIRECTORY,
  /** Directory not empty, ENOTEMPTY. */
  NOT_EMPTY,
  /** State not recoverable, ENOTRECOVERABLE. */
  NOT_RECOVERABLE,
  /** Not supported, ENOTSUP. */
  UNSUPPORTED,
  /** Inappropriate I/O control operation, ENOTTY. */
  NO_TTY,
  /** No such device or address, ENXIO. */
  NO_SUCH_DEVICE,
  /** Value too large to be stored in data type, EOVERFLOW. */
  OVERFLOW,
  /** Operation not permitted, EPERM. */
  NOT_PERMITTED,
  /** Broken pipe, EPIPE. */
  PIPE,
  /** Read-only file system, EROFS. */
  READ_ONLY,
  /** Invalid seek, ESPIPE. */
  INVALID_SEEK,
  /** Text file busy, ETXTBSY. */
  TEXT_FILE_BUSY,
  /** Cross-device link, EXDEV. */
  CROSS_DEVICE
}

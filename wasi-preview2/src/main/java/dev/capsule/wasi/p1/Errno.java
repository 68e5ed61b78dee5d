package dev.capsule.wasi.p1;

import dev.capsule.wasi.filesystem.ErrorCode;
import dev.capsule.wasi.filesystem.FilesystemException;
import dev.capsule.wasi.io.StreamException;

/** Preview 1's error numbers, those that can occur here. */
final class Errno {
  static final int SUCCESS = 0;
  static final int ACCES = 2;
  static final int AGAIN = 6;
  static final int ALREADY = 7;
  static final int BADF = 8;
  static final int BUSY = 10;
  static final int DEADLK = 16;
  static final int DQUOT = 19;
  static final int EXIST = 20;
  static final int FBIG = 22;
  static final int ILSEQ = 25;
  static final int INPROGRESS = 26;
  static final int INTR = 27;
  static final int INVAL = 28;
  static final int IO = 29;
  static final int ISDIR = 31;
  static final int LOOP = 32;
  static final int MFILE = 33;
  static final int MLINK = 34;
  static final int MSGSIZE = 35;
  static final int NAMETOOLONG = 37;
  static final int NODEV = 43;
  static final int NOENT = 44;
  static final int NOLCK = 46;
  static final int NOMEM = 48;
  static final int NOSPC = 51;
  static final int NOTDIR = 54;
  static final int NOTEMPTY = 55;
  static final int NOTRECOVERABLE = 56;
  static final int NOTSOCK = 57;
  static final int NOTSUP = 58;
  static final int NOTTY = 59;
  static final int NXIO = 60;
  static final int OVERFLOW = 61;
  static final int PERM = 63;
  static final int PIPE = 64;
  static final int ROFS = 69;
  static final int SPIPE = 70;
  static final int TXTBSY = 74;
  static final int XDEV = 75;
  static final int NOTCAPABLE = 76;

  private Errno() {}

  static int of(FilesystemException e) {
    return e.isTooManyOpenFiles() ? MFILE : of(e.code());
  }

  /** A stream that takes no more is a broken pipe; any other failure is the host's. */
  static int of(StreamException e) {
    return e.isClosed() || String.valueOf(e.getMessage()).contains("roken pipe") ? PIPE : IO;
  }

  static int of(ErrorCode code) {
    return switch (code) {
      case ACCESS -> ACCES;
      case WOULD_BLOCK -> AGAIN;
      case ALREADY -> ALREADY;
      case BAD_DESCRIPTOR -> BADF;
      case BUSY -> BUSY;
      case DEADLOCK -> DEADLK;
      case QUOTA -> DQUOT;
      case EXIST -> EXIST;
      case FILE_TOO_LARGE -> FBIG;
      case ILLEGAL_BYTE_SEQUENCE -> ILSEQ;
      case IN_PROGRESS -> INPROGRESS;
      case INTERRUPTED -> INTR;
      case INVALID -> INVAL;
      case IO -> IO;
      case IS_DIRECTORY -> ISDIR;
      case LOOP -> LOOP;
      case TOO_MANY_LINKS -> MLINK;
      case MESSAGE_SIZE -> MSGSIZE;
      case NAME_TOO_LONG -> NAMETOOLONG;
      case NO_DEVICE -> NODEV;
      case NO_ENTRY -> NOENT;
      case NO_LOCK -> NOLCK;
      case INSUFFICIENT_MEMORY -> NOMEM;
      case INSUFFICIENT_SPACE -> NOSPC;
      case NOT_DIRECTORY -> NOTDIR;
      case NOT_EMPTY -> NOTEMPTY;
      case NOT_RECOVERABLE -> NOTRECOVERABLE;
      case UNSUPPORTED -> NOTSUP;
      case NO_TTY -> NOTTY;
      case NO_SUCH_DEVICE -> NXIO;
      case OVERFLOW -> OVERFLOW;
      case NOT_PERMITTED -> PERM;
      case PIPE -> PIPE;
      case READ_ONLY -> ROFS;
      case INVALID_SEEK -> SPIPE;
      case TEXT_FILE_BUSY -> TXTBSY;
      case CROSS_DEVICE -> XDEV;
    };
  }
}

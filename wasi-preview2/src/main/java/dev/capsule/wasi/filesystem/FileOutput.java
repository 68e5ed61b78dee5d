package dev.capsule.wasi.filesystem;

import dev.capsule.wasi.io.Pollable;
import dev.capsule.wasi.io.StreamException;
import dev.capsule.wasi.io.WasiOutputStream;
import java.nio.ByteBuffer;

/** A file to write to as a stream with a position of its own, or always at the end. */
final class FileOutput implements WasiOutputStream {
  private static final int CHUNK = 1 << 20;

  private final FileDescriptor file;
  private final boolean appending;
  private long position;
  private boolean closed;

  private FileOutput(FileDescriptor file, boolean appending, long position) {
    this.file = file;
    this.appending = appending;
    this.position = position;
  }

  static FileOutput at(FileDescriptor file, long position) {
    return new FileOutput(file, false, position);
  }

  static FileOutput appending(FileDescriptor file) {
    return new FileOutput(file, true, 0);
  }

  @Override
  public long checkWrite() {
    if (closed) {
      throw StreamException.closed();
    }
    return CHUNK;
  }

  @Override
  public void write(ByteBuffer from) {
    checkWrite();
    try {
      while (from.hasRemaining()) {
        position += appending ? file.append(from) : file.write(from, position);
      }
    } catch (FilesystemException e) {
      closed = true;
      throw StreamException.failed(e.code());
    }
  }

  @Override
  public void flush() {
    // A write is done when it returns.
  }

  @Override
  public Pollable subscribe() {
    return Pollable.READY;
  }
}

package dev.capsule.wasi.filesystem;

import dev.capsule.wasi.io.Pollable;
import dev.capsule.wasi.io.StreamException;
import dev.capsule.wasi.io.WasiInputStream;
import java.nio.ByteBuffer;

/** The bytes of a file as a stream with a position of its own. */
final class FileInput implements WasiInputStream {
  private final FileDescriptor file;
  private long position;

  FileInput(FileDescriptor file, long position) {
    this.file = file;
    this.position = position;
  }

  @Override
  public int read(ByteBuffer into) {
    try {
      int n = file.read(into, position);
      position += Math.max(0, n);
      return n;
    } catch (FilesystemException e) {
      throw StreamException.failed(e.code());
    }
  }

  @Override
  public Pollable subscribe() {
    return Pollable.READY;
  }
}

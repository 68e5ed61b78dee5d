package dev.capsule.wasi.filesystem;

import dev.capsule.wasi.io.WasiInputStream;
import dev.capsule.wasi.io.WasiOutputStream;
import java.nio.ByteBuffer;

/** An open regular file. Offsets are unsigned; above {@link Long#MAX_VALUE} they are too large. */
public final class FileDescriptor implements Descriptor {
  private final FileNode node;
  private final DescriptorFlags flags;
  private final Grant grant;
  private boolean closed;

  FileDescriptor(FileNode node, DescriptorFlags flags, Grant grant) {
    this.node = node;
    this.flags = flags;
    this.grant = grant;
  }

  @Override
  public DescriptorType type() {
    return DescriptorType.REGULAR_FILE;
  }

  @Override
  public DescriptorFlags flags() {
    return flags;
  }

  @Override
  public DescriptorStat stat() {
    return node.stat();
  }

  /** Reads what is there from {@code offset} on; answers how many bytes, or -1 at the end. */
  public int read(ByteBuffer into, long offset) {
    if (!flags.read()) {
      throw new FilesystemException(ErrorCode.BAD_DESCRIPTOR);
    }
    if (!into.hasRemaining()) {
      return 0;
    }
    boolean beyond = offset < 0 || offset > Long.MAX_VALUE - into.remaining();
    return beyond ? -1 : node.read(into, offset);
  }

  /** Writes at {@code offset}; answers how many bytes, fewer only if a budget ended. */
  public int write(ByteBuffer from, long offset) {
    requireWrite();
    if (!from.hasRemaining()) {
      return 0;
    }
    if (offset < 0 || offset > Long.MAX_VALUE - from.remaining()) {
      throw new FilesystemException(ErrorCode.FILE_TOO_LARGE);
    }
    ByteBuffer allowed = allowed(from);
    int n = allowed.remaining();
    // Bytes skipped over by growing the file count like written ones.
    long gap = Math.max(0, offset - node.size());
    chargeAround(gap, allowed, () -> node.write(allowed, offset));
    from.position(from.position() + n);
    return n;
  }

  /** Writes at the end; answers how many bytes, fewer only if a budget ended. */
  public int append(ByteBuffer from) {
    requireWrite();
    if (!from.hasRemaining()) {
      return 0;
    }
    ByteBuffer allowed = allowed(from);
    int n = allowed.remaining();
    chargeAround(0, allowed, () -> node.append(allowed));
    from.position(from.position() + n);
    return n;
  }

  private void requireWrite() {
    if (!flags.write()) {
      throw new FilesystemException(ErrorCode.BAD_DESCRIPTOR);
    }
  }

  private ByteBuffer allowed(ByteBuffer from) {
    long taken = grant.takeBytes(from.remaining());
    return from.slice(from.position(), (int) taken);
  }

  /** Charges a gap; {@code allowed} has been charged. What is not written is given back. */
  private void chargeAround(long gap, ByteBuffer allowed, Runnable write) {
    try {
      grant.takeAllBytes(gap);
    } catch (FilesystemException e) {
      grant.returnBytes(allowed.remaining());
      throw e;
    }
    try {
      write.run();
    } catch (FilesystemException e) {
      boolean nothing = allowed.position() == 0;
      grant.returnBytes(allowed.remaining() + (nothing ? gap : 0));
      throw e;
    }
  }

  /** A stream of the bytes from {@code offset} on; it ends where the file ends. */
  public WasiInputStream readViaStream(long offset) {
    if (!flags.read()) {
      throw new FilesystemException(ErrorCode.BAD_DESCRIPTOR);
    }
    return new FileInput(this, offset);
  }

  /** A stream that writes from {@code offset} on. */
  public WasiOutputStream writeViaStream(long offset) {
    requireWrite();
    return FileOutput.at(this, offset);
  }

  /** A stream that writes at the end, wherever that is at each write. */
  public WasiOutputStream appendViaStream() {
    requireWrite();
    return FileOutput.appending(this);
  }

  /** The size in bytes. */
  public long size() {
    return node.size();
  }

  /** Cuts the file, or grows it with zeros. */
  public void setSize(long size) {
    requireWrite();
    if (size < 0) {
      throw new FilesystemException(ErrorCode.FILE_TOO_LARGE);
    }
    long growth = Math.max(0, size - node.size());
    chargeAround(growth, ByteBuffer.allocate(0), () -> node.setSize(size));
  }

  /** Makes sure the file is at least {@code offset + length} bytes long. */
  public void allocate(long offset, long length) {
    requireWrite();
    if (length == 0) {
      throw new FilesystemException(ErrorCode.INVALID);
    }
    long end = offset + length;
    if (offset < 0 || length < 0 || end < 0) {
      throw new FilesystemException(ErrorCode.FILE_TOO_LARGE);
    }
    if (end > node.size()) {
      setSize(end);
    }
  }

  @Override
  public void setTimes(NewTimestamp accessed, NewTimestamp modified) {
    grant.requireWritable();
    node.setTimes(accessed, modified, grant.clocks());
  }

  @Override
  public void sync(boolean metadata) {
    if (flags.write()) {
      node.sync(metadata);
    }
  }

  @Override
  public boolean isSameObject(Descriptor other) {
    return other instanceof FileDescriptor f && f.node.identity().equals(node.identity());
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      grant.returnHandle();
      node.close();
    }
  }
}

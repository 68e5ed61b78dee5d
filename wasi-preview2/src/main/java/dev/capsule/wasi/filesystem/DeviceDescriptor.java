package dev.capsule.wasi.filesystem;

import dev.capsule.wasi.io.WaitGuard;
import java.nio.ByteBuffer;

/** An open device. */
public final class DeviceDescriptor implements Descriptor {
  private final Device.Session session;
  private final DescriptorStat stat;
  private final DescriptorFlags flags;
  private final Grant grant;
  private boolean closed;

  DeviceDescriptor(
      Device.Session session, DescriptorStat stat, DescriptorFlags flags, Grant grant) {
    this.session = session;
    this.stat = stat;
    this.flags = flags;
    this.grant = grant;
  }

  @Override
  public DescriptorType type() {
    return DescriptorType.CHARACTER_DEVICE;
  }

  @Override
  public DescriptorFlags flags() {
    return flags;
  }

  @Override
  public DescriptorStat stat() {
    return stat;
  }

  /** Reads at least one byte, waiting for it; answers how many, or -1 at the end. */
  public int read(ByteBuffer into, WaitGuard guard) {
    if (!flags.read()) {
      throw new FilesystemException(ErrorCode.BAD_DESCRIPTOR);
    }
    return into.hasRemaining() ? session.read(into, guard) : 0;
  }

  /** Writes all of {@code from}, waiting as needed; answers how many bytes that were. */
  public int write(ByteBuffer from, WaitGuard guard) {
    if (!flags.write()) {
      throw new FilesystemException(ErrorCode.BAD_DESCRIPTOR);
    }
    int n = from.remaining();
    session.write(from, guard);
    return n;
  }

  @Override
  public void setTimes(NewTimestamp accessed, NewTimestamp modified) {
    throw new FilesystemException(ErrorCode.NOT_PERMITTED);
  }

  @Override
  public void sync(boolean metadata) {
    // A device has nothing behind it that could lag.
  }

  @Override
  public boolean isSameObject(Descriptor other) {
    return other instanceof DeviceDescriptor d
        && d.stat.device() == stat.device()
        && d.stat.inode() == stat.inode();
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      grant.returnHandle();
      session.close();
    }
  }
}

package dev.capsule.wasi.filesystem;

/**
 * An open file, directory or device ({@code wasi:filesystem/types.descriptor}). Every method throws
 * {@link FilesystemException} with the code the guest is told. Not for use by several threads.
 */
public sealed interface Descriptor extends AutoCloseable
    permits FileDescriptor, DirectoryDescriptor, DeviceDescriptor {

  /** What it is. */
  DescriptorType type();

  /** How it may be used. */
  DescriptorFlags flags();

  /** Its attributes. */
  DescriptorStat stat();

  /** Sets its times; needs a writable preopen. */
  void setTimes(NewTimestamp accessed, NewTimestamp modified);

  /** A hash of what changes when the file is modified or replaced. */
  default MetadataHash metadataHash() {
    return MetadataHash.of(stat());
  }

  /** Passes data, and with {@code metadata} all attributes, on to the disk. */
  void sync(boolean metadata);

  /** True if both refer to the same file. */
  boolean isSameObject(Descriptor other);

  @Override
  void close();
}

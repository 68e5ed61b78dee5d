package dev.capsule.wasi.filesystem;

/**
 * How a descriptor may be used ({@code wasi:filesystem/types.descriptor-flags}).
 *
 * @param read data can be read
 * @param write data can be written
 * @param fileIntegritySync writes reach the disk with all attributes, O_SYNC
 * @param dataIntegritySync writes reach the disk, O_DSYNC
 * @param requestedWriteSync reads are as strict as writes, O_RSYNC
 * @param mutateDirectory entries of the directory can be changed
 */
public record DescriptorFlags(
    boolean read,
    boolean write,
    boolean fileIntegritySync,
    boolean dataIntegritySync,
    boolean requestedWriteSync,
    boolean mutateDirectory) {
  /** Reading only. */
  public static final DescriptorFlags READ =
      new DescriptorFlags(true, false, false, false, false, false);

  /** Reading and writing. */
  public static final DescriptorFlags READ_WRITE =
      new DescriptorFlags(true, true, false, false, false, false);

  /** Writing only. */
  public static final DescriptorFlags WRITE =
      new DescriptorFlags(false, true, false, false, false, false);
}

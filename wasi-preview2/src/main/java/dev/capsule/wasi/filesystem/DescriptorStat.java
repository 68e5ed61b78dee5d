package dev.capsule.wasi.filesystem;

import dev.capsule.wasi.clocks.Datetime;

/**
 * Attributes of a file ({@code wasi:filesystem/types.descriptor-stat}).
 *
 * @param type what it is
 * @param linkCount number of hard links
 * @param size bytes of a file, or of the target of a symbolic link
 * @param accessed last access
 * @param modified last change of the content
 * @param changed last change of the attributes
 * @param device number of the file system; only preview 1 shows it
 * @param inode number of the file in it; only preview 1 shows it
 */
public record DescriptorStat(
    DescriptorType type,
    long linkCount,
    long size,
    Datetime accessed,
    Datetime modified,
    Datetime changed,
    long device,
    long inode) {

  DescriptorStat withSize(long newSize) {
    return new DescriptorStat(type, linkCount, newSize, accessed, modified, changed, device, inode);
  }
}

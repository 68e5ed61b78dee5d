package dev.capsule.wasi.filesystem;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * 128 bits that stay the same while a file stays the same, and from which nothing about it can be
 * read ({@code wasi:filesystem/types.metadata-hash-value}).
 *
 * @param lower the lower half
 * @param upper the upper half
 */
public record MetadataHash(long lower, long upper) {
  static MetadataHash of(DescriptorStat stat) {
    ByteBuffer facts =
        ByteBuffer.allocate(5 * Long.BYTES)
            .putLong(stat.device())
            .putLong(stat.inode())
            .putLong(stat.size())
            .putLong(stat.modified().toNanos())
            .putLong(stat.type().ordinal());
    try {
      ByteBuffer hash = ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(facts.array()));
      return new MetadataHash(hash.getLong(), hash.getLong());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}

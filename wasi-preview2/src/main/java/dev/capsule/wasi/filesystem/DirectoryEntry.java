package dev.capsule.wasi.filesystem;

/**
 * One entry of a directory.
 *
 * @param type what it is
 * @param name its name
 * @param inode its number; only preview 1 shows it
 */
public record DirectoryEntry(DescriptorType type, String name, long inode) {}

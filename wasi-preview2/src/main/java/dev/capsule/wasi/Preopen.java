package dev.capsule.wasi;

import dev.capsule.wasi.filesystem.DirectoryDescriptor;

/**
 * A directory that a guest finds open.
 *
 * @param guestPath the path by which the guest knows it
 * @param directory the directory
 */
public record Preopen(String guestPath, DirectoryDescriptor directory) {}

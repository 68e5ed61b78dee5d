package dev.capsule.wasi.filesystem;

/** What a descriptor refers to: {@code wasi:filesystem/types.descriptor-type}, in its order. */
public enum DescriptorType {
  /** None of the others, or not known. */
  UNKNOWN,
  /** A block device. */
  BLOCK_DEVICE,
  /** A character device. */
  CHARACTER_DEVICE,
  /** A directory. */
  DIRECTORY,
  /** A named pipe. */
  FIFO,
  /** A symbolic link. */
  SYMBOLIC_LINK,
  /** A regular file. */
  REGULAR_FILE,
  /** A socket. */
  SOCKET
}

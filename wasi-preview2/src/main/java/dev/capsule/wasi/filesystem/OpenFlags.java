package dev.capsule.wasi.filesystem;

/**
 * How a file is opened ({@code wasi:filesystem/types.open-flags}).
 *
 * @param create make the file if it is missing, O_CREAT
 * @param directory fail if it is not a directory, O_DIRECTORY
 * @param exclusive with create: fail if it exists, O_EXCL
 * @param truncate cut the file to nothing, O_TRUNC
 */
public record OpenFlags(boolean create, boolean directory, boolean exclusive, boolean truncate) {
  /** None of them. */
  public static final OpenFlags NONE = new OpenFlags(false, false, false, false);

  /** {@code create} only. */
  public static final OpenFlags CREATE = new OpenFlags(true, false, false, false);

  /** {@code directory} only. */
  public static final OpenFlags DIRECTORY = new OpenFlags(false, true, false, false);
}

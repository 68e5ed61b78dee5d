package dev.capsule.engine.types;

/**
 * A memory type (spec 2.3.11), with the threads proposal's {@code shared} and the custom-page-sizes
 * proposal's page size of 2<sup>{@code pageSizeLog2}</sup> bytes.
 */
public record MemoryType(AddressType address, Limits limits, boolean shared, int pageSizeLog2)
    implements ExternType {
  /** The page size where none is declared: 64 KiB. */
  public static final int DEFAULT_PAGE_SIZE_LOG2 = 16;

  public MemoryType(Limits limits) {
    this(AddressType.I32, limits, false, DEFAULT_PAGE_SIZE_LOG2);
  }

  @Override
  public ExternKind kind() {
    return ExternKind.MEMORY;
  }
}

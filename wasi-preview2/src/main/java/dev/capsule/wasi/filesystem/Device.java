package dev.capsule.wasi.filesystem;

import dev.capsule.wasi.io.WaitGuard;
import java.nio.ByteBuffer;

/** A file served by Java code. Every open has its own session. */
@FunctionalInterface
public interface Device {
  /**
   * Opens the device.
   *
   * @throws FilesystemException to refuse, with the code that the guest is told
   */
  Session open();

  /** One open of a device. Called by one guest, on the guest's own thread. */
  interface Session extends AutoCloseable {
    /**
     * Puts at least one byte into {@code into}, waiting for it as long as {@code guard} allows.
     *
     * @return how many bytes, or -1 at the end
     */
    int read(ByteBuffer into, WaitGuard guard);

    /** Takes all of {@code from}, waiting as long as {@code guard} allows. */
    void write(ByteBuffer from, WaitGuard guard);

    @Override
    default void close() {}
  }
}

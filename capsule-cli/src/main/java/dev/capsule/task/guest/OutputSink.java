package dev.capsule.task.guest;

/** Where a guest's standard output or error goes. Never blocks for long and never throws. */
@FunctionalInterface
public interface OutputSink {

  /** Takes a piece of output; the array belongs to the caller again afterwards. */
  void write(byte[] bytes, int offset, int length);

  /** Swallows everything. */
  static OutputSink discard() {
    return (bytes, offset, length) -> {};
  }
}

package dev.capsule.cli;

import dev.capsule.task.guest.OutputSink;
import java.io.PrintStream;

/** Passes on what guests print and remembers whether the last line was finished. */
final class GuestOutput implements OutputSink {
  private final PrintStream target;
  private volatile boolean inLine;

  GuestOutput(PrintStream target) {
    this.target = target;
  }

  @Override
  public void write(byte[] bytes, int offset, int length) {
    if (length > 0) {
      synchronized (target) {
        target.write(bytes, offset, length);
        inLine = bytes[offset + length - 1] != '\n';
      }
    }
  }

  /** Finishes the guest's last line, so that ours begins on its own. */
  void finishLine() {
    synchronized (target) {
      if (inLine) {
        target.println();
        inLine = false;
      }
      target.flush();
    }
  }
}

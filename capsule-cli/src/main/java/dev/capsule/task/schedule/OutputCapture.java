package dev.capsule.task.schedule;

import dev.capsule.task.envelope.Envelope;
import dev.capsule.task.guest.OutputSink;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Keeps what tasks print, up to a number of bytes for each stream. */
final class OutputCapture {
  private final ByteArrayOutputStream stdout = new ByteArrayOutputStream();
  private final ByteArrayOutputStream stderr = new ByteArrayOutputStream();
  private final long most;
  private boolean truncated;

  OutputCapture(long most) {
    this.most = most;
  }

  OutputSink stdout() {
    return (bytes, offset, length) -> keep(stdout, bytes, offset, length);
  }

  OutputSink stderr() {
    return (bytes, offset, length) -> keep(stderr, bytes, offset, length);
  }

  private synchronized void keep(ByteArrayOutputStream to, byte[] bytes, int offset, int length) {
    int fitting = (int) Math.min(length, most - to.size());
    to.write(bytes, offset, fitting);
    truncated |= fitting < length;
  }

  synchronized Envelope.Output output() {
    return new Envelope.Output(
        stdout.toString(StandardCharsets.UTF_8),
        stderr.toString(StandardCharsets.UTF_8),
        truncated);
  }
}

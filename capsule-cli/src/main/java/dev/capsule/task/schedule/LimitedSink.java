package dev.capsule.task.schedule;

import dev.capsule.task.guest.OutputSink;
import java.util.concurrent.atomic.AtomicLong;

/** Passes on so many bytes and drops the rest; calls an action at the first byte dropped. */
final class LimitedSink implements OutputSink {
  private final OutputSink target;
  private final Runnable dropped;
  private final long most;
  private final AtomicLong written = new AtomicLong();

  LimitedSink(OutputSink target, long most, Runnable dropped) {
    this.target = target;
    this.most = most;
    this.dropped = dropped;
  }

  @Override
  public void write(byte[] bytes, int offset, int length) {
    long before = written.getAndAdd(length);
    int fitting = (int) Math.max(0, Math.min(length, most - before));
    if (fitting > 0) {
      target.write(bytes, offset, fitting);
    }
    if (fitting < length && before <= most) {
      dropped.run();
    }
  }
}

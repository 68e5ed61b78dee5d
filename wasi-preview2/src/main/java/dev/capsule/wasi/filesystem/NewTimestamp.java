package dev.capsule.wasi.filesystem;

import dev.capsule.wasi.clocks.Datetime;

/** What to set a time to ({@code wasi:filesystem/types.new-timestamp}). */
public sealed interface NewTimestamp {
  /** Leave it. */
  record NoChange() implements NewTimestamp {}

  /** Set it to the time of the clock. */
  record Now() implements NewTimestamp {}

  /** Set it to this. */
  record Timestamp(Datetime time) implements NewTimestamp {}

  /** What comes out of it, given the time before and the clock's. */
  default Datetime applied(Datetime before, Datetime now) {
    return switch (this) {
      case NoChange n -> before;
      case Now n -> now;
      case Timestamp t -> t.time();
    };
  }
}

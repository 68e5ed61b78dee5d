package dev.capsule.cli;

import dev.capsule.task.envelope.Envelope;
import dev.capsule.task.schedule.TaskEvent;
import java.io.PrintStream;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** Tells people on standard error how a run goes. */
final class Reporter implements TaskEvent.Listener {
  /** How much to tell. */
  enum Level {
    /** Nothing. */
    SILENT,
    /** Errors, and progress on a terminal. */
    NORMAL,
    /** Everything. */
    VERBOSE
  }

  private static final DateTimeFormatter TIMESTAMP =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);
  private static final String[] FRAMES = {"⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"};
  private static final long FRAME_MS = 80;
  private static final String RED = "31";
  private static final String GREEN = "32";
  private static final String MAGENTA = "35";
  private static final String CYAN = "36";
  private static final String DIM = "2";

  private final PrintStream err;
  private final Level level;
  private final boolean terminal;
  private final boolean colors;

  Reporter(Streams streams, Level level) {
    this.err = streams.err();
    this.level = level;
    this.terminal = streams.terminal();
    this.colors = streams.colors();
  }

  /** A step under way. */
  final class Step implements AutoCloseable {
    private final long start = System.nanoTime();
    private final Thread spinner;
    private boolean told;
    private volatile boolean over;

    private Step(String doing) {
      spinner = new Thread(() -> spin(doing), "capsule-spinner");
      spinner.setDaemon(true);
      if (terminal && level != Level.SILENT) {
        spinner.start();
      }
    }

    private void spin(String doing) {
      for (int frame = 0; !over; frame++) {
        write("\r" + paint(CYAN, FRAMES[frame % FRAMES.length]) + " " + doing);
        try {
          Thread.sleep(FRAME_MS);
        } catch (InterruptedException e) {
          return;
        }
      }
    }

    /** The step is finished: says so, once. */
    synchronized void finished(String done) {
      close();
      boolean first = !told;
      told = true;
      if (first && showsProgress()) {
        line(paint(GREEN, "✓ " + done) + " (" + duration(System.nanoTime() - start) + ")");
      }
    }

    /** Clears the spinner. */
    @Override
    public synchronized void close() {
      over = true;
      if (spinner.isAlive()) {
        spinner.interrupt();
        try {
          spinner.join();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
        write("\r\u001b[2K");
      }
    }
  }

  /** Starts a step; a terminal shows a spinner until it ends. */
  Step step(String doing) {
    return new Step(doing);
  }

  /** The run is over. */
  void done(boolean success, long nanos) {
    if (showsProgress()) {
      String mark = success ? paint(GREEN, "✓ Complete") : paint(RED, "✗ Failed");
      line(mark + " (" + duration(nanos) + ")");
    }
  }

  /** A line that belongs to progress, in green. */
  void progress(String text) {
    if (showsProgress()) {
      line(paint(GREEN, text));
    }
  }

  /** Trouble that stops no run. */
  void warning(String text) {
    if (level != Level.SILENT) {
      line(timestamp() + " WARNING " + text);
    }
  }

  @Override
  public void on(TaskEvent event) {
    switch (event) {
      case TaskEvent.Started started -> {
        if (level == Level.VERBOSE) {
          String again = started.attempt() > 0 ? " (retry " + started.attempt() + ")" : "";
          line(timestamp() + " INFO " + name(event) + " task execution started" + again);
        }
      }
      case TaskEvent.Ended ended -> ended(ended);
    }
  }

  private void ended(TaskEvent.Ended ended) {
    Envelope envelope = ended.envelope();
    if (envelope.error().isPresent()) {
      if (level != Level.SILENT) {
        failed(ended, envelope.error().get());
      }
    } else if (level == Level.VERBOSE) {
      Envelope.Execution execution = envelope.execution();
      line(
          String.format(
              Locale.ROOT,
              "%s %s %s Completed in %s (fuel %,d, memory %,d KB)",
              timestamp(),
              paint(GREEN, "SUCCESS"),
              name(ended),
              duration(TimeUnit.MILLISECONDS.toNanos(execution.durationMs())),
              execution.fuelConsumed(),
              execution.ramUsed() >> 10));
    }
  }

  private void failed(TaskEvent.Ended ended, Envelope.Failure failure) {
    StringBuilder text = new StringBuilder(timestamp()).append(' ').append(paint(RED, "ERROR"));
    if (level == Level.VERBOSE || ended.depth() > 1) {
      text.append(' ').append(name(ended));
    }
    text.append(' ').append(describe(failure));
    if (level == Level.VERBOSE && ended.retried()) {
      text.append(" (will be retried)");
    }
    line(text.toString());
    if (level == Level.VERBOSE || (ended.depth() == 1 && !ended.retried())) {
      failure.traceback().ifPresent(trace -> line(paint(DIM, trace.stripTrailing())));
    }
  }

  /** What happened, in a line: the guest's own words, else the kind of failure. */
  static String describe(Envelope.Failure failure) {
    String exception = failure.exception().orElse("");
    if (!exception.isEmpty()) {
      return failure.message().isEmpty() ? exception : exception + ": " + failure.message();
    }
    return failure.message().isEmpty() ? failure.errorType() : failure.message();
  }

  /** Time for people: {@code 12.34s}, {@code 2m 5s}, {@code 1h 1m 5s}. */
  static String duration(long nanos) {
    double seconds = nanos / 1e9;
    if (seconds < 60) {
      return String.format(Locale.ROOT, "%.2fs", seconds);
    }
    long whole = Math.round(seconds);
    String tail = whole / 60 % 60 + "m " + whole % 60 + "s";
    return whole < 3600 ? tail : whole / 3600 + "h " + tail;
  }

  private boolean showsProgress() {
    return level == Level.VERBOSE || (level == Level.NORMAL && terminal);
  }

  private String name(TaskEvent event) {
    return "[" + paint(MAGENTA, event.task()) + "]";
  }

  private String timestamp() {
    return paint(DIM, TIMESTAMP.format(Instant.now()));
  }

  private String paint(String color, String text) {
    return colors ? "\u001b[" + color + "m" + text + "\u001b[0m" : text;
  }

  private void line(String text) {
    write(text + System.lineSeparator());
  }

  private void write(String text) {
    synchronized (err) {
      err.print(text);
      err.flush();
    }
  }
}

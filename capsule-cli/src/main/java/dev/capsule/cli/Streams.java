package dev.capsule.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * What a command has around it.
 *
 * @param in standard input
 * @param out standard output, not buffered: the guest's bytes and the command's lines alternate
 * @param err standard error
 * @param terminal whether standard error is a terminal
 * @param environment the process's variables
 * @param workingDirectory where the command was given
 */
record Streams(
    InputStream in,
    PrintStream out,
    PrintStream err,
    boolean terminal,
    Map<String, String> environment,
    Path workingDirectory) {

  /** Those of this process. */
  static Streams system() {
    return new Streams(
        System.in,
        new PrintStream(new FileOutputStream(FileDescriptor.out), false, StandardCharsets.UTF_8),
        new PrintStream(new FileOutputStream(FileDescriptor.err), false, StandardCharsets.UTF_8),
        isTerminal(),
        System.getenv(),
        Path.of("").toAbsolutePath());
  }

  /** Whether to draw in colours: on a terminal, unless NO_COLOR or CLICOLOR=0 say otherwise. */
  boolean colors() {
    String forced = environment.getOrDefault("CLICOLOR_FORCE", "");
    if (!environment.getOrDefault("NO_COLOR", "").isEmpty()) {
      return false;
    }
    return terminal && !environment.getOrDefault("CLICOLOR", "").equals("0")
        || (!forced.isEmpty() && !forced.equals("0"));
  }

  /**
   * Java cannot ask this of one stream; Linux can, and elsewhere both ends of the console count.
   */
  private static boolean isTerminal() {
    try {
      String target = Files.readSymbolicLink(Path.of("/proc/self/fd/2")).toString();
      return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty");
    } catch (IOException | UnsupportedOperationException e) {
      return System.console() != null;
    }
  }
}

package dev.capsule.cli;

import dev.capsule.engine.module.WasmFormatException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** What commands over files say when one cannot be read, written or understood. */
final class FileFailure {
  private FileFailure() {}

  /** Does something with a file; false, with a line on {@code err}, where it fails. */
  static boolean attempt(Path file, PrintWriter err, Runnable action) {
    try {
      action.run();
      return true;
    } catch (WasmFormatException e) {
      err.println(file + ": " + e.getMessage());
    } catch (UncheckedIOException e) {
      err.println(file + ": " + reason(e));
    }
    return false;
  }

  private static String reason(UncheckedIOException e) {
    return e.getCause() instanceof NoSuchFileException
        ? "no such file"
        : String.valueOf(e.getCause().getMessage());
  }
}

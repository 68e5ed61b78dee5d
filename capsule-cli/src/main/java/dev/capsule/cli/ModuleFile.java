package dev.capsule.cli;

import dev.capsule.engine.module.Module;
import dev.capsule.engine.text.TextParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Modules in files, in either format: binary modules tell themselves by their first bytes. */
final class ModuleFile {
  private ModuleFile() {}

  /**
   * Reads a module, which is not validated.
   *
   * @throws dev.capsule.engine.module.WasmFormatException if the content is malformed
   * @throws UncheckedIOException if the file cannot be read
   */
  static Module read(Path file) {
    byte[] content = bytes(file);
    return isBinary(content) ? Module.decode(content) : TextParser.parse(content);
  }

  private static boolean isBinary(byte[] content) {
    return content.length >= 4
        && content[0] == 0
        && content[1] == 'a'
        && content[2] == 's'
        && content[3] == 'm';
  }

  /** The content of a file. */
  static byte[] bytes(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static void write(Path file, byte[] content) {
    try {
      Files.write(file, content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

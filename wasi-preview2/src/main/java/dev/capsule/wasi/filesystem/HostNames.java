package dev.capsule.wasi.filesystem;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.Path;
import java.util.Optional;

/**
 * File names between guests, who speak UTF-8, and the host. Java decodes the host's names by the
 * locale it was started in, which may not be UTF-8 and replaces what it cannot decode; file URIs
 * carry the bytes as they are, so names that are not plain ASCII go that way where needed.
 */
final class HostNames {
  private static final boolean UTF8_PATHS =
      "UTF-8".equalsIgnoreCase(System.getProperty("sun.jnu.encoding"));
  private static final char REPLACEMENT = '\uFFFD';

  private HostNames() {}

  /** The relative path of one component. */
  static Path encode(FileSystem host, String name) {
    try {
      Path path =
          UTF8_PATHS || isAscii(name) ? host.getPath(name) : Path.of(uri(name)).getFileName();
      // On some systems a name such as "C:" is more than a name.
      if (path.isAbsolute() || path.getRoot() != null || path.getNameCount() != 1) {
        throw new FilesystemException(ErrorCode.INVALID);
      }
      return path;
    } catch (IllegalArgumentException e) {
      throw new FilesystemException(ErrorCode.INVALID);
    }
  }

  /** The target of a symbolic link; never absolute, whatever the system takes for that. */
  static Path encodeTarget(FileSystem host, String target) {
    try {
      if (!UTF8_PATHS && !isAscii(target)) {
        Path absolute = Path.of(uri(target));
        return absolute.getRoot().relativize(absolute);
      }
      Path path = host.getPath(target);
      if (path.isAbsolute() || path.getRoot() != null) {
        throw new FilesystemException(ErrorCode.NOT_PERMITTED);
      }
      return path;
    } catch (IllegalArgumentException e) {
      throw new FilesystemException(ErrorCode.INVALID);
    }
  }

  /** The target of a symbolic link with the slashes of a guest. */
  static Optional<String> decodeTarget(Path target) {
    String separator = target.getFileSystem().getSeparator();
    return decode(target).map(text -> text.replace(separator, "/"));
  }

  /** A path of the host in UTF-8, if its bytes are that. */
  static Optional<String> decode(Path path) {
    String name = path.toString();
    if (isAscii(name) || UTF8_PATHS && name.indexOf(REPLACEMENT) < 0) {
      return Optional.of(name);
    }
    // The path is relative; its URI has the working directory in front.
    String raw = Path.of("/").resolve(path).toUri().getRawPath();
    byte[] bytes = percentDecoded(raw.substring(1));
    try {
      String decoded =
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return Optional.of(
          decoded.endsWith("/") ? decoded.substring(0, decoded.length() - 1) : decoded);
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }

  private static boolean isAscii(String s) {
    return s.chars().allMatch(c -> c < 0x80);
  }

  private static URI uri(String relative) {
    StringBuilder uri = new StringBuilder("file:///");
    for (byte b : relative.getBytes(StandardCharsets.UTF_8)) {
      boolean plain = b >= '0' && b <= '9' || b >= 'a' && b <= 'z' || b == '.' || b == '/';
      if (plain) {
        uri.append((char) b);
      } else {
        uri.append('%').append(String.format("%02X", b & 0xFF));
      }
    }
    return URI.create(uri.toString());
  }

  private static byte[] percentDecoded(String raw) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(raw.length());
    for (int i = 0; i < raw.length(); i++) {
      if (raw.charAt(i) == '%') {
        out.write(Integer.parseInt(raw.substring(i + 1, i + 3), 16));
        i += 2;
      } else {
        out.write(raw.charAt(i));
      }
    }
    return out.toByteArray();
  }
}

package dev.capsule.task.project;

import dev.capsule.task.guest.Language;
import dev.capsule.task.guest.Program;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * A program's own files on disk. Of the project only source text of the program's language shows:
 * no data, no {@code .env}, nothing hidden, nothing outside the root. What was asked for is
 * remembered, present or not, so that a build knows when it is out of date.
 */
public final class SourceTree implements TrackedSources {
  private static final Map<Language, Set<String>> VISIBLE =
      Map.of(
          Language.PYTHON, Set.of("py"),
          Language.JAVASCRIPT, Set.of("js", "mjs", "cjs", "ts", "mts", "cts", "json"));
  private static final Set<String> SKIPPED = Set.of("__pycache__", "venv", "site-packages");
  private static final long LARGEST = 32L << 20;

  private final Path root;
  private final Set<String> extensions;
  private final Optional<Set<String>> data;
  private final Map<String, String> seen = new ConcurrentHashMap<>();

  private SourceTree(Path root, Language language, Optional<Set<String>> data) {
    this.root = root;
    this.extensions = VISIBLE.get(language);
    this.data = data;
  }

  /**
   * The program of an entry file, with all that its language might import.
   *
   * @throws ProjectException if the file does not exist or has no language
   */
  public static Program program(Path file, Path projectRoot) {
    Path real = Project.real(file);
    Language language =
        Language.ofFile(real.getFileName().toString())
            .orElseThrow(
                () ->
                    new ProjectException(
                        "Unsupported extension in \""
                            + file.getFileName()
                            + "\"; supported are .py, .js, .mjs, .ts"));
    Path root = root(real, projectRoot);
    return new Program(
        language, slashed(root.relativize(real)), new SourceTree(root, language, Optional.empty()));
  }

  /**
   * The same program for running: data files ({@code .json}) show only if its build read them, so
   * that a running task cannot import any file that happens to lie in the project.
   */
  public static Program sealed(Program program, Set<String> built) {
    return program.sources() instanceof SourceTree tree
        ? new Program(
            program.language(),
            program.entry(),
            new SourceTree(tree.root, program.language(), Optional.of(Set.copyOf(built))))
        : program;
  }

  @Override
  public Path root() {
    return root;
  }

  @Override
  public Map<String, String> seen() {
    return Map.copyOf(seen);
  }

  @Override
  public boolean stillGives(Map<String, String> answers) {
    for (Map.Entry<String, String> answer : answers.entrySet()) {
      String path = answer.getKey().substring(1);
      switch (answer.getKey().charAt(0)) {
        case 'r' -> read(path);
        case 'f' -> isFile(path);
        case 'd' -> isDirectory(path);
        default -> list(path);
      }
      if (!answer.getValue().equals(seen.get(answer.getKey()))) {
        return false;
      }
    }
    return true;
  }

  @Override
  public Optional<byte[]> read(String path) {
    Optional<byte[]> bytes = resolve(path).filter(this::isVisibleFile).flatMap(SourceTree::bytes);
    seen.put("r" + path, bytes.map(Digests::sha256).orElse(""));
    return bytes;
  }

  @Override
  public boolean isFile(String path) {
    boolean file = resolve(path).filter(this::isVisibleFile).isPresent();
    seen.put("f" + path, file ? "1" : "");
    return file;
  }

  @Override
  public boolean isDirectory(String path) {
    boolean directory = resolve(path).filter(Files::isDirectory).isPresent();
    seen.put("d" + path, directory ? "1" : "");
    return directory;
  }

  @Override
  public List<String> list(String path) {
    List<String> names =
        resolve(path).filter(Files::isDirectory).map(this::visible).orElse(List.of());
    seen.put("l" + path, Digests.sha256(String.join("/", names).getBytes(StandardCharsets.UTF_8)));
    return names;
  }

  private List<String> visible(Path directory) {
    try (Stream<Path> entries = Files.list(directory)) {
      return entries
          .filter(entry -> isVisibleName(entry.getFileName().toString()))
          .filter(entry -> Files.isDirectory(entry) || isVisibleFile(entry))
          .map(entry -> entry.getFileName().toString())
          .sorted()
          .toList();
    } catch (IOException e) {
      return List.of();
    }
  }

  /** The real path, if it may be seen at all. */
  private Optional<Path> resolve(String path) {
    if (path.isEmpty()) {
      return Optional.of(root);
    }
    for (String part : path.split("/", -1)) {
      if (part.isEmpty() || !isVisibleName(part)) {
        return Optional.empty();
      }
    }
    try {
      Path real = root.resolve(path).toRealPath();
      boolean inside = real.startsWith(root);
      for (Path part : inside ? root.relativize(real) : root) {
        inside &= part.toString().isEmpty() || isVisibleName(part.toString());
      }
      return inside ? Optional.of(real) : Optional.empty();
    } catch (IOException | InvalidPathException e) {
      return Optional.empty();
    }
  }

  private boolean isVisibleFile(Path file) {
    String name = file.getFileName().toString();
    String extension = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    if (!name.contains(".") || !extensions.contains(extension) || !Files.isRegularFile(file)) {
      return false;
    }
    return !extension.equals("json")
        || name.equals("package.json")
        || data.isEmpty()
        || data.get().contains("r" + slashed(root.relativize(file)));
  }

  /** Hidden names are not visible, except the folder in which pnpm keeps packages. */
  private static boolean isVisibleName(String name) {
    return (!name.startsWith(".") || name.equals(".pnpm")) && !SKIPPED.contains(name);
  }

  private static Optional<byte[]> bytes(Path file) {
    try {
      return Files.size(file) > LARGEST ? Optional.empty() : Optional.of(Files.readAllBytes(file));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** The project's root if the file is in it, else the file's directory; higher for packages. */
  private static Path root(Path file, Path projectRoot) {
    Path root = file.startsWith(projectRoot) ? projectRoot : file.getParent();
    for (Path above = root; above != null; above = above.getParent()) {
      if (Files.isDirectory(above.resolve("node_modules"))) {
        return above;
      }
    }
    return root;
  }

  private static String slashed(Path relative) {
    return relative.toString().replace('\\', '/');
  }
}

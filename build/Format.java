import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;

/**
 * Checks or rewrites the format of every Java source of the project. Run by the build, on the JDK
 * of the toolchain: the formatter parses with the javac it runs on, and Maven's own may be too old.
 */
final class Format {
  private Format() {}

  /** Arguments: {@code check} or {@code write}, then the folders to look in. */
  public static void main(String[] args) throws IOException {
    boolean write = args[0].equals("write");
    List<String> arguments = new ArrayList<>();
    arguments.addAll(write ? List.of("--replace") : List.of("--dry-run", "--set-exit-if-changed"));
    for (String folder : List.of(args).subList(1, args.length)) {
      arguments.addAll(sources(Path.of(folder)));
    }

    StringWriter names = new StringWriter();
    StringWriter errors = new StringWriter();
    int exit =
        ToolProvider.findFirst("google-java-format")
            .orElseThrow()
            .run(
                new PrintWriter(names, true),
                new PrintWriter(errors, true),
                arguments.toArray(String[]::new));
    System.err.print(errors);
    if (exit != 0) {
      names.toString().lines().sorted().forEach(name -> System.err.println("Unformatted: " + name));
      System.err.println("To format the sources: mvn -N validate -Dformat.mode=write");
      System.exit(1);
    }
  }

  private static List<String> sources(Path folder) throws IOException {
    try (Stream<Path> files =
        Files.find(folder, 64, (file, type) -> file.toString().endsWith(".java"))) {
      return files
          .filter(file -> isOurs(folder.relativize(file)))
          .map(Path::toString)
          .sorted()
          .toList();
    }
  }

  private static boolean isOurs(Path file) {
    return Stream.of("target", "node_modules").noneMatch(name -> inside(name, file));
  }

  private static boolean inside(String name, Path file) {
    for (Path element : file) {
      if (element.toString().equals(name)) {
        return true;
      }
    }
    return false;
  }
}

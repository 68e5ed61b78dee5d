import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

/**
 * Generates the interpreter's node classes from the engine's table of instructions: compiles and
 * runs the generator, whose sources are in the folder {@code nodes} beside this file.
 *
 * <p>Usage: {@code java build/Nodes.java ENGINE_SOURCES SHAPES OUTPUT}. SHAPES lists the sequences
 * that get a class of their own.
 */
public final class Nodes {
  private Nodes() {}

  public static void main(String[] args) throws Exception {
    Path sources = Path.of(System.getProperty("jdk.launcher.sourcefile")).resolveSibling("nodes");
    Path classes = Files.createTempDirectory("generator");
    try {
      List<String> options = new ArrayList<>(List.of("-proc:none", "-d", classes.toString()));
      try (Stream<Path> files = Files.list(sources)) {
        files
            .filter(file -> file.toString().endsWith(".java"))
            .forEach(f -> options.add(f.toString()));
      }
      int status =
          ToolProvider.getSystemJavaCompiler()
              .run(null, null, null, options.toArray(String[]::new));
      if (status != 0) {
        throw new IllegalStateException("the generator does not compile");
      }
      try (URLClassLoader loader = new URLClassLoader(new URL[] {classes.toUri().toURL()})) {
        List<String> arguments = new ArrayList<>(List.of(sources.toString()));
        arguments.addAll(List.of(args));
        loader
            .loadClass("nodes.Generator")
            .getMethod("main", String[].class)
            .invoke(null, (Object) arguments.toArray(String[]::new));
      }
    } finally {
      try (Stream<Path> files = Files.walk(classes)) {
        for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
          Files.delete(file);
        }
      }
    }
  }
}

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Opcodes;

/**
 * Puts the jars of the distribution into a folder, with class files that start fast. The JVM keeps
 * no class older than Java 6 in its archive of linked classes, and verifies it the slow way at each
 * start; picocli is compiled for Java 5. So such classes are raised to the version of Java 8, with
 * the stack maps that this version asks for.
 */
final class Distribution {
  private Distribution() {}

  /**
   * Arguments: the folder of the distribution, the jar of the command and the root of the project.
   * The other jars are those that this process itself has on its class path.
   */
  public static void main(String[] args) throws IOException {
    Path folder = Path.of(args[0]);
    Path library = Files.createDirectories(folder.resolve("lib"));
    for (Path old : list(library)) {
      Files.delete(old);
    }
    Files.copy(Path.of(args[1]), library.resolve(Path.of(args[1]).getFileName()));
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
      Path jar = Path.of(entry);
      if (Files.isRegularFile(jar) && !isForCompilersOnly(jar)) {
        Path copy = library.resolve(jar.getFileName());
        Files.copy(jar, copy);
        raiseOldClasses(copy);
      }
    }
    for (String text : List.of("LICENSE", "NOTICE")) {
      Files.copy(Path.of(args[2], text), folder.resolve(text), StandardCopyOption.REPLACE_EXISTING);
    }
    // The launcher compares the sources with the time of this file.
    Files.write(folder.resolve("built"), new byte[0]);
  }

  /** Jars of annotations that nothing reads while the program runs. */
  private static boolean isForCompilersOnly(Path jar) {
    String name = jar.getFileName().toString();
    return name.startsWith("error_prone_annotations-") || name.startsWith("checker-qual-");
  }

  private static List<Path> list(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    }
  }

  private static void raiseOldClasses(Path jar) throws IOException {
    try (URLClassLoader classes = new URLClassLoader(new URL[] {jar.toUri().toURL()});
        FileSystem content =
            FileSystems.newFileSystem(URI.create("jar:" + jar.toUri()), Map.of())) {
      for (Path file : classFiles(content.getPath("/"))) {
        ClassReader reader = new ClassReader(Files.readAllBytes(file));
        if (reader.readUnsignedShort(6) < Opcodes.V1_6) {
          Files.write(file, raise(reader, classes));
        }
      }
    }
  }

  private static List<Path> classFiles(Path root) throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      return files.filter(file -> file.toString().endsWith(".class")).toList();
    }
  }

  private static byte[] raise(ClassReader reader, ClassLoader classes) {
    ClassWriter writer =
        new ClassWriter(ClassWriter.COMPUTE_FRAMES) {
          @Override
          protected ClassLoader getClassLoader() {
            return classes;
          }
        };
    ClassVisitor raise =
        new ClassVisitor(Opcodes.ASM9, writer) {
          @Override
          public void visit(
              int version,
              int access,
              String name,
              String signature,
              String superName,
              String[] interfaces) {
            super.visit(Opcodes.V1_8, access, name, signature, superName, interfaces);
          }
        };
    reader.accept(raise, 0);
    return writer.toByteArray();
  }
}

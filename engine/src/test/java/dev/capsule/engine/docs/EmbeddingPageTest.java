package dev.capsule.engine.docs;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.capsule.engine.runtime.Engine;
import java.io.IOException;
import java.io.StringWriter;
import java.lang.reflect.InvocationTargetException;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Compiles and runs the blocks of docs/embedding.md, with assertions on. */
class EmbeddingPageTest {
  private static final Pattern BLOCK = Pattern.compile("(?ms)^```java\\R(.*?)^```$");
  private static final String IMPORTS =
      """
      import dev.capsule.engine.module.*;
      import dev.capsule.engine.module.Module;
      import dev.capsule.engine.runtime.*;
      import dev.capsule.engine.snapshot.*;
      import dev.capsule.engine.types.*;
      import java.io.*;
      import java.lang.invoke.*;
      import java.nio.*;
      import java.time.*;
      import java.util.*;
      import java.util.function.*;
      """;

  @TempDir private Path folder;

  private static Path page() {
    String root = System.getProperty("capsule.root");
    return (root == null ? Path.of("..") : Path.of(root)).resolve("docs/embedding.md");
  }

  /** Blocks of declarations become members of a class, all others one method. */
  private static String program(String page) {
    StringBuilder members = new StringBuilder();
    StringBuilder body = new StringBuilder();
    Matcher blocks = BLOCK.matcher(page);
    while (blocks.find()) {
      String block = blocks.group(1);
      (block.startsWith("public ") ? members : body).append(block).append('\n');
    }
    return IMPORTS
        + "public class Embedding {\n"
        + members
        + "public static void run() throws Throwable {\n"
        + body
        + "}\n}\n";
  }

  @Test
  void thePageIsAProgramThatRuns() throws Throwable {
    String program = program(Files.readString(page()));
    compile(program);
    URL[] urls = {folder.toUri().toURL()};
    try (URLClassLoader loader = new URLClassLoader(urls, getClass().getClassLoader())) {
      loader.setDefaultAssertionStatus(true);
      loader.loadClass("Embedding").getMethod("run").invoke(null);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  private void compile(String program) throws IOException, URISyntaxException {
    Path source = folder.resolve("Embedding.java");
    Files.writeString(source, program);
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter messages = new StringWriter();
    List<String> options =
        List.of(
            "-proc:none",
            "-cp",
            Path.of(Engine.class.getProtectionDomain().getCodeSource().getLocation().toURI())
                .toString(),
            "-d",
            folder.toString());
    try (var files = compiler.getStandardFileManager(null, null, null)) {
      boolean compiled =
          compiler
              .getTask(messages, files, null, options, null, files.getJavaFileObjects(source))
              .call();
      assertTrue(compiled, messages::toString);
    }
  }
}

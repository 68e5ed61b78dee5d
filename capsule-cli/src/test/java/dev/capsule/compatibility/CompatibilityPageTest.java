package dev.capsule.compatibility;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.Method;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.commons.annotation.Testable;
import org.junit.platform.commons.support.AnnotationSupport;

/** docs/compatibility.md says what the tests hold. */
class CompatibilityPageTest {
  private static final List<String> SECTIONS =
      List.of(
          "Running", "Configuration", "Tasks", "Files and hosts", "Worker", "Builds and records");

  @TempDir private Path temp;

  private record Entry(Differs difference, String test) {}

  /** With {@code -Dcapsule.write=true} it is made so. */
  @Test
  void isUpToDate() throws Exception {
    Path page = Path.of(System.getProperty("capsule.root", ".."), "docs", "compatibility.md");
    String text = page();
    if (Boolean.getBoolean("capsule.write")) {
      Files.writeString(page, text);
    }
    assertEquals(
        text,
        Files.readString(page),
        "mvn test -pl capsule-cli -am -Dtest=CompatibilityPageTest"
            + " -Dsurefire.failIfNoSpecifiedTests=false -DargLine=-Dcapsule.write=true makes it"
            + " so");
  }

  private String page() throws Exception {
    StringBuilder page = new StringBuilder(PREFACE);
    Map<String, List<Entry>> sections = new LinkedHashMap<>();
    SECTIONS.forEach(section -> sections.put(section, new ArrayList<>()));
    for (Entry entry : entries()) {
      String section = entry.difference.section();
      assertTrue(sections.containsKey(section), () -> section + " is none of " + SECTIONS);
      sections.get(section).add(entry);
    }
    sections.forEach(
        (section, entries) -> {
          page.append("\n## ").append(section).append("\n\n");
          page.append("| Topic | Original | Here | Test |\n|---|---|---|---|\n");
          for (Entry entry : entries) {
            Differs it = entry.difference;
            line(page, List.of(it.topic(), it.original(), it.here(), code(entry.test)));
          }
        });
    page.append("\n## Values\n\nTried while this page is made. Bold: not as in the original.\n");
    for (ReferenceTable table : ReferenceTable.all(temp)) {
      page.append("\n### ").append(table.title()).append("\n\n");
      List<String> heads = new ArrayList<>(table.heads());
      heads.addAll(List.of("Original", "Here"));
      line(page, heads);
      page.append("|---".repeat(heads.size())).append("|\n");
      for (ReferenceTable.Row row : table.rows()) {
        List<String> cells = new ArrayList<>();
        row.value().forEach(value -> cells.add(value.isEmpty() ? "(empty)" : code(value)));
        cells.add(row.original());
        cells.add(row.isSame() ? row.here() : "**" + row.here() + "**");
        line(page, cells);
      }
    }
    return page.toString();
  }

  private static void line(StringBuilder page, List<String> cells) {
    cells.forEach(cell -> page.append("| ").append(cell).append(' '));
    page.append("|\n");
  }

  private static String code(String text) {
    return "`" + text + "`";
  }

  /** The differences that tests of this module are marked with, by topic. */
  private static List<Entry> entries() throws IOException, URISyntaxException {
    Path classes =
        Path.of(
            CompatibilityPageTest.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
    List<Entry> entries = new ArrayList<>();
    try (Stream<Path> files = Files.walk(classes)) {
      for (Path file : files.filter(path -> path.toString().endsWith("Test.class")).toList()) {
        String name =
            classes.relativize(file).toString().replace(file.getFileSystem().getSeparator(), ".");
        for (Method method : methods(name.substring(0, name.length() - ".class".length()))) {
          for (Differs difference : method.getAnnotationsByType(Differs.class)) {
            assertTrue(
                AnnotationSupport.isAnnotated(method, Testable.class),
                () -> method + " is no test");
            String test = method.getDeclaringClass().getSimpleName() + "." + method.getName();
            entries.add(new Entry(difference, test));
          }
        }
      }
    }
    entries.sort(Comparator.comparing(entry -> entry.difference.topic().replace("`", "")));
    return entries;
  }

  private static Method[] methods(String className) {
    try {
      return Class.forName(className, false, CompatibilityPageTest.class.getClassLoader())
          .getDeclaredMethods();
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(e);
    }
  }

  private static final String PREFACE =
      """
      # Differences from the original

      Programs, command lines and configuration written for Capsule 0.8.10 run here. These are the
      differences, each with the test that holds it; what is not listed is meant to be the same. This page
      is made by `CompatibilityPageTest` out of the tests.

      Not here yet: `capsule build --export`, and running what the original exports.
      """;
}

package dev.capsule.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The programs for QuickJS compute what they compute in node. */
class GuestProgramsTest {
  private static QuickJs quickJs;

  @BeforeAll
  static void load(@TempDir Path directory) throws Exception {
    Path module = directory.resolve("quickjs.wasm");
    try (InputStream in =
            GuestProgramsTest.class.getResourceAsStream(
                "/dev/capsule/task/guest/javascript/quickjs.wasm");
        InputStream programs = Guests.class.getResourceAsStream("programs.js")) {
      Files.copy(in, module);
      quickJs = new CapsuleGuests(CapsuleVariant.of("capsule-interpreter"), module).quickJs();
      quickJs.evaluate(programs.readAllBytes());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "recursion, 6765040",
    "dictionaries, 737519052",
    "regex, 619604438",
    "json, 492470",
    "sorting, 122553499",
    "bigint, 647116374",
    "raytracer, 944117017",
    "template, 940072073",
    "mixed, -856169382"
  })
  void checksumsAreThoseOfNode(String program, double expected) {
    assertEquals(expected, quickJs.run(program));
  }
}

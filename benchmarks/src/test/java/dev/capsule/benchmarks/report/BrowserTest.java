package dev.capsule.benchmarks.report;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The page as a real browser lays it out. */
class BrowserTest {
  private static final int SECONDS = 600;

  /** Measures the page from inside, and leaves what it finds where --dump-dom shows it. */
  private static final String PROBE =
      """
      <script>
      const boxes = [...document.querySelectorAll('figure > svg')];
      const cut = boxes.flatMap(svg => [...svg.querySelectorAll('text')].filter(text => {
        const inner = text.getBoundingClientRect(), outer = svg.getBoundingClientRect();
        return inner.left < outer.left - 2 || inner.right > outer.right + 2
          || inner.top < outer.top - 2 || inner.bottom > outer.bottom + 2;
      }).map(text => text.textContent));
      document.body.dataset.probe = JSON.stringify({
        plots: boxes.length,
        empty: boxes.filter(svg => svg.getBoundingClientRect().height < 12).length,
        cut: cut.join('; '),
        overflow: document.documentElement.scrollWidth - innerWidth,
        background: getComputedStyle(document.body).backgroundColor,
        ink: getComputedStyle(document.body).color,
        marks: getComputedStyle(document.querySelector('circle.c1')).fill,
        tables: document.querySelectorAll('table').length,
        unlabelled: document.querySelectorAll('figure > svg:not([aria-label])').length,
        broken: [...document.querySelectorAll('nav a')]
          .filter(link => !document.querySelector(link.getAttribute('href'))).length,
      });
      </script>
      </body>\
      """;

  @ParameterizedTest(name = "{0}, {1} pixels wide")
  @CsvSource({
    "light, 1200, 'rgb(252, 252, 251)', 'rgb(42, 120, 214)'",
    "dark, 1200, 'rgb(23, 24, 26)', 'rgb(57, 135, 229)'",
    "light, 600, 'rgb(252, 252, 251)', 'rgb(42, 120, 214)'"
  })
  void nothingIsCutOffOrEmpty(
      String scheme, int width, String background, String mark, @TempDir Path directory)
      throws Exception {
    Path page = directory.resolve("page.html");
    String html = new Page(Runs.recorded()).html();
    Files.writeString(page, html.replace("</body>", PROBE));
    JsonObject seen = probe(browse(page, scheme, width, directory));
    assertAll(
        () -> assertTrue(seen.get("plots").getAsInt() >= 10, seen::toString),
        () -> assertEquals(0, seen.get("empty").getAsInt(), seen::toString),
        () -> assertEquals("", seen.get("cut").getAsString()),
        () -> assertTrue(seen.get("overflow").getAsInt() <= 0, seen::toString),
        () -> assertEquals(background, seen.get("background").getAsString()),
        () -> assertEquals(mark, seen.get("marks").getAsString()),
        () -> assertTrue(seen.get("tables").getAsInt() >= 9, seen::toString),
        () -> assertEquals(0, seen.get("unlabelled").getAsInt(), seen::toString),
        () -> assertEquals(0, seen.get("broken").getAsInt(), seen::toString));
  }

  private static JsonObject probe(String dom) {
    String start = "data-probe=\"";
    int from = dom.indexOf(start);
    assertTrue(from >= 0, dom);
    String json = dom.substring(from + start.length(), dom.indexOf('"', from + start.length()));
    return JsonParser.parseString(json.replace("&quot;", "\"").replace("&amp;", "&"))
        .getAsJsonObject();
  }

  private static String browse(Path page, String scheme, int width, Path directory)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(browser());
    command.addAll(
        List.of(
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--user-data-dir=" + directory.resolve("profile"),
            "--window-size=" + width + ",1000",
            "--blink-settings=preferredColorScheme=" + (scheme.equals("dark") ? 0 : 1),
            "--dump-dom",
            page.toUri().toString()));
    Path out = directory.resolve("dom.html");
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(out.toFile())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
      throw new AssertionError("the browser did not end");
    }
    return Files.readString(out, StandardCharsets.UTF_8);
  }

  private static String browser() {
    return Stream.of("chromium", "chromium-browser", "google-chrome", "chrome")
        .flatMap(
            name ->
                Stream.of(System.getenv("PATH").split(":"))
                    .map(directory -> Path.of(directory, name)))
        .filter(Files::isExecutable)
        .map(Path::toString)
        .findFirst()
        .orElseGet(() -> abort("no Chromium on the PATH: the page is not seen by a browser"));
  }
}

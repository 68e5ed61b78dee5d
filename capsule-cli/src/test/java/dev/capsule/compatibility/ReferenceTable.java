package dev.capsule.compatibility;

import dev.capsule.task.guest.Preopen;
import dev.capsule.task.policy.InvalidConfigException;
import dev.capsule.task.policy.PathSpec;
import dev.capsule.task.policy.Quantities;
import dev.capsule.wasi.http.HostPattern;
import dev.capsule.wasi.http.HttpUrl;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * What the original makes of values in its configuration, and what is made of them here: the one as
 * its reference says, the other as it comes out.
 *
 * @param title the heading
 * @param heads the heads of the columns before the two last
 * @param rows what was tried
 */
record ReferenceTable(String title, List<String> heads, List<Row> rows) {
  private static final String ERROR = "an error";
  private static final String SAME = "";

  /**
   * A value and what becomes of it.
   *
   * @param value the columns before the two last
   * @param original what the original makes of it
   * @param here what comes out here
   */
  record Row(List<String> value, String original, String here) {
    boolean isSame() {
      return original.equals(here);
    }
  }

  /** All tables; {@code folder} is empty and may be filled. */
  static List<ReferenceTable> all(Path folder) throws IOException {
    return List.of(compute(), ram(), timeout(), paths(folder), hosts());
  }

  private static ReferenceTable compute() {
    return values(
        "`compute`",
        text -> Long.toString(Quantities.fuel("compute", text)),
        "LOW 100000000",
        "medium 2000000000",
        "HIGH 50000000000",
        "12345 12345",
        "0 0",
        "CUSTOM MEDIUM",
        "1e9 MEDIUM",
        "1_000 MEDIUM",
        "-5 MEDIUM");
  }

  private static ReferenceTable ram() {
    return values(
        "`ram`, bytes",
        text -> Long.toString(Quantities.bytes("ram", text)),
        "64MB 67108864",
        "64_mb 67108864",
        "2GB 2147483648",
        "100KB 102400",
        "1048576 1048576",
        "1.5GB no limit",
        "512M no limit",
        "1TiB no limit",
        "MB no limit",
        "-1MB no limit",
        "5MBMB 5242880");
  }

  private static ReferenceTable timeout() {
    return values(
        "`timeout`",
        text -> Quantities.duration("timeout", text).toString(),
        "30s " + Duration.ofSeconds(30),
        "1h_30m " + Duration.ofMinutes(90),
        "2min5s " + Duration.ofSeconds(125),
        "1.8s " + Duration.ofMillis(1800),
        "500ms " + Duration.ofMillis(500),
        "0 " + Duration.ZERO,
        "0s " + Duration.ZERO,
        "1w " + Duration.ofDays(7),
        "5M " + Duration.ofSeconds(5 * 2_630_016),
        "30 no limit",
        "30S no limit",
        "-5s no limit");
  }

  /** Entries are the value, with _ for a blank, and what the original makes of it. */
  private static ReferenceTable values(String title, Reader reader, String... entries) {
    return new ReferenceTable(
        title,
        List.of("Value"),
        Stream.of(entries)
            .map(entry -> entry.split(" ", 2))
            .map(
                parts -> {
                  String value = parts[0].equals("1_000") ? parts[0] : parts[0].replace('_', ' ');
                  return row(List.of(value), parts[1], () -> reader.read(value));
                })
            .toList());
  }

  private interface Reader {
    String read(String text);
  }

  private static Row row(List<String> value, String original, Supplier<String> here) {
    String outcome;
    try {
      outcome = here.get();
    } catch (InvalidConfigException e) {
      outcome = ERROR;
    }
    return new Row(value, original.isEmpty() ? SAME : original, outcome);
  }

  private static ReferenceTable paths(Path folder) throws IOException {
    Path root = Files.createDirectories(folder.resolve("project")).toRealPath();
    for (String directory : List.of("data", "a/b", "s/x", ".capsule")) {
      Files.createDirectories(root.resolve(directory));
    }
    Files.writeString(root.resolve("file"), "");
    Files.createDirectories(folder.resolve("outside"));
    Files.createSymbolicLink(root.resolve("link"), folder.resolve("outside"));
    return new ReferenceTable(
        "`allowed_files` and `--mount`",
        List.of("Specification"),
        Stream.of(
                "./data|data at /data, rw",
                "data|data at /data, rw",
                "data:rw|data at /data, rw",
                "./a/b:ro|a/b at /a/b, ro",
                "s/x::workspace:ro|s/x at /workspace, ro",
                "./|the project at /, rw",
                "|the project at /, rw",
                ".|the project at /., rw",
                "::w|the project at /w, rw",
                "a::b::c|a at /b::c, rw",
                "data:RO|an error",
                "~/x|an error",
                "../missing|an error",
                "../outside|an error",
                "link|an error",
                "/etc|an error",
                "file|an error",
                ".capsule|.capsule at /.capsule, rw")
            .map(entry -> entry.split("\\|", 2))
            .map(parts -> row(List.of(parts[0]), parts[1], () -> granted(parts[0], root)))
            .toList());
  }

  private static String granted(String spec, Path root) {
    Preopen preopen = PathSpec.parse("--mount", spec).resolve("--mount", root);
    String inside = root.relativize(preopen.directory()).toString().replace('\\', '/');
    return (inside.isEmpty() ? "the project" : inside)
        + " at "
        + preopen.guestPath()
        + (preopen.writable() ? ", rw" : ", ro");
  }

  private static ReferenceTable hosts() {
    return new ReferenceTable(
        "`allowed_hosts`",
        List.of("Entry", "Host"),
        Stream.of(
                "example.com a.b.example.com yes",
                "*.example.com a.example.com yes",
                "*.example.com example.com no",
                "*.example.com a.b.example.com no",
                "api.* api.x.y yes",
                "api.* api no",
                "api.*.com api.x.com yes",
                "api*.example.com api1.example.com no",
                "*.*.com a.b.com no",
                "https://example.com example.com no",
                "example.com:443 example.com no",
                "0.0.1 127.0.0.1 yes",
                "[::1] [::1] yes",
                "com example.com yes",
                "* example.com yes")
            .map(entry -> entry.split(" "))
            .map(p -> row(List.of(p[0], p[1]), p[2], () -> isGranted(p[0], p[1]) ? "yes" : "no"))
            .toList());
  }

  private static boolean isGranted(String entry, String host) {
    return HostPattern.parse(entry)
        .map(pattern -> pattern.match(HttpUrl.parse("https://" + host + "/")))
        .filter(match -> match != HostPattern.Match.NONE)
        .isPresent();
  }
}

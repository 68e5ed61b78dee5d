package dev.capsule.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** What a measurement was taken on, and with. */
public final class Machine {
  private Machine() {}

  /** The facts, in the order in which a report says them. */
  public static Map<String, String> describe(Settings settings) {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("date", LocalDate.now(ZoneOffset.UTC).toString());
    facts.put("run", settings.quick() ? "quick" : "full");
    facts.put("revision", revision(settings.capsule().toAbsolutePath().getParent()));
    facts.put("processor", processor());
    facts.put("processors", Integer.toString(Runtime.getRuntime().availableProcessors()));
    facts.put("memory", memory());
    facts.put("system", System.getProperty("os.name") + " " + System.getProperty("os.version"));
    facts.put("JDK", System.getProperty("java.vm.name") + " " + Runtime.version());
    facts.put("node", node().orElse("none"));
    facts.put("peers", peers());
    return facts;
  }

  /** The version of the node on the PATH. */
  public static Optional<String> node() {
    return said("node", "--version").filter(version -> version.startsWith("v"));
  }

  /** The commit that the checkout is at, where it is one. */
  private static String revision(Path checkout) {
    return said("git", "-C", checkout.toString(), "rev-parse", "--short", "HEAD")
        .filter(text -> text.matches("[0-9a-f]+"))
        .orElse("unknown");
  }

  private static Optional<String> said(String... command) {
    try {
      Process process = new ProcessBuilder(command).start();
      return Optional.of(new String(process.getInputStream().readAllBytes()).strip());
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static String processor() {
    try (var lines = Files.lines(Path.of("/proc/cpuinfo"))) {
      return lines
          .filter(line -> line.startsWith("model name"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse(System.getProperty("os.arch"));
    } catch (IOException e) {
      return System.getProperty("os.arch");
    }
  }

  private static String memory() {
    try (var lines = Files.lines(Path.of("/proc/meminfo"))) {
      return lines
          .filter(line -> line.startsWith("MemTotal:"))
          .map(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) / (1 << 20) + " GiB")
          .findFirst()
          .orElse("unknown");
    } catch (IOException e) {
      return "unknown";
    }
  }

  private static String peers() {
    return System.getProperty("capsule.bench.peers", "unknown");
  }
}

package dev.capsule.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tasks that want more than they get, in a process whose heap is small: each ends by the limit that
 * bounds it, the host survives, and the next task is as well as ever.
 */
class HostileTasksTest {
  private static final int FLOOD_MIB = Integer.getInteger("capsule.flood.mib", 8);
  private static final String TIME = "timeout: timeout after 300ms";

  @TempDir private static Path temp;

  /**
   * What a task has to end with.
   *
   * @param outcome the kind of error and how its text begins
   * @param printed bytes that it prints before
   */
  private record Case(String name, String outcome, int printed) {
    static Case of(String name, String outcome) {
      return new Case(name, outcome, 0);
    }
  }

  private static final List<Case> BOTH =
      List.of(
          Case.of("busy_loop", TIME),
          Case.of("busy_loop_that_catches_all", TIME),
          Case.of("computes_too_much", "out_of_fuel: the task used up its fuel of 20000000"),
          Case.of("hoards_blocks", "out_of_memory: "),
          Case.of("hoards_more_than_the_host_has", "out_of_memory: "),
          Case.of("hoards_and_swallows", "timeout: timeout after 1000ms"),
          Case.of("calls_itself_twice", "ok: \"the run has used up its 6 tasks"),
          Case.of("calls_itself_deeper", "ok: \"tasks may not call tasks deeper than 3"),
          Case.of("calls_a_hundred_at_once", "ok: [\"the run has used up its 6 tasks"),
          new Case("prints=" + FLOOD_MIB, "ok: \"printed\"", 2 << 20),
          Case.of("sums_without_end", TIME),
          Case.of("lists_without_end", "out_of_memory: "),
          Case.of("raises_to_powers", TIME),
          Case.of("returns_too_much", "invalid_result: "),
          Case.of("returns_what_escapes_to_too_much", "invalid_result: "),
          Case.of("returns_too_deep", "invalid_result: "),
          Case.of("sleeps", TIME));

  private static final List<Case> PYTHON =
      List.of(
          // It prints once it has imported what it matches with, so that time is not used up by
          // that.
          new Case(
              "matches_a_catastrophe", "timeout: timeout after 20000ms", "matching\n".length()),
          Case.of("doubles_a_string", "out_of_memory: "),
          Case.of("recurses", "task_error: maximum recursion depth exceeded"),
          Case.of("recurses_without_pythons_limit", "task_error: "),
          Case.of("recurses_in_c", "task_error: "));

  private static final List<Case> JAVASCRIPT =
      List.of(
          Case.of("matches_a_catastrophe", TIME),
          Case.of("endless_microtasks", TIME),
          Case.of("endless_timers", TIME),
          Case.of("endless_to_json", TIME),
          Case.of("endless_sort", TIME),
          Case.of("hoards_objects", "out_of_memory: "),
          Case.of("hoards_strings", "out_of_memory: "),
          Case.of("recurses", "task_error: Maximum call stack size exceeded"),
          Case.of("recurses_through_the_library", "task_error: Maximum call stack size exceeded"),
          Case.of("recurses_through_proxies", "task_error: Maximum call stack size exceeded"),
          Case.of("nests_a_pattern", "task_error: "),
          Case.of("nests_a_program", "trap: call stack exhausted"),
          Case.of("returns_a_sparse_array", TIME),
          Case.of("waits_for_memory", "task_error: "));

  /** A process that runs the cases of a language, and what it will have written. */
  private record Host(List<Case> cases, Process process, Future<List<String>> lines) {}

  private static Host python;
  private static Host javaScript;

  /** Both hosts run at the same time: most of a case is the start of two sandboxes. */
  @BeforeAll
  static void start() throws IOException {
    python = start("programs.py", PYTHON);
    javaScript = start("programs.mjs", JAVASCRIPT);
  }

  @AfterAll
  static void end() {
    for (Host host : new Host[] {python, javaScript}) {
      if (host != null) {
        host.process.destroyForcibly();
      }
    }
  }

  @TestFactory
  Stream<DynamicTest> python() throws Exception {
    return tests(python);
  }

  @TestFactory
  Stream<DynamicTest> javaScript() throws Exception {
    return tests(javaScript);
  }

  private static Stream<DynamicTest> tests(Host host) throws Exception {
    List<String> lines = host.lines.get();
    assertEquals(0, host.process.waitFor(), () -> "the host died after " + lines);
    return host.cases.stream()
        .map(each -> DynamicTest.dynamicTest(each.name, () -> check(each, lines)));
  }

  private static void check(Case wanted, List<String> lines) {
    String name = wanted.name.replaceAll("=.*", "");
    String line =
        lines.stream().filter(each -> each.startsWith(name + "\t")).findAny().orElse("nothing");
    String[] parts = line.split("\t", 5);
    assertEquals(5, parts.length, () -> "the host ended before: " + line);
    String outcome = parts[3] + ": " + parts[4];
    assertTrue(outcome.startsWith(wanted.outcome), outcome);
    assertEquals("1", parts[1], "the next task");
    assertEquals(wanted.printed, Integer.parseInt(parts[2]), "bytes printed");
  }

  /** A heap of a few times the memory that all tasks together may have. */
  private static Host start(String program, List<Case> own) throws IOException {
    List<Case> cases = Stream.concat(BOTH.stream(), own.stream()).toList();
    Path file = temp.resolve(program);
    try (InputStream in = HostileTasksTest.class.getResourceAsStream("hostile/" + program)) {
      Files.copy(in, file);
    }
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp"));
    command.add(System.getProperty("java.class.path"));
    command.add(HostileHost.class.getName());
    command.add(file.toString());
    cases.forEach(each -> command.add(each.name));
    Process host =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    FutureTask<List<String>> lines = new FutureTask<>(() -> read(host));
    Thread reader = new Thread(lines, "reads what a host writes");
    reader.setDaemon(true);
    reader.start();
    return new Host(cases, host, lines);
  }

  private static List<String> read(Process host) throws IOException {
    try (BufferedReader out =
        new BufferedReader(new InputStreamReader(host.getInputStream(), StandardCharsets.UTF_8))) {
      return out.lines().toList();
    }
  }
}

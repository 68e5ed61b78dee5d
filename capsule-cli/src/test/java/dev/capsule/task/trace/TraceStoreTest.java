package dev.capsule.task.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TraceStoreTest {
  @TempDir private Path temp;
  private final List<String> problems = new ArrayList<>();

  @Test
  void everyStateIsKept() {
    TraceEntry created = entry(1_000);
    TraceEntry running = created.running(1_500);
    TraceEntry ended =
        running.ended(
            TraceState.FAILED,
            2_750,
            12,
            34,
            Optional.of("task_error"),
            Optional.of("bo\"om"),
            "[{\"method\":\"GET\"}]");
    try (TraceStore store = TraceStore.open(temp, problems::add)) {
      for (TraceEntry state : List.of(created, running, ended)) {
        store.put(state);
        store.flush();
        assertEquals(List.of(state), TraceStore.list(temp));
      }
    }
    assertEquals(List.of(ended), TraceStore.list(temp));
    assertEquals(OptionalLong.of(1_250), ended.durationMs());
    assertEquals(ended, TraceEntry.fromJson(ended.toJson()));
    assertEquals(List.of(), problems);
  }

  @Test
  void processesWriteSideBySideAndListsAreByAge() {
    TraceEntry first = entry(1);
    TraceEntry second = entry(2);
    TraceEntry third = entry(3);
    try (TraceStore one = TraceStore.open(temp, problems::add);
        TraceStore other = TraceStore.open(temp, problems::add)) {
      other.put(second);
      one.put(third);
      one.put(first);
      one.flush();
      other.flush();
      assertEquals(2, TraceSlot.files(temp.resolve("trace")).size());
    }
    assertEquals(
        List.of(first.id(), second.id(), third.id()),
        TraceStore.list(temp).stream().map(TraceEntry::id).toList());
  }

  @Test
  void theNextWriterTakesTheFileOverAndSettlesIt() {
    try (TraceStore store = TraceStore.open(temp, problems::add)) {
      store.put(entry(1).running(2));
    }
    assertEquals(TraceState.INTERRUPTED, TraceStore.list(temp).get(0).state());
    try (TraceStore store = TraceStore.open(temp, problems::add)) {
      store.put(entry(2).running(3));
      store.flush();
      assertEquals(
          List.of(TraceState.INTERRUPTED, TraceState.RUNNING),
          TraceStore.list(temp).stream().map(TraceEntry::state).toList());
    }
    assertEquals(1, TraceSlot.files(temp.resolve("trace")).size());
  }

  @Test
  void aDamagedFileIsPutAside() throws IOException {
    Path file = TraceSlot.file(temp.resolve("trace"), 0);
    Files.createDirectories(file.getParent());
    Files.write(file, "this is no database at all".repeat(1000).getBytes(StandardCharsets.UTF_8));
    try (TraceStore store = TraceStore.open(temp, problems::add)) {
      store.put(entry(1));
    }
    assertEquals(List.of(), problems);
    assertEquals(1, TraceStore.list(temp).size());
    try (var files = Files.list(file.getParent())) {
      assertTrue(files.anyMatch(f -> f.toString().contains(".damaged-")));
    }
  }

  @Test
  void aStoreThatCannotBeWrittenIsReportedOnceAndStopsNobody() throws IOException {
    Path notADirectory = Files.writeString(temp.resolve("file"), "");
    try (TraceStore store = TraceStore.open(notADirectory, problems::add)) {
      for (int i = 0; i < 20_000; i++) {
        store.put(entry(i));
      }
      store.flush();
    }
    assertEquals(1, problems.size(), problems::toString);
  }

  @Test
  void pruningRemovesTheOldButNotWhatIsWritten() {
    try (TraceStore store = TraceStore.open(temp, problems::add)) {
      for (int i = 1; i <= 10; i++) {
        store.put(entry(i * 1000L));
      }
      store.flush();
      assertEquals(new TraceStore.Pruned(0, 1), TraceStore.prune(temp, 5_000));
    }
    assertEquals(new TraceStore.Pruned(4, 0), TraceStore.prune(temp, 5_000));
    assertEquals(6, TraceStore.list(temp).size());
    assertEquals(5_000, TraceStore.list(temp).get(0).createdAt());
    assertEquals(new TraceStore.Pruned(6, 0), TraceStore.prune(temp, Long.MAX_VALUE >> 20));
  }

  @Test
  void surviveKillingTheProcessAtAnyMoment() throws Exception {
    for (int round = 1; round <= 3; round++) {
      int before = TraceStore.list(temp).size();
      Process victim =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-Xshare:auto",
                  "-XX:TieredStopAtLevel=1",
                  "-cp",
                  System.getProperty("java.class.path"),
                  TraceStoreVictim.class.getName(),
                  temp.toString())
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      try (BufferedReader out =
          new BufferedReader(
              new InputStreamReader(victim.getInputStream(), StandardCharsets.UTF_8))) {
        assertEquals("100 are running", out.readLine());
        List<TraceEntry> meanwhile = TraceStore.list(temp);
        assertTrue(
            meanwhile.stream().filter(e -> e.state() == TraceState.RUNNING).count() >= 50,
            "readable while tasks run");
        out.readLine(); // it is now in the middle of writing
        victim.destroyForcibly().waitFor();
      }
      List<TraceEntry> after = TraceStore.list(temp);
      assertTrue(after.size() >= before + 100, () -> "only " + after.size());
      after.stream().filter(e -> !e.state().isFinal()).findAny().ifPresent(e -> fail("still " + e));
      assertEquals(100 * round, after.stream().filter(e -> e.task().equals("endless")).count());
      assertTrue(
          after.stream()
              .filter(e -> e.task().equals("endless"))
              .allMatch(e -> e.state() == TraceState.INTERRUPTED));
    }
    assertEquals(1, TraceSlot.files(temp.resolve("trace")).size());
  }

  @ParameterizedTest
  @EnumSource(TraceState.class)
  void statesHaveNames(TraceState state) {
    assertEquals(state, TraceState.of(state.wireName()));
  }

  @Test
  void idsSortByTimeAndFitTheirAlphabet() {
    assertTrue(TraceId.next(1_000, (1 << 25) - 1).compareTo(TraceId.next(1_001, 0)) < 0);
    assertTrue(TraceId.next(System.currentTimeMillis()).matches("[0-9a-hjkmnp-tv-z]{14}"));
  }

  static TraceEntry entry(long time) {
    String id = TraceId.next(time);
    return TraceEntry.created(id, id, Optional.empty(), "main.py", "main", 0, time, 100, 200);
  }
}

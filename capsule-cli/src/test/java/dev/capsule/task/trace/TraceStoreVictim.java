package dev.capsule.task.trace;

import java.nio.file.Path;
import java.util.Optional;

/** A process that writes until it is killed. */
final class TraceStoreVictim {
  private TraceStoreVictim() {}

  public static void main(String[] args) {
    TraceStore store = TraceStore.open(Path.of(args[0]), System.err::println);
    for (int i = 0; i < 100; i++) {
      String id = TraceId.next(i);
      store.put(
          TraceEntry.created(id, id, Optional.empty(), "main.py", "endless", 0, i, 1, 2)
              .running(i));
    }
    store.flush();
    System.out.println("100 are running");
    for (long i = 0; ; i++) {
      TraceEntry entry = TraceStoreTest.entry(i);
      store.put(entry);
      store.put(entry.running(i));
      store.put(
          entry
              .running(i)
              .ended(TraceState.COMPLETED, i, 1, 1, Optional.empty(), Optional.empty(), "[]"));
      if (i == 300) {
        System.out.println("writing");
      }
    }
  }
}

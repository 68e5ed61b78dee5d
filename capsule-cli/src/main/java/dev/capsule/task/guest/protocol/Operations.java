package dev.capsule.task.guest.protocol;

import dev.capsule.wasi.clocks.Clocks;
import dev.capsule.wasi.io.Pollable;
import dev.capsule.wasi.io.Poller;
import dev.capsule.wasi.io.WaitGuard;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

/** The operations that one guest has under way: sub-tasks and HTTP requests. */
final class Operations implements AutoCloseable {
  private static final int MOST = 4096;

  private final Map<Long, Operation> open = new HashMap<>();
  private final Clocks clocks;
  private final WaitGuard guard;
  private long next = 1;

  Operations(Clocks clocks, WaitGuard guard) {
    this.clocks = clocks;
    this.guard = guard;
  }

  /** An operation's end: the members of its JSON object beside the id. */
  record Ended(long id, String members) {}

  private static final class Operation implements Pollable {
    private final CompletableFuture<?> work;
    private final CompletableFuture<String> members;
    private final List<Runnable> wakers = new CopyOnWriteArrayList<>();

    Operation(CompletableFuture<?> work, CompletableFuture<String> members) {
      this.work = work;
      this.members = members;
      members.whenComplete((value, error) -> wakers.forEach(Runnable::run));
    }

    @Override
    public boolean ready() {
      return members.isDone();
    }

    @Override
    public void onReady(Runnable wake) {
      wakers.add(wake);
      if (ready()) {
        wake.run();
      }
    }

    @Override
    public void forget(Runnable wake) {
      wakers.remove(wake);
    }
  }

  /** Refuses if the guest has too many operations open already. */
  void requireRoom() {
    if (open.size() >= MOST) {
      throw new RefusedException(
          "too_many", "more than " + MOST + " sub-tasks and requests are under way at once");
    }
  }

  /**
   * Adds an operation and answers its number.
   *
   * @param work what is cancelled if the guest gives the operation up
   * @param members its result, as members of a JSON object
   */
  long add(CompletableFuture<?> work, CompletableFuture<String> members) {
    long id = next++;
    open.put(id, new Operation(work, members));
    return id;
  }

  /**
   * Waits until one of the operations has ended or the time is over, and forgets those that have
   * ended. Unknown numbers count as ended long ago and are ignored.
   */
  List<Ended> await(List<Long> ids, OptionalLong nanos) {
    List<Long> known = ids.stream().filter(open::containsKey).toList();
    List<Pollable> pollables = new ArrayList<>(known.size() + 1);
    known.forEach(id -> pollables.add(open.get(id)));
    if (nanos.isPresent()) {
      pollables.add(clocks.subscribeDuration(nanos.getAsLong()));
    } else if (pollables.isEmpty()) {
      throw RefusedException.malformed("there is nothing to wait for");
    }
    List<Ended> ended = new ArrayList<>();
    for (int index : Poller.poll(pollables, guard)) {
      if (index < known.size()) {
        ended.add(new Ended(known.get(index), open.remove(known.get(index)).members.join()));
      }
    }
    return ended;
  }

  /** Gives operations up. */
  void cancel(List<Long> ids) {
    for (Long id : ids) {
      Operation operation = open.remove(id);
      if (operation != null) {
        operation.work.cancel(true);
      }
    }
  }

  @Override
  public void close() {
    cancel(List.copyOf(open.keySet()));
  }
}

package dev.capsule.task;

import dev.capsule.task.guest.Build;
import dev.capsule.task.guest.ErrorType;
import dev.capsule.task.guest.Grants;
import dev.capsule.task.guest.GuestHost;
import dev.capsule.task.guest.GuestReply;
import dev.capsule.task.guest.GuestRuntime;
import dev.capsule.task.guest.Invocation;
import dev.capsule.task.guest.Language;
import dev.capsule.task.guest.LoadException;
import dev.capsule.task.guest.Program;
import dev.capsule.task.guest.TaskDeclaration;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** A runtime whose tasks are Java: what stands above the seam can be proven without an engine. */
public final class FakeRuntime implements GuestRuntime {

  /** What a task does; may throw {@link Failing}. */
  public interface Body {
    /** The text of the result. */
    String run(Invocation invocation, Grants grants, GuestHost host) throws Exception;
  }

  /** Ends a task with a failure. */
  public static final class Failing extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final ErrorType type;

    public Failing(ErrorType type, String message) {
      super(message);
      this.type = type;
    }
  }

  private final Map<String, Body> bodies = new LinkedHashMap<>();
  private final List<TaskDeclaration> declarations = new ArrayList<>();
  private final Language language;
  private volatile String identity = "fake";
  public final AtomicInteger builds = new AtomicInteger();
  public final AtomicInteger live = new AtomicInteger();
  public final AtomicInteger most = new AtomicInteger();

  public FakeRuntime(Language language) {
    this.language = language;
  }

  public FakeRuntime() {
    this(Language.PYTHON);
  }

  /** Declares a task. */
  public FakeRuntime task(String name, String config, Body body) {
    bodies.put(name, body);
    declarations.add(new TaskDeclaration(name, config, name + "()", "main.py", 1, false));
    return this;
  }

  public void identity(String other) {
    identity = other;
  }

  /** A task body that waits until it is stopped. */
  public static String untilStopped(Grants grants) throws InterruptedException {
    CountDownLatch stop = new CountDownLatch(1);
    grants.cancellation().onRequest(stop::countDown);
    stop.await();
    throw new Failing(ErrorType.CANCELLED, "stopped");
  }

  /** Prints to standard output. */
  public static void print(Grants grants, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    grants.stdout().write(bytes, 0, bytes.length);
  }

  @Override
  public Language language() {
    return language;
  }

  @Override
  public String identity() {
    return identity;
  }

  @Override
  public Build build(Program program, Grants grants) {
    builds.incrementAndGet();
    String text =
        program
            .sources()
            .read(program.entry())
            .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
            .orElse("");
    if (text.contains("syntax error")) {
      throw new LoadException(ErrorType.TASK_ERROR, "SyntaxError: line 1", "Traceback: line 1");
    }
    return new Build(declarations, Map.of("source", text.getBytes(StandardCharsets.UTF_8)));
  }

  @Override
  public GuestReply run(
      Program program, Build build, Invocation invocation, Grants grants, GuestHost host) {
    int now = live.incrementAndGet();
    most.accumulateAndGet(now, Math::max);
    host.started();
    try {
      String result = bodies.get(invocation.task()).run(invocation, grants, host);
      return new GuestReply(new GuestReply.Completed(result), 11, 22);
    } catch (Failing e) {
      return new GuestReply(new GuestReply.Failed(e.type, e.getMessage()), 33, 44);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    } finally {
      live.decrementAndGet();
    }
  }
}

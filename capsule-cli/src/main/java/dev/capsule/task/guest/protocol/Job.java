package dev.capsule.task.guest.protocol;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.capsule.task.guest.Cancellation;
import dev.capsule.task.guest.Grants;
import dev.capsule.task.guest.GuestHost;
import dev.capsule.task.guest.Invocation;
import dev.capsule.task.guest.Language;
import dev.capsule.task.guest.OutputSink;
import dev.capsule.task.guest.Preopen;
import dev.capsule.task.guest.Program;
import dev.capsule.task.guest.Sources;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What one guest is to do: to run a task, or only to load the program and say what it declares.
 *
 * @param program the program
 * @param invocation the call; empty for loading only
 * @param grants what it may use
 * @param host what it may ask for; empty for loading only
 */
public record Job(
    Program program, Optional<Invocation> invocation, Grants grants, Optional<GuestHost> host) {
  /** More than any interpreter takes to start. */
  private static final long KEPT_RAM = 256L << 20;

  /** Runs a task. */
  public static Job run(Program program, Invocation invocation, Grants grants, GuestHost host) {
    return new Job(program, Optional.of(invocation), grants, Optional.of(host));
  }

  /** Loads the program. */
  public static Job load(Program program, Grants grants) {
    return new Job(program, Optional.empty(), grants, Optional.empty());
  }

  /** No job at all: for an interpreter that is started to be kept. */
  public static Job none(Language language) {
    Grants grants =
        new Grants(
            0,
            KEPT_RAM,
            0,
            List.of(),
            Map.of(),
            OutputSink.discard(),
            OutputSink.discard(),
            OptionalLong.empty(),
            Cancellation.never());
    return new Job(
        new Program(language, "", Sources.none()), Optional.empty(), grants, Optional.empty());
  }

  /** The answer to {@code next}, without what differs between languages. */
  JsonObject toJson() {
    JsonObject json = new JsonObject();
    json.addProperty("job", invocation.isPresent() ? "run" : "collect");
    JsonObject environment = new JsonObject();
    grants.environment().forEach(environment::addProperty);
    json.add("env", environment);
    JsonArray files = new JsonArray();
    grants.preopens().stream().map(Preopen::guestPath).forEach(files::add);
    json.add("files", files);
    JsonArray argv = new JsonArray();
    invocation.ifPresent(call -> call.argv().forEach(argv::add));
    json.add("argv", argv);
    json.addProperty("task", invocation.map(Invocation::task).orElse(""));
    json.add("args", JsonParser.parseString(invocation.map(Invocation::args).orElse("[]")));
    json.add("kwargs", JsonParser.parseString(invocation.map(Invocation::kwargs).orElse("{}")));
    return json;
  }
}

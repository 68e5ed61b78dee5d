package dev.capsule.cli;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import dev.capsule.task.Capsule;
import dev.capsule.task.CapsuleException;
import dev.capsule.task.TaskRequest;
import dev.capsule.task.envelope.JsonText;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The worker's protocol: reads requests, lets them run side by side, writes answers. */
final class Worker {
  private static final int LONGEST_LINE = 64 << 20;
  private static final int MOST_OPEN = 1_000;
  private static final String UNKNOWN = "unknown";
  private static final Pattern ID =
      Pattern.compile("\"id\"\\s*:\\s*\"((?:[^\"\\\\\\x00-\\x1f]|\\\\[\"\\\\/bfnrtu])*)\"");

  private final Streams streams;
  private final Capsule capsule;
  private final Consumer<TaskRequest> limits;
  private final Semaphore open = new Semaphore(MOST_OPEN);
  private final GuestOutput guestOutput;

  Worker(Streams streams, Capsule capsule, Consumer<TaskRequest> limits) {
    this.streams = streams;
    this.capsule = capsule;
    this.limits = limits;
    this.guestOutput = new GuestOutput(streams.err());
  }

  /** A request that cannot be served, and whose. */
  private static final class MalformedException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final String id;

    MalformedException(String id, String message) {
      super("Cannot parse the request: " + message);
      this.id = id;
    }
  }

  private record Request(
      String id, String file, List<String> args, List<String> mounts, boolean capture) {}

  /** Serves until the input ends, and until everything is answered. */
  void serve() {
    try (ExecutorService threads = Executors.newCachedThreadPool()) {
      InputStream in = new BufferedInputStream(streams.in(), 1 << 16);
      for (Optional<byte[]> line = line(in); line.isPresent(); line = line(in)) {
        String text = new String(line.get(), StandardCharsets.UTF_8).strip();
        if (!text.isEmpty()) {
          open.acquireUninterruptibly();
          threads.execute(() -> answer(text));
        }
      }
      open.acquireUninterruptibly(MOST_OPEN);
    } catch (IOException e) {
      streams.err().println("capsule worker: cannot read requests: " + e.getMessage());
      open.acquireUninterruptibly(MOST_OPEN);
    }
  }

  /** The next line without its end, cut off if it is too long; empty at the end of the input. */
  private static Optional<byte[]> line(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    int next = in.read();
    if (next < 0) {
      return Optional.empty();
    }
    for (; next >= 0 && next != '\n'; next = in.read()) {
      if (line.size() <= LONGEST_LINE) {
        line.write(next);
      }
    }
    return Optional.of(line.toByteArray());
  }

  private void answer(String text) {
    try {
      Request request = parse(text);
      TaskRequest task =
          TaskRequest.file(Path.of(request.file))
              .workingDirectory(streams.workingDirectory())
              .environment(streams.environment())
              .arguments(request.args)
              .output(guestOutput, guestOutput);
      request.mounts.forEach(task::mount);
      limits.accept(task);
      if (request.capture) {
        task.captureOutput();
      }
      capsule
          .start(task)
          .result()
          .thenAccept(
              result -> {
                guestOutput.finishLine();
                send(request.id, "output", result.envelope().toJson());
              })
          .whenComplete((done, fault) -> open.release());
    } catch (MalformedException e) {
      refuse(e.id, e.getMessage());
    } catch (CapsuleException e) {
      refuse(idOf(text), "Execution failed: " + e.getMessage());
    } catch (RuntimeException | Error e) {
      refuse(idOf(text), "Execution failed: " + e);
    }
  }

  private void refuse(String id, String message) {
    try {
      send(id, "error", JsonText.quote(message));
    } finally {
      open.release();
    }
  }

  private void send(String id, String key, String json) {
    PrintStream out = streams.out();
    byte[] line =
        ("{\"id\":" + JsonText.quote(id) + ",\"" + key + "\":" + json + "}\n")
            .getBytes(StandardCharsets.UTF_8);
    synchronized (out) {
      out.write(line, 0, line.length);
      out.flush();
    }
  }

  private static Request parse(String text) {
    if (text.length() > LONGEST_LINE) {
      throw new MalformedException(idOf(text), "longer than " + LONGEST_LINE + " bytes");
    }
    JsonObject object;
    try {
      JsonReader reader = new JsonReader(new StringReader(text));
      reader.setStrictness(Strictness.STRICT);
      JsonElement element = JsonParser.parseReader(reader);
      if (!element.isJsonObject()) {
        throw new MalformedException(UNKNOWN, "not a JSON object");
      }
      object = element.getAsJsonObject();
    } catch (JsonParseException | StackOverflowError e) {
      throw new MalformedException(idOf(text), "not a JSON object");
    }
    String id = string(object, "id").orElse("");
    if (id.isEmpty()) {
      throw new MalformedException(UNKNOWN, "\"id\" has to be a text");
    }
    String file =
        string(object, "file")
            .orElseThrow(() -> new MalformedException(id, "\"file\" has to be a text"));
    JsonElement capture = object.get("capture");
    return new Request(
        id,
        file,
        strings(object, "args", id),
        strings(object, "mounts", id),
        capture != null && capture.isJsonPrimitive() && capture.getAsBoolean());
  }

  private static Optional<String> string(JsonObject object, String key) {
    return Optional.ofNullable(object.get(key))
        .filter(value -> value.isJsonPrimitive() && value.getAsJsonPrimitive().isString())
        .map(JsonElement::getAsString);
  }

  private static List<String> strings(JsonObject object, String key, String id) {
    JsonElement list = object.get(key);
    if (list == null || list.isJsonNull()) {
      return List.of();
    }
    List<String> strings = new ArrayList<>();
    if (list.isJsonArray()) {
      for (JsonElement element : list.getAsJsonArray()) {
        if (!element.isJsonPrimitive() || !element.getAsJsonPrimitive().isString()) {
          throw new MalformedException(id, "\"" + key + "\" has to be a list of texts");
        }
        strings.add(element.getAsString());
      }
      return strings;
    }
    throw new MalformedException(id, "\"" + key + "\" has to be a list of texts");
  }

  /** The id of a line that cannot be understood otherwise, so that its sender gets an answer. */
  private static String idOf(String text) {
    Matcher matcher = ID.matcher(text);
    if (!matcher.find()) {
      return UNKNOWN;
    }
    try {
      return JsonParser.parseString('"' + matcher.group(1) + '"').getAsString();
    } catch (JsonParseException | IllegalStateException e) {
      return UNKNOWN;
    }
  }
}

package dev.capsule.task.guest.protocol;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import dev.capsule.task.guest.ErrorType;
import dev.capsule.task.guest.GuestHost;
import dev.capsule.task.guest.GuestReply;
import dev.capsule.task.guest.HttpCall;
import dev.capsule.task.guest.HttpReply;
import dev.capsule.task.guest.TaskCall;
import dev.capsule.wasi.clocks.Clocks;
import dev.capsule.wasi.io.WaitGuard;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * The conversation with one guest, from its first request to its reply. Used by the guest's own
 * thread. A reply, and the wish that the guest stop, end the guest by {@link GuestEnd}.
 */
public final class GuestSession implements AutoCloseable {
  private static final String DONE = "{\"op\":\"done\",\"result\":";
  private static final int MAX_MESSAGE = 64 * 1024;
  private static final long MAX_REQUEST = 256L << 20;

  /** How much of a request's beginning tells what it is. */
  public static final int BEGINNING = 64;

  private final Job job;
  private final LanguageRequests language;
  private final Runnable started;
  private final Operations operations;
  private final WaitGuard guard;
  private boolean running;

  /**
   * Starts a conversation.
   *
   * @param started run once, when the interpreter is ready and the user's code comes next
   */
  public GuestSession(Job job, LanguageRequests language, Clocks clocks, Runnable started) {
    this.job = job;
    this.language = language;
    this.started = started;
    this.guard = guardOf(job);
    this.operations = new Operations(clocks, guard);
  }

  /** What waits of this guest look at: its cancellation. */
  private static WaitGuard guardOf(Job job) {
    return new WaitGuard() {
      @Override
      public void check() {
        if (job.grants().cancellation().isRequested()) {
          throw GuestEnd.cancelled();
        }
      }

      @Override
      public long remainingNanos() {
        return Long.MAX_VALUE;
      }

      @Override
      public Registration onInterrupt(Runnable wakeUp) {
        return job.grants().cancellation().onRequest(wakeUp)::close;
      }
    };
  }

  /**
   * Answers a request with the text of a JSON value.
   *
   * @throws GuestEnd if the request was the guest's reply, or the guest may not go on
   */
  public String answer(String text) {
    guard.check();
    try {
      if (running && text.startsWith(DONE) && text.endsWith("}")) {
        // Spares large results a pass: whoever receives them checks them anyway.
        throw completed(text.substring(DONE.length(), text.length() - 1));
      }
      Request request = Request.parse(text);
      return switch (request.string("op")) {
        case "next" -> next();
        case "done" -> throw done(request);
        case "call" -> call(request);
        case "http" -> http(request);
        case "wait" -> await(request);
        case "cancel" -> {
          operations.cancel(ids(request));
          yield "{}";
        }
        case String op ->
            language
                .answer(op, request)
                .orElseThrow(() -> RefusedException.malformed("there is no request '" + op + "'"))
                .toString();
      };
    } catch (RefusedException e) {
      JsonObject answer = new JsonObject();
      answer.add("error", e.toJson());
      return answer.toString();
    }
  }

  /**
   * Ends the guest if a request is too long to be read at all.
   *
   * @param beginning its first {@link #BEGINNING} characters
   * @param length of all of it, in bytes, or in characters, which are not more
   */
  public void checkLength(String beginning, long length) {
    boolean result = beginning.startsWith(DONE);
    if (result && length > job.grants().maxResult() + DONE.length() + 1) {
      throw tooLarge();
    }
    if (!result && length > MAX_REQUEST) {
      throw new GuestEnd(
          new GuestReply.Failed(
              ErrorType.TASK_ERROR,
              "a request to the host has " + length + " bytes, the limit is " + MAX_REQUEST));
    }
  }

  private GuestEnd tooLarge() {
    return new GuestEnd(
        new GuestReply.Failed(
            ErrorType.INVALID_RESULT,
            "the result is larger than " + job.grants().maxResult() + " bytes"));
  }

  private String next() {
    if (running) {
      throw RefusedException.malformed("this guest has its job already");
    }
    running = true;
    JsonObject answer = job.toJson();
    language.describeProgram(answer);
    started.run();
    return answer.toString();
  }

  private GuestEnd done(Request request) {
    if (!running) {
      return new GuestEnd(
          new GuestReply.Failed(ErrorType.TRAP, "the interpreter failed before it was ready"));
    }
    if (request.has("error")) {
      return new GuestEnd(failure(request.object("error")));
    }
    return completed(request.has("result") ? request.text("result") : "null");
  }

  private GuestEnd completed(String json) {
    return Utf8.length(json) > job.grants().maxResult()
        ? tooLarge()
        : new GuestEnd(new GuestReply.Completed(json));
  }

  private static GuestReply.Failed failure(JsonObject error) {
    return new GuestReply.Failed(
        errorType(member(error, "type").orElse("")),
        member(error, "message").orElse(""),
        member(error, "exception"),
        member(error, "traceback"));
  }

  private static Optional<String> member(JsonObject object, String key) {
    return object.get(key) instanceof JsonPrimitive value && !value.getAsString().isEmpty()
        ? Optional.of(cut(value.getAsString()))
        : Optional.empty();
  }

  private static String cut(String text) {
    return text.length() <= MAX_MESSAGE ? text : text.substring(0, MAX_MESSAGE);
  }

  /** A guest may name only such reasons as its own code can have; the others are the host's. */
  private static ErrorType errorType(String name) {
    return switch (name) {
      case "invalid_result" -> ErrorType.INVALID_RESULT;
      case "out_of_memory" -> ErrorType.OUT_OF_MEMORY;
      case "host_denied" -> ErrorType.HOST_DENIED;
      case "file_denied" -> ErrorType.FILE_DENIED;
      default -> ErrorType.TASK_ERROR;
    };
  }

  private GuestHost host() {
    operations.requireRoom();
    return job.host()
        .filter(host -> running)
        .orElseThrow(
            () ->
                new RefusedException("loading", "not available while the program is being loaded"));
  }

  private String call(Request request) {
    TaskCall call =
        new TaskCall(
            request.string("task"),
            request.array("args").toString(),
            request.object("kwargs").toString(),
            request.has("config")
                ? Optional.of(request.object("config").toString())
                : Optional.empty());
    CompletableFuture<String> envelope = host().call(call);
    return idOf(operations.add(envelope, envelope.handle(GuestSession::endedCall)));
  }

  private static String endedCall(String envelope, Throwable error) {
    return error == null
        ? "\"value\":" + envelope
        : "\"error\":" + new RefusedException("cancelled", "the sub-task was cancelled").toJson();
  }

  private String http(Request request) {
    List<HttpCall.Header> headers = new ArrayList<>();
    for (JsonElement header : request.array("headers")) {
      if (!(header instanceof JsonArray pair) || pair.size() != 2) {
        throw RefusedException.malformed("'headers' has something that is no pair");
      }
      headers.add(new HttpCall.Header(text(pair.get(0)), text(pair.get(1))));
    }
    HttpCall call =
        new HttpCall(
            request.string("method"),
            request.string("url"),
            headers,
            request.bytes("body"),
            !request.optionalString("redirect").orElse("follow").equals("manual"));
    OptionalDouble timeout = request.number("timeout_ms");
    CompletableFuture<HttpReply> reply = host().http(call);
    CompletableFuture<HttpReply> timed = reply;
    if (timeout.isPresent()) {
      long millis = (long) Math.max(1, Math.min(timeout.getAsDouble(), Integer.MAX_VALUE));
      HttpReply expired = new HttpReply.Failure(HttpReply.Reason.TIMEOUT, "no answer in time");
      timed = reply.copy().completeOnTimeout(expired, millis, TimeUnit.MILLISECONDS);
    }
    return idOf(operations.add(reply, timed.handle(GuestSession::endedHttp)));
  }

  private static String text(JsonElement element) {
    if (element instanceof JsonPrimitive primitive) {
      return primitive.getAsString();
    }
    throw RefusedException.malformed("a header is no string");
  }

  private static String endedHttp(HttpReply reply, Throwable error) {
    return switch (reply) {
      case null ->
          "\"error\":" + new RefusedException("cancelled", "the request was cancelled").toJson();
      case HttpReply.Failure failure -> {
        String type =
            failure.reason() == HttpReply.Reason.DENIED
                ? "host_denied"
                : failure.reason().name().toLowerCase(Locale.ROOT);
        yield "\"error\":" + new RefusedException(type, failure.message()).toJson();
      }
      case HttpReply.Response response -> {
        JsonObject value = new JsonObject();
        value.addProperty("status", response.status());
        value.addProperty("url", response.url());
        JsonArray headers = new JsonArray();
        for (HttpCall.Header header : response.headers()) {
          JsonArray pair = new JsonArray();
          pair.add(header.name());
          pair.add(header.value());
          headers.add(pair);
        }
        value.add("headers", headers);
        value.addProperty("body", Base64.getEncoder().encodeToString(response.body()));
        yield "\"value\":" + value;
      }
    };
  }

  private static String idOf(long id) {
    return "{\"id\":" + id + "}";
  }

  private String await(Request request) {
    OptionalDouble timeout = request.number("timeout_ms");
    OptionalLong nanos =
        timeout.isPresent()
            ? OptionalLong.of((long) Math.max(0, Math.min(timeout.getAsDouble() * 1e6, 1e18)))
            : OptionalLong.empty();
    StringBuilder answer = new StringBuilder("{\"done\":[");
    String separator = "";
    for (Operations.Ended ended : operations.await(ids(request), nanos)) {
      answer.append(separator).append("{\"id\":").append(ended.id()).append(',');
      answer.append(ended.members()).append('}');
      separator = ",";
    }
    return answer.append("]}").toString();
  }

  private static List<Long> ids(Request request) {
    List<Long> ids = new ArrayList<>();
    for (JsonElement id : request.array("ids")) {
      if (!(id instanceof JsonPrimitive number) || !number.isNumber()) {
        throw RefusedException.malformed("'ids' has something that is no number");
      }
      ids.add(number.getAsBigDecimal().longValue());
    }
    return ids;
  }

  /** A value that is present or null. */
  public static JsonElement orNull(Optional<? extends JsonElement> value) {
    return value.isPresent() ? value.get() : JsonNull.INSTANCE;
  }

  /** Gives up everything that is still under way. */
  @Override
  public void close() {
    operations.close();
  }
}

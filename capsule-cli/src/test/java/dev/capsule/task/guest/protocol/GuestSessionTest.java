package dev.capsule.task.guest.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.capsule.task.guest.Cancellation;
import dev.capsule.task.guest.ErrorType;
import dev.capsule.task.guest.Grants;
import dev.capsule.task.guest.GuestHost;
import dev.capsule.task.guest.GuestReply;
import dev.capsule.task.guest.HttpCall;
import dev.capsule.task.guest.HttpReply;
import dev.capsule.task.guest.Invocation;
import dev.capsule.task.guest.Language;
import dev.capsule.task.guest.MapSources;
import dev.capsule.task.guest.OutputSink;
import dev.capsule.task.guest.Program;
import dev.capsule.task.guest.TaskCall;
import dev.capsule.task.guest.TestCancellation;
import dev.capsule.wasi.clocks.Clocks;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GuestSessionTest {
  private static final String NEXT = "{\"op\":\"next\"}";
  private static final String CALL =
      "{\"op\":\"call\",\"task\":\"t\",\"args\":[1,{\"a\":1.0}],\"kwargs\":{\"k\":null}}";

  private final List<CompletableFuture<String>> calls = new ArrayList<>();
  private final List<TaskCall> asked = new ArrayList<>();
  private final List<HttpCall> requests = new ArrayList<>();
  private CompletableFuture<HttpReply> response = new CompletableFuture<>();
  private int started;

  private GuestSession session(Cancellation cancellation) {
    Grants grants =
        new Grants(
            1,
            1,
            10,
            List.of(),
            Map.of("E", "v"),
            OutputSink.discard(),
            OutputSink.discard(),
            OptionalLong.empty(),
            cancellation);
    Program program = new Program(Language.PYTHON, "main.py", new MapSources(Map.of()));
    Invocation call = new Invocation("t", "[1]", "{}", List.of("x"));
    Job job = Job.run(program, call, grants, new Host());
    return new GuestSession(job, new NoRequests(), Clocks.virtual(0), () -> started++);
  }

  private GuestSession running() {
    GuestSession session = session(Cancellation.never());
    session.answer(NEXT);
    return session;
  }

  private static GuestReply.Outcome end(GuestSession session, String request) {
    return assertThrows(GuestEnd.class, () -> session.answer(request)).outcome();
  }

  @Test
  void theJobIsToldOnce() {
    GuestSession session = session(Cancellation.never());
    assertEquals(
        "{\"job\":\"run\",\"env\":{\"E\":\"v\"},\"files\":[],\"argv\":[\"x\"],\"task\":\"t\","
            + "\"args\":[1],\"kwargs\":{},\"extra\":true}",
        session.answer(NEXT));
    assertTrue(session.answer(NEXT).contains("has its job already"));
    assertEquals(1, started);
  }

  @Test
  void operationsEndInTheOrderInWhichTheHostFinishes() {
    GuestSession session = running();
    assertEquals("{\"id\":1}", session.answer(CALL));
    assertEquals("{\"id\":2}", session.answer(CALL));
    assertEquals("[1,{\"a\":1.0}]", asked.get(0).args());
    assertEquals("{\"k\":null}", asked.get(0).kwargs());
    calls.get(1).complete("{\"success\":true}");
    String wait = "{\"op\":\"wait\",\"ids\":[1,2]}";
    assertEquals("{\"done\":[{\"id\":2,\"value\":{\"success\":true}}]}", session.answer(wait));
    calls.get(0).completeExceptionally(new IllegalStateException());
    assertEquals(
        "{\"done\":[{\"id\":1,\"error\":{\"type\":\"cancelled\","
            + "\"message\":\"the sub-task was cancelled\"}}]}",
        session.answer(wait));
    assertTrue(session.answer(wait).contains("nothing to wait for"));
    assertEquals(
        "{\"done\":[]}", session.answer("{\"op\":\"wait\",\"ids\":[],\"timeout_ms\":1e300}"));
  }

  @Test
  void givingUpCancels() {
    GuestSession session = running();
    session.answer(CALL);
    session.answer(CALL);
    assertEquals("{}", session.answer("{\"op\":\"cancel\",\"ids\":[1,77]}"));
    assertTrue(calls.get(0).isCancelled());
    session.close();
    assertTrue(calls.get(1).isCancelled());
  }

  @Test
  void aGuestHasNoEndOfOperationsUnderWay() {
    GuestSession session = running();
    for (int i = 0; i < 4096; i++) {
      session.answer(CALL);
    }
    assertTrue(session.answer(CALL).contains("\"type\":\"too_many\""));
    assertEquals(4096, calls.size());
  }

  @Test
  void httpKeepsBytesAndHeaders() {
    GuestSession session = running();
    session.answer(
        "{\"op\":\"http\",\"method\":\"PUT\",\"url\":\"http://a/\",\"headers\":[[\"A\",\"b\"]],"
            + "\"body\":\"AP8=\",\"redirect\":\"manual\"}");
    HttpCall call = requests.get(0);
    assertEquals(List.of(new HttpCall.Header("A", "b")), call.headers());
    assertEquals(-1, call.body().orElseThrow()[1]);
    response.complete(
        new HttpReply.Response(
            "http://b/", 204, List.of(new HttpCall.Header("C", "d")), new byte[] {-1}));
    assertEquals(
        "{\"done\":[{\"id\":1,\"value\":{\"status\":204,\"url\":\"http://b/\","
            + "\"headers\":[[\"C\",\"d\"]],\"body\":\"/w\\u003d\\u003d\"}}]}",
        session.answer("{\"op\":\"wait\",\"ids\":[1]}").replace("==", "\\u003d\\u003d"));
  }

  @Test
  void aHostThatIsNotGrantedIsTold() {
    GuestSession session = running();
    response.complete(new HttpReply.Failure(HttpReply.Reason.DENIED, "no"));
    session.answer("{\"op\":\"http\",\"method\":\"GET\",\"url\":\"http://a/\",\"headers\":[]}");
    assertEquals(
        "{\"done\":[{\"id\":1,\"error\":{\"type\":\"host_denied\",\"message\":\"no\"}}]}",
        session.answer("{\"op\":\"wait\",\"ids\":[1]}"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "x | the request is no JSON",
        "[] | the request is no JSON object",
        "{} | 'op' is missing or no string",
        "{\"op\":7} | 'op' is no string",
        "{\"op\":\"fly\"} | there is no request 'fly'",
        "{\"op\":\"call\",\"task\":\"t\",\"args\":{},\"kwargs\":{}} | 'args' is missing or no"
            + " array",
        "{\"op\":\"wait\",\"ids\":[\"1\"]} | 'ids' has something that is no number",
        "{\"op\":\"wait\",\"ids\":[],\"timeout_ms\":1e999} | 'timeout_ms' is no number",
        "{\"op\":\"http\",\"method\":\"GET\",\"url\":\"u\",\"headers\":[[1]]} | 'headers' has"
            + " something that is no pair",
        "{\"op\":\"http\",\"method\":\"GET\",\"url\":\"u\",\"headers\":[],\"body\":\"?\"} | 'body'"
            + " is not base64",
      })
  void whatIsNoRequestIsRefused(String request, String message) {
    assertEquals(
        "{\"error\":{\"type\":\"malformed\",\"message\":\"" + message + "\"}}",
        running().answer(request).replace("\\u0027", "'"));
  }

  @Test
  void deepRequestsAreRefused() {
    String deep = "[".repeat(100_000) + "]".repeat(100_000);
    assertTrue(running().answer("{\"op\":" + deep + "}").contains("is no JSON"));
  }

  @Test
  void beforeTheJobNothingCanBeDone() {
    GuestSession session = session(Cancellation.never());
    assertTrue(session.answer(CALL).contains("\"type\":\"loading\""));
    GuestReply.Failed failed =
        assertInstanceOf(GuestReply.Failed.class, end(session, "{\"op\":\"done\",\"result\":1}"));
    assertEquals(ErrorType.TRAP, failed.type());
  }

  @Test
  void repliesEndTheGuest() {
    assertEquals(
        new GuestReply.Completed("[1, 2]"), end(running(), "{\"op\":\"done\",\"result\":[1, 2]}"));
    assertEquals(new GuestReply.Completed("3"), end(running(), "{\"result\":3, \"op\":\"done\"}"));
    assertEquals(new GuestReply.Completed("null"), end(running(), "{\"op\":\"done\"}"));
    assertEquals(
        new GuestReply.Failed(ErrorType.INVALID_RESULT, "the result is larger than 10 bytes"),
        end(running(), "{\"op\":\"done\",\"result\":\"üüüüü\"}"));
    assertEquals(
        new GuestReply.Failed(ErrorType.HOST_DENIED, "m", Optional.of("E"), Optional.of("trace")),
        end(
            running(),
            "{\"op\":\"done\",\"error\":{\"type\":\"host_denied\",\"message\":\"m\","
                + "\"exception\":\"E\",\"traceback\":\"trace\"}}"));
  }

  @ParameterizedTest
  @CsvSource({"timeout", "out_of_fuel", "trap", "cancelled", "invalid_config", "''"})
  void reasonsThatOnlyTheHostKnowsCannotBeClaimed(String type) {
    GuestReply.Failed failed =
        assertInstanceOf(
            GuestReply.Failed.class,
            end(running(), "{\"op\":\"done\",\"error\":{\"type\":\"" + type + "\"}}"));
    assertEquals(ErrorType.TASK_ERROR, failed.type());
  }

  @Test
  void cancellationEndsWaitsAndRequests() {
    TestCancellation cancellation = new TestCancellation();
    GuestSession session = session(cancellation);
    session.answer(NEXT);
    session.answer(CALL);
    cancellation.requestAfterMillis(20);
    for (String request : List.of("{\"op\":\"wait\",\"ids\":[1]}", CALL)) {
      GuestReply.Failed failed = assertInstanceOf(GuestReply.Failed.class, end(session, request));
      assertEquals(ErrorType.CANCELLED, failed.type());
    }
  }

  private final class Host implements GuestHost {
    @Override
    public void started() {
      throw new AssertionError("the runtime says that, not the session");
    }

    @Override
    public CompletableFuture<String> call(TaskCall call) {
      asked.add(call);
      calls.add(new CompletableFuture<>());
      return calls.getLast();
    }

    @Override
    public CompletableFuture<HttpReply> http(HttpCall call) {
      requests.add(call);
      return response;
    }
  }

  private static final class NoRequests implements LanguageRequests {
    @Override
    public void describeProgram(JsonObject job) {
      job.addProperty("extra", true);
    }

    @Override
    public Optional<JsonElement> answer(String op, Request request) {
      return Optional.empty();
    }
  }
}

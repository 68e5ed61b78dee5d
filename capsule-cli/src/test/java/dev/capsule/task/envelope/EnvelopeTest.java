package dev.capsule.task.envelope;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.capsule.task.envelope.Envelope.Execution;
import dev.capsule.task.envelope.Envelope.Failure;
import dev.capsule.task.envelope.Envelope.Output;
import dev.capsule.task.guest.HttpCall.Header;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EnvelopeTest {
  private static final Execution EXECUTION =
      new Execution("main", 48, 0, 1534201, 24117248, List.of());

  @Test
  void aSuccessAsTheReferenceShowsIt() {
    assertEquals(
        "{\"success\":true,\"result\":{\"a\":1,\"b\":[2]},\"error\":null,\"execution\":"
            + "{\"task_name\":\"main\",\"duration_ms\":48,\"retries\":0,\"fuel_consumed\":1534201,"
            + "\"ram_used\":24117248,\"host_requests\":[]}}",
        Envelope.success("{\"a\":1,\"b\":[2]}", EXECUTION).toJson());
  }

  @Test
  void aFailureWithItsAddedFieldsAndRequests() {
    Execution execution =
        new Execution(
            "a\"b",
            1,
            2,
            3,
            4,
            List.of(
                new HostRequest(
                    "GET",
                    "http://x/",
                    Optional.of(List.of(new Header("A", "b"))),
                    Optional.empty()),
                new HostRequest("POST", "http://y/", Optional.empty(), Optional.of("body"))));
    assertEquals(
        "{\"success\":false,\"result\":null,\"error\":{\"error_type\":\"task_error\",\"message\":\"boom\\n"
            + "\",\"exception\":\"ValueError\",\"traceback\":\"line\"},"
            + "\"execution\":{\"task_name\":\"a\\\"b\",\"duration_ms\":1,\"retries\":2,"
            + "\"fuel_consumed\":3,\"ram_used\":4,\"host_requests\":["
            + "{\"method\":\"GET\",\"url\":\"http://x/\",\"headers\":[[\"A\",\"b\"]],\"body\":null},"
            + "{\"method\":\"POST\",\"url\":\"http://y/\",\"headers\":null,\"body\":\"body\"}]}}",
        Envelope.failure(
                new Failure("task_error", "boom\n", Optional.of("ValueError"), Optional.of("line")),
                execution)
            .toJson());
  }

  @Test
  void capturedOutputComesLast() {
    String json = Envelope.success("1", EXECUTION).withOutput(new Output("o", "e", true)).toJson();
    assertEquals(
        "}," + "\"output\":{\"stdout\":\"o\",\"stderr\":\"e\",\"truncated\":true}}",
        json.substring(json.indexOf("},\"output\"")));
  }
}

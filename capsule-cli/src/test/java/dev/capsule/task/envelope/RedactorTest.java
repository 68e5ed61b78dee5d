package dev.capsule.task.envelope;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.capsule.task.guest.HttpCall.Header;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RedactorTest {
  private final Redactor redactor = new Redactor(List.of("s3cret key", "s3cret", "dev"));

  @ParameterizedTest
  @CsvSource({
    "before s3cret key after, before [redacted] after",
    "s3cret%20key s3cret+key, [redacted] [redacted]",
    "czNjcmV0IGtleQ==, [redacted]",
    "dev stays, dev stays",
  })
  void valuesInAnyForm(String text, String clean) {
    assertEquals(clean, redactor.redact(text));
  }

  @ParameterizedTest
  @CsvSource({
    "http://u:p@x/a, http://[redacted]@x/a",
    "http://x/?a=1&api_key=abc&b=2, http://x/?a=1&api_key=[redacted]&b=2",
    "http://x/?access_token=abc#f, http://x/?access_token=[redacted]#f",
    "http://x/s3cret, http://x/[redacted]",
    "http://x/?q=a@b, http://x/?q=a@b",
  })
  void urls(String url, String clean) {
    assertEquals(clean, redactor.redactUrl(url));
  }

  @ParameterizedTest
  @CsvSource({
    "Authorization, true",
    "proxy-authorization, true",
    "COOKIE, true",
    "Set-Cookie, true",
    "X-Api-Key, true",
    "X-Auth-Token, true",
    "Content-Type, false",
    "Accept, false",
  })
  void headers(String name, boolean telling) {
    HostRequest request =
        redactor.redact(
            new HostRequest(
                "GET", "http://x/", Optional.of(List.of(new Header(name, "v"))), Optional.empty()));
    assertEquals(telling ? "[redacted]" : "v", request.headers().orElseThrow().get(0).value());
  }

  @Test
  void bodiesAndFailures() {
    HostRequest request =
        redactor.redact(
            new HostRequest(
                "POST",
                "http://x/",
                Optional.of(List.of(new Header("X", "a s3cret b"))),
                Optional.of("{\"k\":\"s3cret key\"}")));
    StringBuilder out = new StringBuilder();
    request.write(out);
    assertFalse(out.toString().contains("s3cret"), out.toString());
    assertEquals(
        new Envelope.Failure(
            "task_error", "[redacted]!", Optional.of("E"), Optional.of("[redacted]")),
        redactor.redact(
            new Envelope.Failure(
                "task_error", "s3cret!", Optional.of("E"), Optional.of("s3cret"))));
  }
}

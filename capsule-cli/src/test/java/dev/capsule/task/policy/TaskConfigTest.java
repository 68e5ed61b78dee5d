package dev.capsule.task.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.capsule.compatibility.Differs;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TaskConfigTest {

  @Test
  @Differs(
      section = "Configuration",
      topic = "numbers in JavaScript configurations",
      original = "drop it, for main",
      here = "accepted")
  void everyKeyInBothSpellings() {
    TaskConfig snake =
        TaskConfig.parse(
            """
            {"name":"t","compute":"low","ram":"1KB","timeout":"2s","max_retries":3,
             "allowed_files":["a:ro",{"path":"b"},{"path":"c","mode":"read-only"}],
             "allowed_hosts":["x.org"],"env_variables":["HOME"],
             "max_requests":4,"max_download":"5KB","max_upload":"6KB"}\
            """);
    TaskConfig camel =
        TaskConfig.parse(
            """
            {"name":"t","compute":100000000,"ram":"1 kb","timeout":2000,"maxRetries":3.0,
             "allowedFiles":["a:ro",{"path":"b","mode":"rw"},{"path":"c","mode":"ro"}],
             "allowedHosts":["x.org"],"envVariables":["HOME"],
             "maxRequests":4,"maxDownload":"5KB","maxUpload":"6KB"}\
            """);
    assertEquals(snake, camel);
    assertEquals(OptionalLong.of(Quantities.LOW), snake.compute());
    assertEquals(Optional.of(Duration.ofSeconds(2)), snake.timeout());
    assertEquals(
        List.of(false, true, false),
        snake.files().orElseThrow().stream().map(PathSpec::writable).toList());
  }

  @Test
  void nullCountsAsAbsentAndUnknownKeysAreKeptForShow() {
    TaskConfig config = TaskConfig.parse("{\"ram\":null,\"allowed_hosts\":null,\"retries\":3}");
    assertEquals(OptionalLong.empty(), config.ram());
    assertEquals(Optional.empty(), config.hosts());
    assertEquals(List.of("retries"), config.ignored());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"compute\":\"CUSTOM\"}| compute: \"CUSTOM\"",
        "{\"compute\":1.5}| compute: \"1.5\"",
        "{\"compute\":-1}| compute: \"-1\"",
        "{\"compute\":true}| compute: true",
        "{\"compute\":1e999999999}| smaller number",
        "{\"ram\":512}| ram: 512",
        "{\"ram\":\"512M\"}| ram: \"512M\"",
        "{\"timeout\":\"30\"}| timeout: \"30\"",
        "{\"timeout\":0}| timeout: 0",
        "{\"timeout\":-5}| timeout: -5",
        "{\"timeout\":[]}| timeout: []",
        "{\"max_retries\":\"1\"}| max_retries: \"1\"",
        "{\"max_retries\":-1}| max_retries: -1",
        "{\"maxRetries\":1.5}| max_retries: 1.5",
        "{\"allowed_files\":\"data\"}| allowed_files: \"data\"",
        "{\"allowed_files\":[1]}| allowed_files: 1",
        "{\"allowed_files\":[{}]}| allowed_files: {}",
        "{\"allowed_files\":[{\"path\":\"d\",\"mode\":\"w\"}]}| mode \"w\" of \"d\"",
        "{\"allowed_hosts\":\"*\"}| allowed_hosts: \"*\"",
        "{\"allowed_hosts\":[\"a b\"]}| allowed_hosts: \"a b\"",
        "{\"env_variables\":[\"A=B\"]}| env_variables: \"A=B\"",
        "{\"env_variables\":[7]}| env_variables: 7",
        "{\"max_retries\":1,\"maxRetries\":2}| also given as maxRetries",
        "[]| config: \"[]\"",
        "{\"ram\":| config: \"{",
        "{'ram':'1MB'}| config: \"{",
      })
  @Differs(
      section = "Configuration",
      topic = "invalid `compute`, `ram`, `timeout`",
      original = "silently MEDIUM or unlimited",
      here = "an error that names key, value and forms")
  @Differs(
      section = "Configuration",
      topic = "one key of a wrong type",
      original = "drops the whole configuration",
      here = "an error")
  void refused(String json, String message) {
    InvalidConfigException e =
        assertThrows(InvalidConfigException.class, () -> TaskConfig.parse(json));
    assertTrue(e.getMessage().contains(message), e.getMessage());
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"max_retries\":0}", "{\"max_retries\":1e2}", "{\"compute\":1.0}"})
  void wholeNumbersInAnyForm(String json) {
    TaskConfig.parse(json);
  }
}

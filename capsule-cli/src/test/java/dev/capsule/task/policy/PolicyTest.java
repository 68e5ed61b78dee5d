package dev.capsule.task.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.capsule.compatibility.Differs;
import dev.capsule.wasi.http.HostPattern.Match;
import dev.capsule.wasi.http.HttpUrl;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PolicyTest {
  private static final Limits LIMITS = Limits.defaults();

  @Test
  @Differs(
      section = "Configuration",
      topic = "main without configuration",
      original = "unlimited fuel",
      here = "MEDIUM, no grants")
  @Differs(
      section = "Configuration",
      topic = "no `ram`",
      original = "unlimited",
      here = "the ceiling, 512 MB unless set")
  void withoutConfigurationNothingIsGranted() {
    Policy policy = policy("{}");
    assertEquals(Quantities.MEDIUM, policy.fuel());
    assertEquals(512L << 20, policy.ram());
    assertEquals(Optional.empty(), policy.timeout());
    assertEquals(0, policy.maxRetries());
    assertEquals(List.of(), policy.files());
    assertTrue(policy.hosts().isEmpty());
    assertEquals(List.of(), policy.env());
  }

  @Test
  @Differs(
      section = "Configuration",
      topic = "defaults of capsule.toml",
      original = "do not reach sub-tasks",
      here = "reach every task")
  void taskBeforeDefaultsBeforeBuiltIn() {
    TaskConfig defaults =
        TaskConfig.parse(
            """
            {"compute":"HIGH","ram":"7MB","timeout":"9s","max_retries":2,
             "allowed_hosts":["default.org"],"env_variables":["D"]}\
            """);
    TaskConfig own =
        TaskConfig.parse(
            "{\"compute\":null,\"ram\":\"8MB\",\"env_variables\":[],\"timeout\":null}");
    Policy policy = Policy.of("t", own, defaults, LIMITS);
    assertEquals(Quantities.HIGH, policy.fuel());
    assertEquals(8L << 20, policy.ram());
    assertEquals(Optional.of(Duration.ofSeconds(9)), policy.timeout());
    assertEquals(2, policy.maxRetries());
    assertEquals(Match.NAMED, policy.hosts().match(HttpUrl.parse("http://default.org/")));
    assertEquals(List.of(), policy.env());
  }

  @ParameterizedTest
  @CsvSource({
    "compute, LOW",
    "compute, 5",
    "ram, 1MB",
    "timeout, 1s",
    "max_requests, 1",
    "max_download, 1KB",
    "max_upload, 1KB",
  })
  void aCeilingBoundsWhatIsDeclared(String key, String value) {
    Limits limits = LIMITS.with(key, value);
    TaskConfig greedy =
        TaskConfig.parse(
            """
            {"compute":"HIGH","ram":"100GB","timeout":"9y","max_requests":999999,
             "max_download":"99GB","max_upload":"99GB"}\
            """);
    Policy of = Policy.of("t", greedy, TaskConfig.EMPTY, limits);
    assertTrue(of.fuel() <= limits.compute());
    assertTrue(of.ram() <= limits.ram());
    assertTrue(of.maxRequests() <= limits.maxRequests());
    assertTrue(of.maxDownload() <= limits.maxDownload());
    assertTrue(of.maxUpload() <= limits.maxUpload());
    limits.timeout().ifPresent(most -> assertEquals(Optional.of(most), of.timeout()));
    assertFalse(of.equals(Policy.of("t", greedy, TaskConfig.EMPTY, LIMITS)));
  }

  @Test
  void aCeilingOfListsBoundsWhatIsDeclared() {
    Limits limits =
        LIMITS.with("hosts", "example.com").with("env", "A, B").with("files", "data:ro, out");
    Policy policy =
        Policy.of(
            "t",
            TaskConfig.parse(
                """
                {"allowed_hosts":["*"],"env_variables":["B","C"],
                 "allowed_files":["data/in","out/x::w","src","data/../src",""]}\
                """),
            TaskConfig.EMPTY,
            limits);
    assertEquals(Match.PUBLIC, policy.hosts().match(HttpUrl.parse("http://example.com/")));
    assertEquals(Match.NONE, policy.hosts().match(HttpUrl.parse("http://example.org/")));
    assertEquals(List.of("B"), policy.env());
    assertEquals(
        List.of("data/in false", "out/x true"),
        policy.files().stream().map(f -> f.host() + " " + f.writable()).toList());
  }

  @Test
  void whatAGuestSendsNarrowsLists() {
    Policy policy =
        policy(
            """
            {"allowed_hosts":["example.com"],"env_variables":["A","B"],
             "allowed_files":["data","in:ro"]}\
            """);
    Policy narrow =
        policy.narrowedBy(
            TaskConfig.parse(
                """
                {"allowed_hosts":["*"],"env_variables":["B","SECRET"],
                 "allowed_files":["data/x:ro","in","./",".."]}\
                """));
    assertEquals(Match.PUBLIC, narrow.hosts().match(HttpUrl.parse("http://example.com/")));
    assertEquals(Match.NONE, narrow.hosts().match(HttpUrl.parse("http://evil.org/")));
    assertEquals(List.of("B"), narrow.env());
    assertEquals(
        List.of("data/x false", "in false"),
        narrow.files().stream().map(f -> f.host() + " " + f.writable()).toList());
  }

  @Property
  void whatAGuestSendsNeverWidens(
      @ForAll @LongRange(max = 1L << 40) long fuel,
      @ForAll @IntRange(max = 1 << 20) int ram,
      @ForAll @IntRange(min = 1, max = 100_000) int timeout,
      @ForAll @IntRange(max = 50) int retries) {
    Policy policy =
        policy("{\"compute\":\"1000000\",\"ram\":\"64KB\",\"timeout\":\"5s\",\"max_retries\":3}");
    Policy narrow =
        policy.narrowedBy(
            TaskConfig.parse(
                "{\"compute\":%d,\"ram\":\"%d\",\"timeout\":%d,\"max_retries\":%d}"
                    .formatted(fuel, ram, timeout, retries)));
    assertEquals(Math.min(fuel, 1_000_000), narrow.fuel());
    assertEquals(Math.min(ram, 65_536), narrow.ram());
    assertEquals(Duration.ofMillis(Math.min(timeout, 5_000)), narrow.timeout().orElseThrow());
    assertEquals(Math.min(retries, 3), narrow.maxRetries());
    assertEquals(policy, policy.narrowedBy(TaskConfig.EMPTY));
  }

  @ParameterizedTest
  @CsvSource({
    "colour, red, there is no colour",
    "compute, much, compute: \"much\"",
    "max_tasks, -1, max_tasks: \"-1\"",
    "max_depth, 65, from 0 to 64",
    "timeout, 30, timeout: \"30\"",
    "hosts, a b, hosts: \"a b\"",
    "files, /etc, absolute",
  })
  void ceilingsAreParsedStrictly(String key, String value, String message) {
    InvalidConfigException e =
        assertThrows(InvalidConfigException.class, () -> LIMITS.with(key, value));
    assertTrue(e.getMessage().contains(message), e.getMessage());
  }

  private static Policy policy(String config) {
    return Policy.of("t", TaskConfig.parse(config), TaskConfig.EMPTY, LIMITS);
  }
}

package dev.capsule.task.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.capsule.task.policy.HostPattern.Match;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostPatternTest {

  @ParameterizedTest
  @CsvSource({
    "example.com, example.com, NAMED",
    "EXAMPLE.com, Example.COM, NAMED",
    "example.com, example.com., NAMED",
    "example.com, a.b.example.com, PUBLIC",
    "example.com, notexample.com, NONE",
    "*.example.com, a.example.com, PUBLIC",
    "*.example.com, example.com, NONE",
    "*.example.com, a.b.example.com, NONE",
    "api.*, api.x.y, PUBLIC",
    "api.*, api.x, PUBLIC",
    "api.*, api, NONE",
    "a.*.*, a.b.c, NONE",
    "api.*.com, api.x.com, PUBLIC",
    "api.*.com, api.x.y.com, NONE",
    "api*.example.com, api1.example.com, NONE",
    "*.*.com, a.b.com, NONE",
    "com, example.com, PUBLIC",
    "*, anything.example, PUBLIC",
    "*, 127.0.0.1, PUBLIC",
    "0.0.1, 127.0.0.1, NONE",
    "127.0.0.1, 127.0.0.1, NAMED",
    "*.0.0.1, 127.0.0.1, NONE",
    "[::1], [::1], NAMED",
    "[::1], [::2], NONE",
    "localhost, localhost, NAMED",
    "localhost, a.localhost, PUBLIC",
  })
  void host(String entry, String host, Match match) {
    assertEquals(match, HostPattern.parse("allowed_hosts", entry).matchHost(host));
  }

  @ParameterizedTest
  @CsvSource({
    "https://example.com, https://example.com/x, NAMED",
    "https://example.com, http://example.com/x, NONE",
    "https://example.com/, https://example.com/x, NAMED",
    "HTTPS://example.com, https://example.com/x, NAMED",
    "example.com:443, https://example.com/, NAMED",
    "example.com:443, http://example.com/, NONE",
    "example.com:80, http://example.com/, NAMED",
    "http://localhost:8080, http://localhost:8080/a, NAMED",
    "http://localhost:8080, http://localhost:8081/a, NONE",
    "[::1]:8080, http://[::1]:8080/, NAMED",
    "example.com, http://user@example.com:99/, NAMED",
    "example.com, http://example.com@evil.org/, NONE",
  })
  void url(String entry, String url, Match match) {
    assertEquals(match, HostPattern.parse("allowed_hosts", entry).match(URI.create(url)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "ftp://x", "a/b", "x:99999", "a b", "::1", "user@host", "https://"})
  void refused(String entry) {
    InvalidConfigException e =
        assertThrows(InvalidConfigException.class, () -> HostPattern.parse("allowed_hosts", entry));
    assertTrue(e.getMessage().startsWith("allowed_hosts: \"" + entry + "\""), e.getMessage());
  }

  @Test
  void everyListHasToLetARequestThrough() {
    HostRules rules =
        HostRules.of(List.of(pattern("localhost"), pattern("*.example.com")))
            .and(List.of(pattern("*")))
            .and(List.of(pattern("example.com"), pattern("localhost")));
    assertEquals(Match.PUBLIC, rules.match(URI.create("http://a.example.com/")));
    assertEquals(Match.PUBLIC, rules.match(URI.create("http://localhost/")));
    assertEquals(Match.NONE, rules.match(URI.create("http://example.com/")));
    assertEquals(Match.NONE, rules.and(List.of()).match(URI.create("http://a.example.com/")));
    assertTrue(rules.and(List.of()).isEmpty());
  }

  private static HostPattern pattern(String text) {
    return HostPattern.parse("allowed_hosts", text);
  }
}

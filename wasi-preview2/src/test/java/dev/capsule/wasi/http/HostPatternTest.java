package dev.capsule.wasi.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.capsule.wasi.http.HostPattern.Match;
import java.net.InetAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostPatternTest {
  private static final InetAddress TEN = IpText.parseV4("10.0.0.1").orElseThrow();

  @ParameterizedTest
  @CsvSource({
    "example.com, example.com, NAMED",
    "Example.COM, eXample.com, NAMED",
    "example.com, example.com., NAMED",
    "example.com., example.com, NAMED",
    "example.com, a.b.example.com, PUBLIC",
    "example.com, badexample.com, NONE",
    "example.com, example.com.evil.test, NONE",
    "com, example.com, PUBLIC",
    "*.example.com, a.example.com, PUBLIC",
    "*.example.com, a.b.c.example.com, PUBLIC",
    "*.example.com, example.com, NONE",
    "*.example.com, badexample.com, NONE",
    "api.*, api.x.y, PUBLIC",
    "api.*, api, NONE",
    "api.*, xapi.y, NONE",
    "api.*.com, api.x.com, PUBLIC",
    "api.*.com, api.x.y.com, NONE",
    "api*.example.com, api1.example.com, NONE",
    "*.*.com, a.b.com, NONE",
    "*, anything.test, PUBLIC",
    "*, 127.0.0.1, PUBLIC",
    "0.0.1, 127.0.0.1, NONE",
    "1, 127.0.0.1, NONE",
    "*.1, 127.0.0.1, NONE",
    "127.*, 127.0.0.1, NONE",
    "*.0.0.1, 127.0.0.1, NONE",
    "127.0.0.1, 127.0.0.1, NAMED",
    "127.0.0.1, 127.0.0.1.evil.test, NONE",
    "127.0.0.1, '[::ffff:127.0.0.1]', NAMED",
    "'[::1]', '[0:0:0:0:0:0:0:1]', NAMED",
    "'[::1]', '[::2]', NONE",
    "m\u00fcnchen.de, xn--mnchen-3ya.de, NAMED",
    "xn--mnchen-3ya.de, M\u00dcNCHEN.de, NAMED",
    "*.m\u00fcnchen.de, a.xn--mnchen-3ya.de, PUBLIC",
  })
  void hosts(String entry, String host, Match match) {
    assertEquals(match, HostPattern.parse(entry).orElseThrow().matchHost(Host.parse(host)));
  }

  @ParameterizedTest
  @CsvSource({
    "https://example.com, https://example.com/x, NAMED",
    "https://example.com, http://example.com/x, NONE",
    "https://example.com:8443, https://example.com:8443/, NAMED",
    "https://example.com:8443, https://example.com/, NONE",
    "https://example.com:8443/, http://example.com:8443/, NONE",
    "example.com:443, https://example.com/, NAMED",
    "example.com:443, http://example.com/, NONE",
    "example.com:443, http://example.com:443/, NAMED",
    "example.com:80, http://www.example.com/, PUBLIC",
    "http://*, http://x.test/, PUBLIC",
    "http://*, https://x.test/, NONE",
    "*:8080, http://x.test:8080/, PUBLIC",
    "'[::1]:8080', 'http://[::1]:8080/', NAMED",
    "'[::1]:8080', 'http://[::1]/', NONE",
  })
  void schemesAndPorts(String entry, String url, Match match) {
    assertEquals(match, HostPattern.parse(entry).orElseThrow().match(HttpUrl.parse(url)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "ftp://example.com",
        "example.com/path",
        "user@example.com",
        "example.com:99999",
        "example.com:x",
        "a b",
        "a\\b",
        "a%2eb",
        "[::1",
        "[1.2.3.4]",
        "[:::]",
        "https://"
      })
  void malformed(String entry) {
    assertTrue(HostPattern.parse(entry).isEmpty());
    assertThrows(IllegalArgumentException.class, () -> HostRules.of(entry));
  }

  @Test
  void everyListMustAgree() {
    HostRules rules =
        HostRules.of("localhost", "*.example.com", "10.0.0.1")
            .and(HostRules.of("*").lists().getFirst());
    assertEquals(Match.PUBLIC, rules.match(HttpUrl.parse("http://localhost/")));
    assertEquals(Match.PUBLIC, rules.match(HttpUrl.parse("http://a.example.com/")));
    assertEquals(Match.NONE, rules.match(HttpUrl.parse("http://example.com/")));
    assertFalse(rules.grants(TEN, HttpUrl.parse("http://a.example.com/")));
    assertTrue(HostRules.of("*", "10.0.0.1").grants(TEN, HttpUrl.parse("http://a/")));
    assertFalse(HostRules.of("*", "10.0.0.1:81").grants(TEN, HttpUrl.parse("http://a/")));
    assertTrue(HostRules.of().isEmpty());
    assertEquals(Match.NONE, HostRules.of().match(HttpUrl.parse("http://localhost/")));
  }
}

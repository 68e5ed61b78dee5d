package dev.capsule.wasi.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpUrlTest {
  @ParameterizedTest
  @CsvSource({
    "http://example.com, http://example.com/",
    "HTTP://EXAMPLE.com:80/A, http://example.com/A",
    "https://example.com.:443?q=1#f, https://example.com/?q=1",
    "http://example.com:8080//x//, http://example.com:8080//x//",
    "http://a_b.example/%41?a|b=\"{}\", http://a_b.example/%41?a%7Cb=%22%7B%7D%22",
    "http://example.com/\u00e4?\\, http://example.com/%C3%A4?%5C",
    "http://m\u00fcnchen.de/, http://xn--mnchen-3ya.de/",
    "http://EXAMPLE\u3002com/, http://example.com/",
    "http://127.0.0.1/, http://127.0.0.1/",
    "http://[::1]:81/, http://[::1]:81/",
    "http://[2001:0DB8:0:0:1:0:0:1]/, http://[2001:db8::1:0:0:1]/",
    "http://[::ffff:127.0.0.1]/, http://127.0.0.1/",
    "http://[0:0:0:0:0:ffff:7f00:1]/, http://127.0.0.1/",
    "http://[1::]/, http://[1::]/",
    "http://[::]/, http://[::]/",
    "http://1a.example/, http://1a.example/",
    "http://127.0.0.1.example/, http://127.0.0.1.example/",
    "http://example.com/@x:y, http://example.com/@x:y",
  })
  void parses(String text, String canonical) {
    assertEquals(canonical, HttpUrl.parse(text).toString());
    assertEquals(canonical, HttpUrl.parse(canonical).toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "example.com",
        "/x",
        "//example.com/",
        "http:",
        "http:/example.com",
        "http:example.com",
        "http://",
        "http:///x",
        "http://?x",
        "http://:80/",
        "http://user@example.com/",
        "http://user:pass@example.com/",
        "http://@example.com/",
        "http://example.com@evil.test/",
        "http://example.com:80@evil.test/",
        "http://example.com\\@evil.test/",
        "http://example.com\\.evil.test/",
        "http://example.com/a\\..\\b",
        "http://exam ple.com/",
        "http://example.com/a b",
        "http://example.com/\r\nX: y",
        "http://example.com/\u0000",
        "http://example.com\t/",
        " http://example.com/",
        "http://example.com:/",
        "http://example.com:0/",
        "http://example.com:65536/",
        "http://example.com:8O/",
        "http://example.com:80:80/",
        "http://example.com:-1/",
        "http://%65xample.com/",
        "http://127%2e0.0.1/",
        "http://example.com%00.evil.test/",
        "http://.example.com/",
        "http://example..com/",
        "http://example.com../",
        "http://./",
        "http://2130706433/",
        "http://0x7f000001/",
        "http://0x7f.1/",
        "http://0X7F.0.0.1/",
        "http://017700000001/",
        "http://0177.0.0.1/",
        "http://127.1/",
        "http://127.0.1/",
        "http://127.0.0.01/",
        "http://127.0.0.1./",
        "http://127.0.0.256/",
        "http://127.0.0.0x1/",
        "http://1.2.3.4.5/",
        "http://0/",
        "http://example.0/",
        "http://\u2460\u2461\u2466.0.0.1.0x1/",
        "http://[::1/",
        "http://::1/",
        "http://[::1]x/",
        "http://[::1%25lo]/",
        "http://[fe80::1%eth0]/",
        "http://[1:2:3:4:5:6:7]/",
        "http://[1:2:3:4:5:6:7:8:9]/",
        "http://[1::2::3]/",
        "http://[:::]/",
        "http://[12345::]/",
        "http://[::127.0.0.01]/",
        "http://[127.0.0.1]/",
        "http://[]/",
        "http://h/\ud800",
        "http://ex\u00adample\u2100.com/",
        "http://\ud800.example/",
      })
  void refuses(String text) {
    HttpException e = assertThrows(HttpException.class, () -> HttpUrl.parse(text));
    assertEquals(ErrorCode.Plain.HTTP_REQUEST_URI_INVALID, e.code());
  }

  @Test
  void readsDigitsOfOtherScriptsAsTheAddressTheyBecome() {
    // IDNA maps circled and full-width digits and the ideographic full stop.
    assertEquals(
        "127.0.0.1", HttpUrl.parse("http://\u2460\u2461\u2466\u3002\uff10.0.1/").host().toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"ftp://example.com/", "file:///etc/passwd", "gopher://x/", "data:,x", "ws://x/"})
  void refusesOtherSchemes(String text) {
    HttpException e = assertThrows(HttpException.class, () -> HttpUrl.parse(text));
    assertEquals(ErrorCode.Plain.HTTP_REQUEST_DENIED, e.code());
  }

  @Test
  void refusesWhatIsTooLong() {
    String label = "a".repeat(63);
    assertThrows(HttpException.class, () -> HttpUrl.parse("http://" + label + "a.com/"));
    String name = String.join(".", label, label, label, label);
    assertThrows(HttpException.class, () -> HttpUrl.parse("http://" + name + "/"));
    for (String path : new String[] {"a".repeat(20_000), "\u00e4".repeat(10_000)}) {
      HttpException e =
          assertThrows(HttpException.class, () -> HttpUrl.parse("http://example.com/" + path));
      assertEquals(ErrorCode.Plain.HTTP_REQUEST_URI_TOO_LONG, e.code());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "http://h/a/b/c?q, d, http://h/a/b/d",
    "http://h/a/b/c?q, ./d/../e, http://h/a/b/e",
    "http://h/a/b/c?q, ../../../../d, http://h/d",
    "http://h/a/b/c?q, .., http://h/a/",
    "http://h/a/b/c?q, /d//e/, http://h/d//e/",
    "http://h/a/b/c?q, ?r=../x, http://h/a/b/c?r=../x",
    "http://h/a/b/c?q, '', http://h/a/b/c?q",
    "http://h/a/b/c?q, '#f', http://h/a/b/c?q",
    "http://h/a/b/c?q, //o:81/x, http://o:81/x",
    "https://h/a, //o/x, https://o/x",
    "https://h/a, HTTP://o, http://o/",
    "http://h/a, ' /b c ', http://h/b%20c",
    "http://h/a, b:c, denied",
    "http://h/a, ./b:c, http://h/b:c",
    "http://h/a, javascript:x, denied",
    "http://h/a, //u@o/, denied",
    "http://h/a, \\\\o\\x, denied",
    "http://h/a, /\\o, denied",
  })
  void resolves(String base, String location, String expected) {
    HttpUrl from = HttpUrl.parse(base);
    String actual;
    try {
      actual = from.resolve(location).toString();
    } catch (HttpException e) {
      actual = "denied";
    }
    assertEquals(expected, actual);
  }

  @Test
  void readsLocationsAsUtf8() {
    String bytes =
        new String("/\u00e4".getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    assertEquals("/%C3%A4", HttpUrl.parse("http://h/").resolve(bytes).path());
  }

  @Property
  void whateverItIsItBecomesAUrlOrAnHttpException(@ForAll String text) {
    for (String url : new String[] {text, "http://" + text, "http://h/" + text}) {
      try {
        String canonical = HttpUrl.parse(url).toString();
        assertTrue(canonical.chars().allMatch(c -> c > ' ' && c < 0x7f), canonical);
        assertEquals(canonical, HttpUrl.parse(canonical).toString());
      } catch (HttpException e) {
        assertTrue(e.getMessage().chars().noneMatch(Character::isISOControl));
      }
    }
  }
}

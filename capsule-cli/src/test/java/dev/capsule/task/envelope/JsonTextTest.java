package dev.capsule.task.envelope;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import java.io.IOException;
import java.io.StringReader;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTextTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "null|null",
        "` true `|true",
        "-0|-0",
        "1e400|1e400",
        "-12.50E+07|-12.50E+07",
        "123456789012345678901234567890|123456789012345678901234567890",
        "` [ ] `|[]",
        "`{ }`|{}",
        "`{ \"z\" : 1 , \"a\" : [ 2 , { } ] }`|{\"z\":1,\"a\":[2,{}]}",
        "`\" \\u00e9 \\n é \"`|`\" \\u00e9 \\n é \"`",
        "`[[],[[]],{\"a\":{}}]`|[[],[[]],{\"a\":{}}]",
      })
  void compacts(String in, String out) {
    assertEquals(out, JsonText.check(in).text());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "NaN",
        "Infinity",
        "-Infinity",
        "-",
        "01",
        "1.",
        ".5",
        "1e",
        "+1",
        "tru",
        "nul",
        "'a'",
        "\"",
        "\"\\x\"",
        "\"\\u12g4\"",
        "\"\n\"",
        "[",
        "[1",
        "[1,",
        "[1,]",
        "[,]",
        "{",
        "{1:2}",
        "{\"a\"}",
        "{\"a\":}",
        "{\"a\":1,}",
        "{\"a\":1",
        "[1}",
        "{\"a\":1]",
        "1 2",
        "[] []",
        "undefined",
        "{\"result\":NaN}"
      })
  void refuses(String in) {
    assertThrows(InvalidJsonException.class, () -> JsonText.check(in));
  }

  @Test
  void depthIsBounded() {
    String deep = "[".repeat(JsonText.MAX_DEPTH) + "]".repeat(JsonText.MAX_DEPTH);
    assertEquals(deep, JsonText.check(deep).text());
    InvalidJsonException e =
        assertThrows(InvalidJsonException.class, () -> JsonText.check("[".repeat(1_000_000)));
    assertTrue(e.getMessage().contains("nested deeper than 512"), e.getMessage());
  }

  @Test
  void tellsTheKeysOfTheOutermostObjectOnly() {
    assertEquals(Set.of("a", "b"), JsonText.check("{\"a\":{\"c\":1},\"b\":[{\"d\":2}]}").keys());
    assertEquals(Set.of(), JsonText.check("[{\"a\":1}]").keys());
  }

  @Test
  void loneSurrogatesSurviveAsEscapes() {
    assertEquals("\"x\\ud83dy😀\"", JsonText.check("\"x\ud83dy😀\"").text());
    assertEquals("\"\\ude00\"", JsonText.quote("\ude00"));
  }

  @Property
  void quotingIsUndoneByAnyReader(@ForAll String text) {
    String read = JsonParser.parseString(JsonText.quote(text)).getAsString();
    assertEquals(text, read);
    assertEquals(JsonText.quote(text), JsonText.check(JsonText.quote(text)).text());
  }

  @Property
  void agreesWithAnotherParser(
      @ForAll
          @Chars({'{', '}', '[', ']', ',', ':', '"', ' ', 'e', '.', '-', '\\', 'n'})
          @CharRange(from = '0', to = '2')
          @StringLength(max = 12)
          String text) {
    boolean valid = isValid(text);
    if (valid) {
      JsonElement expected = JsonParser.parseString(text);
      assertEquals(
          expected.toString(), JsonParser.parseString(JsonText.check(text).text()).toString());
    } else {
      assertThrows(InvalidJsonException.class, () -> JsonText.check(text));
    }
  }

  private static boolean isValid(String text) {
    try {
      JsonReader reader = new JsonReader(new StringReader(text));
      reader.setStrictness(Strictness.STRICT);
      reader.skipValue();
      return reader.peek() == JsonToken.END_DOCUMENT;
    } catch (IOException | IllegalStateException | NumberFormatException e) {
      return false;
    }
  }
}

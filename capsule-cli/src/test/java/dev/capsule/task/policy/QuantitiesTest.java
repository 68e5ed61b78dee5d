package dev.capsule.task.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QuantitiesTest {

  @ParameterizedTest
  @CsvSource({
    "LOW, 100000000",
    "low, 100000000",
    "Medium, 2000000000",
    "HIGH, 50000000000",
    "0, 0",
    "12345, 12345",
    "9223372036854775807, 9223372036854775807",
    "18446744073709551615, 9223372036854775807",
  })
  void fuel(String text, long fuel) {
    assertEquals(fuel, Quantities.fuel("compute", text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CUSTOM",
        "1e9",
        "1_000",
        "-5",
        " 5",
        "5 ",
        "",
        "MED",
        "18446744073709551616",
        "5.0"
      })
  void noFuel(String text) {
    InvalidConfigException e =
        assertThrows(InvalidConfigException.class, () -> Quantities.fuel("compute", text));
    assertEquals("compute", e.key());
    assertTrue(e.getMessage().contains('"' + text + '"'), e.getMessage());
    assertTrue(e.getMessage().contains("LOW"), e.getMessage());
  }

  @ParameterizedTest
  @CsvSource({
    "64MB, 67108864",
    "64 mb, 67108864",
    "'  64MB ', 67108864",
    "2GB, 2147483648",
    "100KB, 102400",
    "1048576, 1048576",
    "0, 0",
    "99999999999GB, 9223372036854775807",
  })
  void bytes(String text, long bytes) {
    assertEquals(bytes, Quantities.bytes("ram", text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"1.5GB", "512M", "1TiB", "MB", "-1MB", "", "5MBMB", "1 000", "64B", "0x10"})
  void noBytes(String text) {
    InvalidConfigException e =
        assertThrows(InvalidConfigException.class, () -> Quantities.bytes("ram", text));
    assertTrue(e.getMessage().startsWith("ram: \"" + text + "\""), e.getMessage());
    assertTrue(e.getMessage().contains("64MB"), e.getMessage());
  }

  @ParameterizedTest
  @CsvSource({
    "30s, 30000000000",
    "1h 30m, 5400000000000",
    "2min5s, 125000000000",
    "1.8s, 1800000000",
    "' 2 min ', 120000000000",
    "0s, 0",
    "0, 0",
    "1ns, 1",
    "1nsec, 1",
    "1nanos, 1",
    "1us, 1000",
    "1usec, 1000",
    "1µs, 1000",
    "1ms, 1000000",
    "1msec, 1000000",
    "1millis, 1000000",
    "1s, 1000000000",
    "1sec, 1000000000",
    "2secs, 2000000000",
    "1second, 1000000000",
    "2seconds, 2000000000",
    "1m, 60000000000",
    "1min, 60000000000",
    "2mins, 120000000000",
    "1minute, 60000000000",
    "2minutes, 120000000000",
    "1h, 3600000000000",
    "1hr, 3600000000000",
    "1hrs, 3600000000000",
    "1hour, 3600000000000",
    "1hours, 3600000000000",
    "1d, 86400000000000",
    "1day, 86400000000000",
    "1days, 86400000000000",
    "1w, 604800000000000",
    "1wk, 604800000000000",
    "1wks, 604800000000000",
    "1week, 604800000000000",
    "1weeks, 604800000000000",
    "5M, 13150080000000000",
    "1month, 2630016000000000",
    "1months, 2630016000000000",
    "1y, 31557600000000000",
    "1yr, 31557600000000000",
    "1yrs, 31557600000000000",
    "1year, 31557600000000000",
    "1years, 31557600000000000",
    "9999999999y, 9223372036854775807",
  })
  void duration(String text, long nanos) {
    assertEquals(Duration.ofNanos(nanos), Quantities.duration("timeout", text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"30", "30S", "", "s", "-1s", "1.s", ".5s", "1s,2s", "1e3s", "1 2s", "1H"})
  void noDuration(String text) {
    InvalidConfigException e =
        assertThrows(InvalidConfigException.class, () -> Quantities.duration("timeout", text));
    assertTrue(e.getMessage().contains('"' + text + '"'), e.getMessage());
    assertTrue(e.getMessage().contains("30s"), e.getMessage());
  }

  @ParameterizedTest
  @CsvSource({
    "67108864, 64MB",
    "1073741824, 1GB",
    "1025, 1025 bytes",
    "0, 0 bytes",
    "1024, 1KB",
  })
  void shownBytes(long bytes, String text) {
    assertEquals(text, Quantities.formatBytes(bytes));
  }
}

package dev.capsule.task.policy;

import dev.capsule.wasi.http.HostPattern;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The values of a configuration, from text: fuel, bytes, durations, hosts. */
public final class Quantities {
  /** Fuel of level LOW. */
  public static final long LOW = 100_000_000L;

  /** Fuel of level MEDIUM. */
  public static final long MEDIUM = 2_000_000_000L;

  /** Fuel of level HIGH. */
  public static final long HIGH = 50_000_000_000L;

  private static final String FUEL_FORMS =
      "\"LOW\", \"MEDIUM\", \"HIGH\" or a whole number of fuel units such as \"5000000\"";
  private static final String BYTE_FORMS =
      "a whole number of bytes or with KB, MB or GB, such as \"64MB\"";
  private static final String DURATION_FORMS =
      "a number with a unit, such as \"500ms\", \"30s\", \"2m\" or \"1h 30m\"";

  private static final BigInteger UNSIGNED_64 = BigInteger.ONE.shiftLeft(64);
  private static final BigInteger LONG_MAX = BigInteger.valueOf(Long.MAX_VALUE);
  private static final Pattern DIGITS = Pattern.compile("[0-9]{1,40}");
  private static final Pattern BYTES = Pattern.compile("([0-9]{1,40})\\s*(GB|MB|KB)?");
  private static final Pattern DURATION_PART =
      Pattern.compile("\\s*([0-9]{1,40}(?:\\.[0-9]{1,40})?)\\s*([A-Za-z\u00b5\u03bc]+)\\s*");
  private static final Map<String, BigDecimal> UNITS = units();

  private Quantities() {}

  /** An entry of a list of allowed hosts. */
  public static HostPattern host(String key, String text) {
    return HostPattern.parse(text)
        .orElseThrow(() -> InvalidConfigException.of(key, quote(text), HostPattern.FORMS));
  }

  /** Fuel from a level's name, in any case of letters, or a number below 2^64. */
  public static long fuel(String key, String text) {
    switch (text.toUpperCase(Locale.ROOT)) {
      case "LOW":
        return LOW;
      case "MEDIUM":
        return MEDIUM;
      case "HIGH":
        return HIGH;
      default:
        if (DIGITS.matcher(text).matches()) {
          BigInteger number = new BigInteger(text);
          if (number.compareTo(UNSIGNED_64) < 0) {
            return number.min(LONG_MAX).longValue();
          }
        }
        throw InvalidConfigException.of(key, quote(text), FUEL_FORMS);
    }
  }

  /** Bytes from a number with an optional suffix, in any case of letters; powers of 1024. */
  public static long bytes(String key, String text) {
    Matcher matcher = BYTES.matcher(text.strip().toUpperCase(Locale.ROOT));
    if (!matcher.matches()) {
      throw InvalidConfigException.of(key, quote(text), BYTE_FORMS);
    }
    String suffix = matcher.group(2) == null ? "" : matcher.group(2);
    int shift =
        switch (suffix) {
          case "GB" -> 30;
          case "MB" -> 20;
          case "KB" -> 10;
          default -> 0;
        };
    return new BigInteger(matcher.group(1)).shiftLeft(shift).min(LONG_MAX).longValue();
  }

  /**
   * A duration from numbers with units, which are case-sensitive: {@code m} is a minute, {@code M}
   * a month. A lone {@code 0} needs no unit.
   */
  public static Duration duration(String key, String text) {
    if (text.strip().equals("0")) {
      return Duration.ZERO;
    }
    Matcher matcher = DURATION_PART.matcher(text);
    BigDecimal nanos = BigDecimal.ZERO;
    int end = 0;
    while (end < text.length() && matcher.find(end) && matcher.start() == end) {
      BigDecimal unit = UNITS.get(matcher.group(2));
      if (unit == null) {
        throw InvalidConfigException.of(key, quote(text), DURATION_FORMS);
      }
      nanos = nanos.add(new BigDecimal(matcher.group(1)).multiply(unit));
      end = matcher.end();
    }
    if (end == 0 || end < text.length()) {
      throw InvalidConfigException.of(key, quote(text), DURATION_FORMS);
    }
    BigInteger whole = nanos.setScale(0, RoundingMode.DOWN).toBigInteger();
    return Duration.ofNanos(whole.min(LONG_MAX).longValue());
  }

  /** A duration from a number of milliseconds; 0 is refused because it once meant no limit. */
  public static Duration milliseconds(String key, BigDecimal number) {
    if (number.signum() <= 0) {
      throw InvalidConfigException.of(
          key, number.toPlainString(), "milliseconds above 0, or leave the key out for no limit");
    }
    BigInteger nanos = number.movePointRight(6).setScale(0, RoundingMode.DOWN).toBigInteger();
    return Duration.ofNanos(nanos.min(LONG_MAX).longValue());
  }

  /** Bytes for people: {@code 64MB}, or plain bytes if that would not be exact. */
  public static String formatBytes(long bytes) {
    for (int shift = 30; shift >= 10; shift -= 10) {
      if (bytes >= 1L << shift && bytes % (1L << shift) == 0) {
        return (bytes >> shift) + (shift == 30 ? "GB" : shift == 20 ? "MB" : "KB");
      }
    }
    return bytes + " bytes";
  }

  /** A level's name, or the number. */
  public static String formatFuel(long fuel) {
    if (fuel == LOW) {
      return "LOW (100,000,000)";
    } else if (fuel == MEDIUM) {
      return "MEDIUM (2,000,000,000)";
    } else if (fuel == HIGH) {
      return "HIGH (50,000,000,000)";
    }
    return fuel == Long.MAX_VALUE ? "unlimited" : String.format(Locale.ROOT, "%,d", fuel);
  }

  static String quote(String text) {
    String shown = text.length() > 80 ? text.substring(0, 80) + "…" : text;
    return '"' + shown.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + '"';
  }

  private static Map<String, BigDecimal> units() {
    Map<String, BigDecimal> units = new TreeMap<>();
    put(units, "1", "ns", "nsec", "nanos");
    put(units, "1000", "us", "usec", "\u00b5s", "\u03bcs", "micros");
    put(units, "1000000", "ms", "msec", "millis");
    put(units, "1000000000", "s", "sec", "secs", "second", "seconds");
    put(units, "60000000000", "m", "min", "mins", "minute", "minutes");
    put(units, "3600000000000", "h", "hr", "hrs", "hour", "hours");
    put(units, "86400000000000", "d", "day", "days");
    put(units, "604800000000000", "w", "wk", "wks", "week", "weeks");
    put(units, "2630016000000000", "M", "month", "months");
    put(units, "31557600000000000", "y", "yr", "yrs", "year", "years");
    return Map.copyOf(units);
  }

  private static void put(Map<String, BigDecimal> units, String nanos, String... names) {
    for (String name : names) {
      units.put(name, new BigDecimal(nanos));
    }
  }
}

package dev.capsule.engine.binary;

import java.util.HexFormat;

/** Modules written as hexadecimal digits with blanks between them. */
public final class Hex {
  private Hex() {}

  public static byte[] bytes(String digits) {
    return HexFormat.of().parseHex(digits.replace(" ", ""));
  }

  /** Magic number and version, then the given sections. */
  public static byte[] module(String... sections) {
    return bytes("00 61 73 6d 01 00 00 00" + String.join("", sections));
  }

  /** A module of one function of type [] -> [], whose body (with locals) is given. */
  public static byte[] function(String body) {
    return function("60 00 00", body);
  }

  /** A module of one function of the given type and body. */
  public static byte[] function(String type, String body) {
    return module(
        section(1, "01" + type), section(3, "01 00"), section(10, "01" + length(body) + body));
  }

  public static String section(int id, String content) {
    return String.format("%02x", id) + length(content) + content;
  }

  /** A list of {@code count} times the same item. */
  public static String repeat(int count, String item) {
    return leb(count) + item.repeat(count);
  }

  /** The length of hexadecimal digits in bytes. */
  private static String length(String digits) {
    return leb(digits.replace(" ", "").length() / 2);
  }

  private static String leb(int value) {
    ByteWriter out = new ByteWriter();
    out.u32(value);
    return HexFormat.of().formatHex(out.toByteArray());
  }
}

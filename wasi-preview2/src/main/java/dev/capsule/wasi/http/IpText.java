package dev.capsule.wasi.http;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;

/**
 * Addresses from text, in their standard forms only. The JDK's own parser takes {@code 127.1} and
 * {@code 2130706433} for addresses and asks the name server about the rest.
 */
final class IpText {
  private IpText() {}

  /** Four decimal numbers without leading zeros. */
  static Optional<InetAddress> parseV4(String text) {
    String[] parts = text.split("\\.", -1);
    if (parts.length != 4) {
      return Optional.empty();
    }
    byte[] bytes = new byte[4];
    for (int i = 0; i < 4; i++) {
      int value = decimalByte(parts[i]);
      if (value < 0) {
        return Optional.empty();
      }
      bytes[i] = (byte) value;
    }
    return Optional.of(address(bytes));
  }

  private static int decimalByte(String part) {
    if (part.isEmpty() || part.length() > 3 || !part.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return -1;
    }
    int value = Integer.parseInt(part);
    return value > 255 || (part.length() > 1 && part.charAt(0) == '0') ? -1 : value;
  }

  /**
   * RFC 4291 2.2, without brackets and zone. An IPv4 address mapped into IPv6 comes back as what it
   * is, an IPv4 address.
   */
  static Optional<InetAddress> parseV6(String text) {
    int gap = text.indexOf("::");
    if (gap >= 0 && text.indexOf("::", gap + 1) >= 0) {
      return Optional.empty();
    }
    byte[] bytes = new byte[16];
    if (gap < 0) {
      return groups(text, bytes, true) == 16 ? Optional.of(address(bytes)) : Optional.empty();
    }
    byte[] tail = new byte[16];
    String left = text.substring(0, gap);
    String right = text.substring(gap + 2);
    int before = left.isEmpty() ? 0 : groups(left, bytes, false);
    int after = right.isEmpty() ? 0 : groups(right, tail, true);
    if (before < 0 || after < 0 || before + after > 14) {
      return Optional.empty();
    }
    System.arraycopy(tail, 0, bytes, 16 - after, after);
    return Optional.of(address(bytes));
  }

  /** Writes the groups to {@code into} and answers how many bytes they are; -1 if malformed. */
  private static int groups(String text, byte[] into, boolean mayEndInV4) {
    String[] groups = text.split(":", -1);
    int at = 0;
    for (int i = 0; i < groups.length; i++) {
      String group = groups[i];
      if (group.indexOf('.') >= 0) {
        Optional<InetAddress> v4 = parseV4(group);
        if (!mayEndInV4 || i != groups.length - 1 || v4.isEmpty() || at > 12) {
          return -1;
        }
        System.arraycopy(v4.get().getAddress(), 0, into, at, 4);
        return at + 4;
      }
      if (group.isEmpty()
          || group.length() > 4
          || at > 14
          || !group.chars().allMatch(c -> c < 0x80 && Character.digit(c, 16) >= 0)) {
        return -1;
      }
      int value = Integer.parseInt(group, 16);
      into[at++] = (byte) (value >> 8);
      into[at++] = (byte) value;
    }
    return at;
  }

  /** An address as RFC 5952 writes it: the longest run of zero groups as {@code ::}. */
  static String format(InetAddress address) {
    if (!(address instanceof Inet6Address)) {
      return address.getHostAddress();
    }
    byte[] bytes = address.getAddress();
    int best = -1;
    int length = 1;
    for (int i = 0; i < 8; i++) {
      int end = i;
      while (end < 8 && bytes[2 * end] == 0 && bytes[2 * end + 1] == 0) {
        end++;
      }
      if (end - i > length) {
        best = i;
        length = end - i;
      }
    }
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < 8; i++) {
      if (i == best) {
        out.append("::");
        i += length - 1;
        continue;
      }
      if (i > 0 && i != best + length) {
        out.append(':');
      }
      out.append(Integer.toHexString((bytes[2 * i] & 0xff) << 8 | (bytes[2 * i + 1] & 0xff)));
    }
    return out.toString();
  }

  static InetAddress address(byte[] bytes) {
    try {
      return InetAddress.getByAddress(bytes);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("an address has 4 or 16 bytes", e);
    }
  }
}

package dev.capsule.wasi.http;

import java.net.IDN;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Locale;
import java.util.Optional;

/** The host of a URL in its one canonical form, by which it is judged, resolved and reported. */
public sealed interface Host {

  /**
   * A name.
   *
   * @param name lower case, ASCII (Punycode for others), without trailing dot
   */
  record Name(String name) implements Host {
    @Override
    public String toString() {
      return name;
    }
  }

  /** An address written as such. */
  record Address(InetAddress address) implements Host {
    @Override
    public String toString() {
      String text = IpText.format(address);
      return address instanceof Inet6Address ? "[" + text + "]" : text;
    }
  }

  /**
   * Parses a name, an IPv4 address of four decimal numbers, or an IPv6 address in brackets.
   *
   * @throws HttpException {@code HTTP-request-URI-invalid} for everything else, other spellings of
   *     addresses among it
   */
  static Host parse(String text) {
    if (text.startsWith("[")) {
      Optional<InetAddress> v6 =
          text.endsWith("]")
              ? IpText.parseV6(text.substring(1, text.length() - 1))
              : Optional.empty();
      return new Address(v6.orElseThrow(() -> invalid(text, "it is not an IPv6 address")));
    }
    String ascii = ascii(text);
    String name = ascii.endsWith(".") ? ascii.substring(0, ascii.length() - 1) : ascii;
    String[] labels = name.split("\\.", -1);
    if (looksNumeric(labels[labels.length - 1])) {
      Optional<InetAddress> v4 = ascii.endsWith(".") ? Optional.empty() : IpText.parseV4(ascii);
      return new Address(
          v4.orElseThrow(
              () -> invalid(text, "write an IPv4 address as four decimal numbers, 192.0.2.1")));
    }
    if (name.length() > 253) {
      throw invalid(text, "it is longer than 253 characters");
    }
    for (String label : labels) {
      if (label.isEmpty() || label.length() > 63) {
        throw invalid(text, "a part between dots is empty or longer than 63 characters");
      }
      if (!label.chars().allMatch(Host::isNameCharacter)) {
        throw invalid(text, "a name has only letters, digits, '-', '_' and dots");
      }
    }
    return new Name(name);
  }

  private static String ascii(String text) {
    if (text.chars().allMatch(c -> c < 0x80)) {
      return text.toLowerCase(Locale.ROOT);
    }
    try {
      return IDN.toASCII(text).toLowerCase(Locale.ROOT);
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      throw invalid(text, "it is not an internationalised name");
    }
  }

  /** What URL parsers elsewhere take for the end of an IPv4 address. */
  private static boolean looksNumeric(String label) {
    return label.chars().allMatch(c -> c >= '0' && c <= '9') && !label.isEmpty()
        || label.startsWith("0x");
  }

  private static boolean isNameCharacter(int c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  }

  private static HttpException invalid(String text, String why) {
    return HttpException.invalidUrl("host " + HttpException.quote(text) + " is invalid: " + why);
  }
}

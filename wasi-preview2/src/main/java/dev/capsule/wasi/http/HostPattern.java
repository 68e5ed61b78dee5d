package dev.capsule.wasi.http;

import java.net.IDN;
import java.net.InetAddress;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An entry of a list of allowed hosts: {@code [SCHEME://]HOST[:PORT]}. Without scheme or port, any.
 *
 * <ul>
 *   <li>{@code *} is every host; a plain domain is that host and all its subdomains;
 *   <li>{@code *.example.com} is all subdomains at any depth and not the domain itself; {@code
 *       api.*} is any labels behind; elsewhere a label {@code *} is exactly one label;
 *   <li>an address, {@code 127.0.0.1} or {@code [::1]}, is only itself.
 * </ul>
 */
public final class HostPattern {
  /** How far a pattern lets a host through. */
  public enum Match {
    /** Not at all. */
    NONE,
    /** If the host's address is a public one. */
    PUBLIC,
    /** Even if its address is private: the entry names exactly this host. */
    NAMED
  }

  private static final Pattern FORM =
      Pattern.compile(
          "(?:(https?)://)?(\\[[0-9A-Fa-f:.]+\\]|[^\\s/\\\\:\\[\\]@?#%]+)(?::([0-9]{1,5}))?/?",
          Pattern.CASE_INSENSITIVE);
  private static final Pattern IPV4 = Pattern.compile("[0-9]+(\\.[0-9]+)*");

  private final String text;
  private final Optional<String> scheme;
  private final Optional<InetAddress> address;
  private final String host;
  private final List<String> labels;
  private final OptionalInt port;

  private HostPattern(String text, Optional<String> scheme, String host, OptionalInt port) {
    this.text = text;
    this.scheme = scheme;
    this.address =
        host.startsWith("[")
            ? IpText.parseV6(host.substring(1, host.length() - 1))
            : IpText.parseV4(host);
    this.host = host;
    this.labels = List.of(host.split("\\.", -1));
    this.port = port;
  }

  /**
   * Parses an entry, in any case of letters; empty if it is none.
   *
   * @see #FORMS
   */
  public static Optional<HostPattern> parse(String text) {
    Matcher matcher = FORM.matcher(text.strip());
    if (!matcher.matches()) {
      return Optional.empty();
    }
    OptionalInt port = OptionalInt.empty();
    if (matcher.group(3) != null) {
      port = OptionalInt.of(Integer.parseInt(matcher.group(3)));
      if (port.getAsInt() > 65535) {
        return Optional.empty();
      }
    }
    Optional<String> host = canonical(matcher.group(2));
    Optional<String> scheme = Optional.ofNullable(matcher.group(1)).map(HostPattern::lower);
    if (host.isEmpty()) {
      return Optional.empty();
    }
    HostPattern pattern = new HostPattern(text, scheme, host.get(), port);
    return pattern.host.startsWith("[") && pattern.address.isEmpty()
        ? Optional.empty()
        : Optional.of(pattern);
  }

  /** What entries look like, for error messages. */
  public static final String FORMS =
      "a host such as \"example.com\", \"*.example.com\", \"https://example.com:8443\","
          + " \"127.0.0.1\", \"[::1]\" or \"*\"";

  private static Optional<String> canonical(String text) {
    String name = lower(text);
    if (!name.chars().allMatch(c -> c < 0x80)) {
      try {
        name = lower(IDN.toASCII(name));
      } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
        return Optional.empty();
      }
    }
    boolean absolute = name.endsWith(".") && name.length() > 1;
    return Optional.of(absolute ? name.substring(0, name.length() - 1) : name);
  }

  private static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }

  /** Whether and how this entry lets a request through. */
  public Match match(HttpUrl url) {
    return appliesTo(url) ? matchHost(url.host()) : Match.NONE;
  }

  /** Whether this entry is exactly this address, for the scheme and port of the request. */
  public boolean grants(InetAddress resolved, HttpUrl url) {
    return appliesTo(url) && address.isPresent() && address.get().equals(resolved);
  }

  private boolean appliesTo(HttpUrl url) {
    return (scheme.isEmpty() || scheme.get().equals(url.scheme()))
        && (port.isEmpty() || port.getAsInt() == url.port());
  }

  /** Whether and how this entry lets a host through, whatever scheme and port it demands. */
  Match matchHost(Host asked) {
    return switch (asked) {
      case Host.Address a when address.isPresent() && address.get().equals(a.address()) ->
          Match.NAMED;
      case Host.Address a -> host.equals("*") ? Match.PUBLIC : Match.NONE;
      case Host.Name n -> matchName(n.name());
    };
  }

  private Match matchName(String name) {
    if (host.equals("*")) {
      return Match.PUBLIC;
    }
    if (host.startsWith("[") || IPV4.matcher(host).matches()) {
      return Match.NONE;
    }
    if (host.equals(name)) {
      return Match.NAMED;
    }
    boolean within =
        host.contains("*") ? matchLabels(List.of(name.split("\\."))) : name.endsWith("." + host);
    return within ? Match.PUBLIC : Match.NONE;
  }

  private boolean matchLabels(List<String> name) {
    int count = labels.size();
    if (labels.getFirst().equals("*")) {
      List<String> rest = labels.subList(1, count);
      return name.size() >= count
          && name.subList(name.size() - rest.size(), name.size()).equals(rest);
    }
    if (labels.getLast().equals("*")) {
      List<String> front = labels.subList(0, count - 1);
      return name.size() >= count && name.subList(0, front.size()).equals(front);
    }
    if (name.size() != count) {
      return false;
    }
    for (int i = 0; i < count; i++) {
      if (!labels.get(i).equals("*") && !labels.get(i).equals(name.get(i))) {
        return false;
      }
    }
    return true;
  }

  /** As it was written. */
  @Override
  public String toString() {
    return text;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof HostPattern pattern && pattern.text.equalsIgnoreCase(text);
  }

  @Override
  public int hashCode() {
    return lower(text).hashCode();
  }
}

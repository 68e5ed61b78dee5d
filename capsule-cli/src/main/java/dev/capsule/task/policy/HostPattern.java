package dev.capsule.task.policy;

import java.net.URI;
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
 *   <li>{@code *.example.com} is one label in front; {@code api.*} is any labels behind; otherwise
 *       a label {@code *} is exactly one label;
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
          "(?:(https?)://)?(\\[[0-9A-Fa-f:.]+\\]|[^\\s/:\\[\\]@?#]+)(?::([0-9]{1,5}))?/?",
          Pattern.CASE_INSENSITIVE);
  private static final Pattern IPV4 = Pattern.compile("[0-9]+(\\.[0-9]+)*");

  private final String text;
  private final Optional<String> scheme;
  private final String[] labels;
  private final OptionalInt port;

  private HostPattern(String text, Optional<String> scheme, String[] labels, OptionalInt port) {
    this.text = text;
    this.scheme = scheme;
    this.labels = labels;
    this.port = port;
  }

  /** Parses an entry, in any case of letters. */
  public static HostPattern parse(String key, String text) {
    Matcher matcher = FORM.matcher(text.strip());
    if (!matcher.matches()
        || (matcher.group(3) != null && Integer.parseInt(matcher.group(3)) > 65535)) {
      throw InvalidConfigException.of(
          key,
          Quantities.quote(text),
          "a host such as \"example.com\", \"*.example.com\", \"https://example.com:8443\","
              + " \"127.0.0.1\", \"[::1]\" or \"*\"");
    }
    String host = matcher.group(2).toLowerCase(Locale.ROOT);
    return new HostPattern(
        text,
        Optional.ofNullable(matcher.group(1)).map(s -> s.toLowerCase(Locale.ROOT)),
        isAddress(host) ? new String[] {host} : host.split("\\.", -1),
        matcher.group(3) == null
            ? OptionalInt.empty()
            : OptionalInt.of(Integer.parseInt(matcher.group(3))));
  }

  /** Whether and how this entry lets a request through; {@code url} is absolute, http or https. */
  public Match match(URI url) {
    String host = url.getHost();
    if (host == null || (scheme.isPresent() && !scheme.get().equalsIgnoreCase(url.getScheme()))) {
      return Match.NONE;
    }
    int actualPort =
        url.getPort() >= 0 ? url.getPort() : "https".equalsIgnoreCase(url.getScheme()) ? 443 : 80;
    if (port.isPresent() && port.getAsInt() != actualPort) {
      return Match.NONE;
    }
    return matchHost(host);
  }

  /** Whether and how this entry lets a host through, whatever scheme and port it demands. */
  Match matchHost(String name) {
    String host = name.toLowerCase(Locale.ROOT);
    if (host.endsWith(".")) {
      host = host.substring(0, host.length() - 1);
    }
    String entry = String.join(".", labels);
    if (entry.equals(host)) {
      return entry.contains("*") ? Match.NONE : Match.NAMED;
    }
    if (entry.equals("*")) {
      return Match.PUBLIC;
    }
    if (isAddress(host) || isAddress(entry)) {
      return Match.NONE;
    }
    if (!entry.contains("*")) {
      return host.endsWith("." + entry) ? Match.PUBLIC : Match.NONE;
    }
    return matchLabels(host.split("\\.", -1)) ? Match.PUBLIC : Match.NONE;
  }

  private boolean matchLabels(String[] host) {
    boolean open = labels[labels.length - 1].equals("*") && !labels[0].equals("*");
    if (open ? labels.length > host.length : labels.length != host.length) {
      return false;
    }
    int fixed = open ? labels.length - 1 : labels.length;
    for (int i = 0; i < fixed; i++) {
      // A leading * frees the first label only, a trailing one no other.
      boolean free = labels[i].equals("*") && (labels[0].equals("*") ? i == 0 : !open);
      if (!free && !labels[i].equals(host[i])) {
        return false;
      }
    }
    return true;
  }

  private static boolean isAddress(String host) {
    return host.startsWith("[") || IPV4.matcher(host).matches();
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
    return text.toLowerCase(Locale.ROOT).hashCode();
  }
}

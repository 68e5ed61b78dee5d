package dev.capsule.wasi.http;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An absolute {@code http} or {@code https} URL, taken apart in one strict way, so that what is
 * judged is what is asked. User names, backslashes, spaces and encoded hosts are refused rather
 * than interpreted; the fragment is dropped.
 *
 * @param scheme {@code http} or {@code https}
 * @param host canonical
 * @param port the effective port
 * @param path path and query as sent, starting with a slash
 */
public record HttpUrl(String scheme, Host host, int port, String path) {
  /** The longest URL accepted, in characters. */
  public static final int MAX_LENGTH = 16 * 1024;

  private static final Pattern ABSOLUTE = Pattern.compile("([A-Za-z][A-Za-z0-9+.-]*):(.*)");
  private static final Pattern AUTHORITY =
      Pattern.compile("(\\[[^\\[\\]]*\\]|[^:\\[\\]]*)(?::([0-9]{1,5}))?");

  /**
   * Parses a URL.
   *
   * @throws HttpException {@code HTTP-request-URI-invalid}, {@code HTTP-request-URI-too-long}, or
   *     {@code HTTP-request-denied} for another scheme
   */
  public static HttpUrl parse(String text) {
    if (text.length() > MAX_LENGTH) {
      throw new HttpException(
          ErrorCode.Plain.HTTP_REQUEST_URI_TOO_LONG,
          "the URL has " + text.length() + " characters, at most " + MAX_LENGTH + " are accepted");
    }
    if (text.chars().anyMatch(c -> c <= ' ' || c == 0x7f)) {
      throw invalid(text, "it has a space or a control character");
    }
    Matcher matcher = ABSOLUTE.matcher(text);
    if (!matcher.matches()) {
      throw invalid(text, "it is not absolute; start it with http:// or https://");
    }
    String rest = matcher.group(2);
    if (!rest.startsWith("//")) {
      requireScheme(matcher.group(1));
      throw invalid(text, "the scheme must be followed by ://");
    }
    int end = endOfAuthority(rest);
    return of(matcher.group(1), rest.substring(2, end), rest.substring(end));
  }

  /**
   * A URL from the parts of an outgoing request.
   *
   * @param pathWithQuery may be empty
   * @throws HttpException as {@link #parse}
   */
  public static HttpUrl of(String scheme, String authority, String pathWithQuery) {
    String known = requireScheme(scheme);
    if (authority.indexOf('@') >= 0) {
      throw invalid(authority, "a user name before the host is refused; use a header");
    }
    Matcher matcher = AUTHORITY.matcher(authority);
    if (!matcher.matches() || matcher.group(1).isEmpty()) {
      throw invalid(authority, "it has no host, or more than host and port");
    }
    Host host = Host.parse(matcher.group(1));
    int port = known.equals("https") ? 443 : 80;
    if (matcher.group(2) != null) {
      port = Integer.parseInt(matcher.group(2));
      if (port < 1 || port > 65535) {
        throw invalid(authority, "ports are 1 to 65535");
      }
    }
    return new HttpUrl(known, host, port, encode(pathWithQuery));
  }

  private static String requireScheme(String scheme) {
    String lower = scheme.toLowerCase(Locale.ROOT);
    if (!lower.equals("http") && !lower.equals("https")) {
      throw HttpException.denied(
          "scheme " + HttpException.quote(scheme) + " is not allowed, only http and https");
    }
    return lower;
  }

  private static int endOfAuthority(String rest) {
    for (int i = 2; i < rest.length(); i++) {
      if ("/?#".indexOf(rest.charAt(i)) >= 0) {
        return i;
      }
    }
    return rest.length();
  }

  /** The path as it may stand in a request line; what other parsers might misread is encoded. */
  private static String encode(String text) {
    int fragment = text.indexOf('#');
    String plain = fragment < 0 ? text : text.substring(0, fragment);
    int query = plain.indexOf('?');
    int backslash = plain.indexOf('\\');
    if (backslash >= 0 && (query < 0 || backslash < query)) {
      throw invalid(text, "a backslash in the path means different things to different programs");
    }
    if (!StandardCharsets.UTF_8.newEncoder().canEncode(plain)) {
      throw invalid(text, "it has half a character");
    }
    StringBuilder out = new StringBuilder(plain.startsWith("/") ? "" : "/");
    for (byte b : plain.getBytes(StandardCharsets.UTF_8)) {
      int c = b & 0xff;
      if (c <= ' ' || c == 0x7f) {
        throw invalid(text, "it has a space or a control character");
      }
      if (c > 0x7f || "\"<>\\^`{|}".indexOf(c) >= 0) {
        out.append('%').append(Character.toUpperCase(Character.forDigit(c >> 4, 16)));
        out.append(Character.toUpperCase(Character.forDigit(c & 15, 16)));
      } else {
        out.append((char) c);
      }
    }
    if (out.length() > MAX_LENGTH) {
      throw new HttpException(
          ErrorCode.Plain.HTTP_REQUEST_URI_TOO_LONG,
          "the URL's path has more than " + MAX_LENGTH + " characters");
    }
    return out.toString();
  }

  /**
   * Where a {@code Location} header leads from here (RFC 3986, 5.2).
   *
   * @param location one character per byte, as headers are
   */
  HttpUrl resolve(String location) {
    String target =
        new String(location.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8)
            .strip()
            .replace(" ", "%20");
    if (target.startsWith("//")) {
      return parse(scheme + ":" + target);
    }
    if (ABSOLUTE.matcher(target).matches()) {
      return parse(target);
    }
    int query = path.indexOf('?');
    String base = query < 0 ? path : path.substring(0, query);
    String merged;
    if (target.isEmpty() || target.startsWith("#")) {
      merged = path;
    } else if (target.startsWith("?")) {
      merged = base + target;
    } else if (target.startsWith("/")) {
      merged = target;
    } else {
      merged = base.substring(0, base.lastIndexOf('/') + 1) + target;
    }
    return new HttpUrl(scheme, host, port, encode(withoutDots(merged)));
  }

  private static String withoutDots(String text) {
    int end = text.length();
    for (int i = text.length() - 1; i >= 0; i--) {
      if (text.charAt(i) == '?' || text.charAt(i) == '#') {
        end = i;
      }
    }
    List<String> kept = new ArrayList<>();
    String[] parts = text.substring(0, end).split("/", -1);
    for (int i = 1; i < parts.length; i++) {
      boolean last = i == parts.length - 1;
      if (parts[i].equals("..") || parts[i].equals(".")) {
        if (parts[i].equals("..") && !kept.isEmpty()) {
          kept.removeLast();
        }
        if (last) {
          kept.add("");
        }
      } else {
        kept.add(parts[i]);
      }
    }
    return "/" + String.join("/", kept) + text.substring(end);
  }

  /** Host, and port unless it is the scheme's own: the {@code Host} header. */
  public String authority() {
    return port == (scheme.equals("https") ? 443 : 80) ? host.toString() : host + ":" + port;
  }

  /** Whether credentials for one may be sent to the other. */
  boolean sameOrigin(HttpUrl other) {
    return scheme.equals(other.scheme) && host.equals(other.host) && port == other.port;
  }

  @Override
  public String toString() {
    return scheme + "://" + authority() + path;
  }

  private static HttpException invalid(String text, String why) {
    return HttpException.invalidUrl("URL " + HttpException.quote(text) + " is invalid: " + why);
  }
}

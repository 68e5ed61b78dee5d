package dev.capsule.task.envelope;

import dev.capsule.task.guest.HttpCall;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Blacks out secrets in what is reported and stored: the values of granted environment variables
 * (also percent-encoded, in JSON or in Base64), credentials in URLs, and headers that carry
 * credentials. Values shorter than four characters are no secrets.
 */
public final class Redactor {
  /** What stands in the place of a secret. */
  public static final String MARK = "[redacted]";

  private static final int SHORTEST = 4;
  private static final Pattern USER_INFO = Pattern.compile("(?<=://)[^/?#@\\s]*@");
  private static final Pattern SECRET_PARAMETER =
      Pattern.compile(
          "(?i)(?<=[?&])([^=&#]*(?:token|secret|passw|api[-_]?key|signature|credential)[^=&#]*)"
              + "=[^&#]*");
  private static final Pattern SECRET_HEADER =
      Pattern.compile("(?i).*(?:auth|cookie|token|secret|passw|api-?key|credential).*");

  private final List<String> secrets;

  /** Blacks out these values. */
  public Redactor(Collection<String> values) {
    Set<String> forms = new LinkedHashSet<>();
    for (String value : values) {
      if (value.length() >= SHORTEST) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        forms.add(value);
        forms.add(URLEncoder.encode(value, StandardCharsets.UTF_8));
        forms.add(URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20"));
        String quoted = JsonText.quote(value);
        forms.add(quoted.substring(1, quoted.length() - 1));
        forms.add(Base64.getEncoder().encodeToString(bytes));
        forms.add(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
      }
    }
    // The longest first, so that no piece of a longer secret survives a shorter one.
    secrets = forms.stream().sorted(Comparator.comparingInt(String::length).reversed()).toList();
  }

  /** The text without the values. */
  public String redact(String text) {
    String clean = text;
    for (String secret : secrets) {
      clean = clean.replace(secret, MARK);
    }
    return clean;
  }

  /** The request without values, credentials and telling headers. */
  public HostRequest redact(HostRequest request) {
    return new HostRequest(
        request.method(),
        redactUrl(request.url()),
        request.headers().map(list -> list.stream().map(this::redact).toList()),
        request.body().map(this::redact));
  }

  /** The URL without values, user names, passwords and telling parameters. */
  public String redactUrl(String url) {
    String clean = USER_INFO.matcher(redact(url)).replaceAll(MARK + "@");
    return SECRET_PARAMETER.matcher(clean).replaceAll("$1=" + MARK);
  }

  /** The failure without values. */
  public Envelope.Failure redact(Envelope.Failure failure) {
    return new Envelope.Failure(
        failure.errorType(),
        redact(failure.message()),
        failure.exception(),
        redact(failure.traceback()));
  }

  private Optional<String> redact(Optional<String> text) {
    return text.map(this::redact);
  }

  private HttpCall.Header redact(HttpCall.Header header) {
    boolean telling = SECRET_HEADER.matcher(header.name().toLowerCase(Locale.ROOT)).matches();
    return new HttpCall.Header(header.name(), telling ? MARK : redact(header.value()));
  }
}

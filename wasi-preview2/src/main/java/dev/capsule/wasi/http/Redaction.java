package dev.capsule.wasi.http;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Blacks out secrets in what is recorded: headers that carry credentials, and given values. */
final class Redaction {
  static final String MARK = "[redacted]";

  private static final Pattern SECRET_HEADER =
      Pattern.compile(
          "(?i).*(?:auth|cookie|token|secret|passw|api-?key|credential).*", Pattern.DOTALL);

  private final List<String> secrets;

  /** Blacks out these values, the longest first; empty ones are no secrets. */
  Redaction(List<String> secrets) {
    this.secrets =
        secrets.stream()
            .filter(secret -> !secret.isEmpty())
            .flatMap(secret -> Stream.of(secret, percentEncoded(secret)))
            .distinct()
            .sorted(Comparator.comparingInt(String::length).reversed())
            .toList();
  }

  private static String percentEncoded(String secret) {
    return URLEncoder.encode(secret, StandardCharsets.UTF_8).replace("+", "%20");
  }

  String text(String text) {
    String clean = text;
    for (String secret : secrets) {
      clean = clean.replace(secret, MARK);
    }
    return clean;
  }

  Fields.Field field(Fields.Field field) {
    boolean secret = SECRET_HEADER.matcher(field.name()).matches();
    return new Fields.Field(field.name(), secret ? MARK : text(field.value()));
  }
}

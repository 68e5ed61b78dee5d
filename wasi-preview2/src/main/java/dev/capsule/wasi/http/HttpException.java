package dev.capsule.wasi.http;

import java.util.Optional;

/** A request that was not made, or failed. The message names the host and the rule or limit. */
public final class HttpException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient ErrorCode code;
  private final transient Optional<HttpBudget.Kind> budget;

  /** Fails with {@code code}; the message is for people. */
  public HttpException(ErrorCode code, String message) {
    this(code, message, Optional.empty());
  }

  HttpException(ErrorCode code, String message, Optional<HttpBudget.Kind> budget) {
    super(message, null, false, false);
    this.code = code;
    this.budget = budget;
  }

  /** Why, for programs. */
  public ErrorCode code() {
    return code;
  }

  /** Which budget was used up, if that is why. */
  public Optional<HttpBudget.Kind> budget() {
    return budget;
  }

  static HttpException denied(String message) {
    return new HttpException(ErrorCode.Plain.HTTP_REQUEST_DENIED, message);
  }

  static HttpException invalidUrl(String message) {
    return new HttpException(ErrorCode.Plain.HTTP_REQUEST_URI_INVALID, message);
  }

  static HttpException protocol(String message) {
    return new HttpException(ErrorCode.Plain.HTTP_PROTOCOL_ERROR, message);
  }

  /** Text from a guest or server, fit for a message: short, quoted, without control characters. */
  static String quote(String text) {
    String head = text.length() > 200 ? text.substring(0, 200) + "…" : text;
    StringBuilder out = new StringBuilder("\"");
    head.chars().forEach(c -> out.append(Character.isISOControl(c) ? '?' : (char) c));
    return out.append('"').toString();
  }
}

package dev.capsule.task.envelope;

import dev.capsule.task.guest.HttpCall;
import java.util.List;
import java.util.Optional;

/**
 * An HTTP request that a task was allowed to make, as far as it is reported.
 *
 * @param method upper case
 * @param url as requested
 * @param headers if known
 * @param body as text, if there is one
 */
public record HostRequest(
    String method, String url, Optional<List<HttpCall.Header>> headers, Optional<String> body) {

  /** Appends this request as JSON. */
  public void write(StringBuilder out) {
    out.append("{\"method\":");
    JsonText.quote(method, out);
    out.append(",\"url\":");
    JsonText.quote(url, out);
    out.append(",\"headers\":");
    if (headers.isPresent()) {
      out.append('[');
      String comma = "";
      for (HttpCall.Header header : headers.get()) {
        out.append(comma).append('[');
        JsonText.quote(header.name(), out);
        out.append(',');
        JsonText.quote(header.value(), out);
        out.append(']');
        comma = ",";
      }
      out.append(']');
    } else {
      out.append("null");
    }
    out.append(",\"body\":");
    body.ifPresentOrElse(text -> JsonText.quote(text, out), () -> out.append("null"));
    out.append('}');
  }
}

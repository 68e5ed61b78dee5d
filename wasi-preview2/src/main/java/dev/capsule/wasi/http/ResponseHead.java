package dev.capsule.wasi.http;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The head of a response.
 *
 * @param status 100 to 999
 * @param headers checked and immutable
 */
record ResponseHead(int status, Fields headers) {

  /** Where the body ends. */
  sealed interface Framing {
    /** There is none. */
    record Empty() implements Framing {}

    /** After so many bytes. */
    record Length(long bytes) implements Framing {}

    /** With the last chunk. */
    record Chunked() implements Framing {}

    /** With the connection. */
    record UntilClose() implements Framing {}
  }

  /** How the body of this response to a request with that method is framed (RFC 9112, 6.3). */
  Framing framing(String method) {
    if (method.equals("HEAD") || status == 204 || status == 304) {
      return new Framing.Empty();
    }
    List<String> codings = headers.get("Transfer-Encoding");
    if (!codings.isEmpty()) {
      String all = String.join(", ", codings).strip().toLowerCase(Locale.ROOT);
      if (!all.equals("chunked")) {
        throw new HttpException(
            new ErrorCode.ResponseTransferCoding(all),
            "the response has the transfer coding "
                + HttpException.quote(all)
                + ", only chunked is known");
      }
      return new Framing.Chunked();
    }
    Optional<Framing> length =
        length().stream().<Framing>mapToObj(bytes -> new Framing.Length(bytes)).findFirst();
    return length.orElseGet(Framing.UntilClose::new);
  }

  private OptionalLong length() {
    OptionalLong length = OptionalLong.empty();
    for (String line : headers.get("Content-Length")) {
      for (String item : line.split(",", -1)) {
        String digits = item.strip();
        if (!digits.matches("[0-9]{1,18}")) {
          throw HttpException.protocol(
              "the response's Content-Length " + HttpException.quote(line) + " is not a number");
        }
        long value = Long.parseLong(digits);
        if (length.orElse(value) != value) {
          throw HttpException.protocol("the response has two different Content-Lengths");
        }
        length = OptionalLong.of(value);
      }
    }
    return length;
  }

  /** Whether this asks to go elsewhere and says where. */
  Optional<String> location() {
    boolean redirect =
        switch (status) {
          case 301, 302, 303, 307, 308 -> true;
          default -> false;
        };
    return redirect ? headers.get("Location").stream().findFirst() : Optional.empty();
  }
}

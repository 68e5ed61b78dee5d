package dev.capsule.wasi.http;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * How many requests and bytes of bodies are left to a guest. What is taken here is taken from the
 * budget above as well, so a tree of guests can share one. Safe for use by many threads.
 */
public final class HttpBudget {
  /** What is counted. */
  public enum Kind {
    /** Requests, each redirect that is followed included. */
    REQUESTS("requests"),
    /** Bytes of request bodies. */
    UPLOAD("uploaded bytes"),
    /** Bytes of response bodies, as they come over the wire. */
    DOWNLOAD("downloaded bytes");

    private final String unit;

    Kind(String unit) {
      this.unit = unit;
    }
  }

  private final Optional<HttpBudget> above;
  private final long[] limits;
  private final long[] left;

  private HttpBudget(Optional<HttpBudget> above, long requests, long upload, long download) {
    this.above = above;
    this.limits = new long[] {requests, upload, download};
    this.left = limits.clone();
  }

  /** A budget of its own; {@link Long#MAX_VALUE} is as good as unlimited. */
  public static HttpBudget of(long requests, long upload, long download) {
    return new HttpBudget(Optional.empty(), requests, upload, download);
  }

  /** A budget within this one. */
  public HttpBudget within(long requests, long upload, long download) {
    return new HttpBudget(Optional.of(this), requests, upload, download);
  }

  /** The budget above all: the same for all guests of a tree. */
  public HttpBudget root() {
    return above.map(HttpBudget::root).orElse(this);
  }

  /**
   * Takes so much, or nothing.
   *
   * @throws HttpException if so much is not left, here or above; it names the budget
   */
  void take(Kind kind, long amount) {
    synchronized (this) {
      if (left[kind.ordinal()] < amount) {
        throw exhausted(kind);
      }
      left[kind.ordinal()] -= amount;
    }
    try {
      above.ifPresent(budget -> budget.take(kind, amount));
    } catch (HttpException e) {
      synchronized (this) {
        left[kind.ordinal()] += amount;
      }
      throw e;
    }
  }

  /**
   * Checks that so much is left, and takes nothing.
   *
   * @throws HttpException if it is not
   */
  void require(Kind kind, long amount) {
    synchronized (this) {
      if (left[kind.ordinal()] < amount) {
        throw exhausted(kind);
      }
    }
    above.ifPresent(budget -> budget.require(kind, amount));
  }

  private HttpException exhausted(Kind kind) {
    long limit = limits[kind.ordinal()];
    ErrorCode code =
        switch (kind) {
          case REQUESTS -> ErrorCode.Plain.HTTP_REQUEST_DENIED;
          case UPLOAD ->
              new ErrorCode.PartSize(ErrorCode.Part.REQUEST_BODY, OptionalLong.of(limit));
          case DOWNLOAD ->
              new ErrorCode.PartSize(ErrorCode.Part.RESPONSE_BODY, OptionalLong.of(limit));
        };
    return new HttpException(
        code,
        "the network budget of " + limit + " " + kind.unit + " is used up",
        Optional.of(kind));
  }
}

package dev.capsule.task.guest;

import java.util.List;

/** What came of an HTTP request. */
public sealed interface HttpReply {

  /**
   * A response, whatever its status.
   *
   * @param url where the response came from, after redirects
   * @param status the status code
   * @param headers in order, names may repeat
   * @param body all of it, not decoded to text
   */
  record Response(String url, int status, List<HttpCall.Header> headers, byte[] body)
      implements HttpReply {
    /** Keeps its own copy of the headers. */
    public Response {
      headers = List.copyOf(headers);
    }
  }

  /**
   * No response.
   *
   * @param reason why, for programs
   * @param message why, for people
   */
  record Failure(Reason reason, String message) implements HttpReply {}

  /** Why there is no response. */
  enum Reason {
    /** The host, or one it redirected to, is not granted. */
    DENIED,
    /** The task's budget of requests or bytes is used up. */
    BUDGET,
    /** Not an absolute http or https URL, or an unknown method. */
    INVALID,
    /** No connection, or it broke. */
    NETWORK,
    /** No answer in time. */
    TIMEOUT,
    /** The task is being stopped. */
    CANCELLED
  }
}

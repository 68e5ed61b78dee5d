package dev.capsule.task.schedule;

import java.util.Optional;

/**
 * How many requests and bytes are left to a task with all its sub-tasks. What is taken here is
 * taken from the budget above as well.
 */
public final class NetworkBudget {
  private final Optional<NetworkBudget> above;
  private long requests;
  private long download;
  private long upload;

  /** A budget of its own. */
  public NetworkBudget(long requests, long download, long upload) {
    this(Optional.empty(), requests, download, upload);
  }

  private NetworkBudget(Optional<NetworkBudget> above, long requests, long download, long upload) {
    this.above = above;
    this.requests = requests;
    this.download = download;
    this.upload = upload;
  }

  /** A budget within this one. */
  public NetworkBudget within(long moreRequests, long moreDownload, long moreUpload) {
    return new NetworkBudget(Optional.of(this), moreRequests, moreDownload, moreUpload);
  }

  /** Takes one request; false, and nothing taken, if none is left here or above. */
  public boolean takeRequest() {
    synchronized (this) {
      if (requests == 0) {
        return false;
      }
      requests--;
    }
    if (above.isPresent() && !above.get().takeRequest()) {
      synchronized (this) {
        requests++;
      }
      return false;
    }
    return true;
  }

  /** Takes bytes of a request's body; false, and nothing taken, if so many are not left. */
  public boolean takeUpload(long bytes) {
    synchronized (this) {
      if (upload < bytes) {
        return false;
      }
      upload -= bytes;
    }
    if (above.isPresent() && !above.get().takeUpload(bytes)) {
      synchronized (this) {
        upload += bytes;
      }
      return false;
    }
    return true;
  }

  /** Takes bytes of a response's body; false, and nothing taken, if so many are not left. */
  public boolean takeDownload(long bytes) {
    synchronized (this) {
      if (download < bytes) {
        return false;
      }
      download -= bytes;
    }
    if (above.isPresent() && !above.get().takeDownload(bytes)) {
      synchronized (this) {
        download += bytes;
      }
      return false;
    }
    return true;
  }
}

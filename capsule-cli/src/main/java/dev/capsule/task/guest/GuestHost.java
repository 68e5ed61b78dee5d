package dev.capsule.task.guest;

import java.util.concurrent.CompletableFuture;

/**
 * What a guest may ask while it runs. Operations are asynchronous, so a guest can have many under
 * way and wait for the first to finish. Futures complete normally, on a thread of the host's; when
 * the guest is cancelled they are completed without delay. Cancelling a future cancels the
 * operation. A runtime limits how many it keeps open for one guest.
 */
public interface GuestHost {

  /**
   * The interpreter is ready and the user's code is about to be loaded: from now on time counts.
   * Called once, by the runtime and not at the guest's wish.
   */
  void started();

  /** Runs another task in a sandbox of its own; gives its envelope, the text of a JSON object. */
  CompletableFuture<String> call(TaskCall call);

  /** Makes an HTTP request, if the host is granted and the budget allows it. */
  CompletableFuture<HttpReply> http(HttpCall call);
}

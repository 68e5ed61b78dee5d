package dev.capsule.task.schedule;

import dev.capsule.task.guest.Cancellation;
import dev.capsule.task.guest.HttpCall;
import dev.capsule.task.guest.HttpReply;
import dev.capsule.wasi.http.HostRules;
import dev.capsule.wasi.http.HttpBudget;
import java.util.concurrent.CompletableFuture;

/** Makes HTTP requests for tasks, within rules and budget. */
public interface HttpGateway {

  /**
   * Makes a request. The rules are applied to every hop, the budget to everything that is sent and
   * received.
   *
   * @param allowed called once before the request is sent, if it may be sent
   */
  CompletableFuture<HttpReply> send(
      HttpCall call,
      HostRules rules,
      HttpBudget budget,
      Cancellation cancellation,
      Runnable allowed);
}

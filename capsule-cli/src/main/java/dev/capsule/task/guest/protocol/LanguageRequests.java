package dev.capsule.task.guest.protocol;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.Optional;

/** The requests that only guests of one language make. */
public interface LanguageRequests {

  /** Adds to the answer of {@code next} what this language's guest needs to load the program. */
  void describeProgram(JsonObject job);

  /**
   * Answers a request.
   *
   * @return empty if there is no such request
   * @throws RefusedException to answer with an error
   */
  Optional<JsonElement> answer(String op, Request request);
}

package dev.capsule.task.guest.protocol;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.capsule.task.guest.ErrorType;
import dev.capsule.task.guest.GuestReply;
import dev.capsule.task.guest.LoadException;
import dev.capsule.task.guest.TaskDeclaration;
import java.util.ArrayList;
import java.util.List;

/** Reads what a guest says that its program declares. */
public final class Declarations {
  private Declarations() {}

  /**
   * The tasks.
   *
   * @throws LoadException if the program did not load
   */
  public static List<TaskDeclaration> of(GuestReply.Outcome outcome) {
    return switch (outcome) {
      case GuestReply.Failed failed ->
          throw new LoadException(
              failed.type(),
              failed.exception().map(name -> name + ": ").orElse("") + failed.message(),
              failed.traceback().orElse(""));
      case GuestReply.Completed completed -> {
        try {
          yield tasks(completed.json());
        } catch (RefusedException e) {
          throw new LoadException(
              ErrorType.TASK_ERROR,
              "the program's declarations are malformed: " + e.getMessage(),
              "");
        }
      }
    };
  }

  private static List<TaskDeclaration> tasks(String json) {
    JsonArray array = Request.parse(json).array("tasks");
    List<TaskDeclaration> tasks = new ArrayList<>();
    for (JsonElement element : array) {
      if (!(element instanceof JsonObject)) {
        throw RefusedException.malformed("a task is no object");
      }
      Request task = Request.parse(element.toString());
      tasks.add(
          new TaskDeclaration(
              task.string("name"),
              task.object("config").toString(),
              task.string("function"),
              task.string("file"),
              (int) task.integer("line", 0, Integer.MAX_VALUE),
              task.flag("implicit")));
    }
    return tasks;
  }
}

package dev.capsule.task.guest.protocol;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import dev.capsule.task.guest.ErrorType;
import dev.capsule.task.guest.GuestReply;
import dev.capsule.task.guest.LoadException;
import dev.capsule.task.guest.TaskDeclaration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Reads what a guest says that its program declares. */
public final class Declarations {
  private static final int MOST_MODULES = 1_000;
  private static final Pattern MODULE = Pattern.compile("[A-Za-z_][A-Za-z0-9_.]{0,99}");

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

  /** The standard modules that the guest imported while it loaded a program. */
  public static List<String> modules(GuestReply.Outcome outcome) {
    List<String> names = new ArrayList<>();
    if (outcome instanceof GuestReply.Completed completed) {
      for (JsonElement element : Request.parse(completed.json()).array("modules")) {
        if (names.size() < MOST_MODULES
            && element instanceof JsonPrimitive name
            && MODULE.matcher(name.getAsString()).matches()) {
          names.add(name.getAsString());
        }
      }
    }
    return names;
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

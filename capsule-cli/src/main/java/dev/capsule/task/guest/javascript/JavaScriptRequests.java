package dev.capsule.task.guest.javascript;

import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import dev.capsule.task.guest.Grants;
import dev.capsule.task.guest.OutputSink;
import dev.capsule.task.guest.protocol.LanguageRequests;
import dev.capsule.task.guest.protocol.RefusedException;
import dev.capsule.task.guest.protocol.Request;
import dev.capsule.wasi.random.RandomSource;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/** The requests that only JavaScript guests make. */
final class JavaScriptRequests implements LanguageRequests {
  private static final int MAX_RANDOM = 65536;

  private final ProgramModules modules;
  private final FileOperations files;
  private final RandomSource random;
  private final Grants grants;

  JavaScriptRequests(
      ProgramModules modules, FileOperations files, RandomSource random, Grants grants) {
    this.modules = modules;
    this.files = files;
    this.random = random;
    this.grants = grants;
  }

  @Override
  public void describeProgram(JsonObject job) {
    job.add("entry", toJson(modules.entry()));
  }

  private static JsonObject toJson(ModuleId module) {
    JsonObject json = new JsonObject();
    json.addProperty("kind", module.kind().wireName());
    json.addProperty("name", module.name());
    return json;
  }

  @Override
  public Optional<JsonElement> answer(String op, Request request) {
    return switch (op) {
      case "write" -> Optional.of(write(request));
      case "fs" -> Optional.of(file(request));
      case "resolve" ->
          Optional.of(
              toJson(
                  modules.resolve(
                      request.string("base"),
                      request.string("specifier"),
                      request.flag("require"))));
      case "text" -> {
        JsonObject answer = new JsonObject();
        answer.addProperty("text", modules.text(request.string("name")));
        yield Optional.of(answer);
      }
      case "random" -> {
        byte[] bytes = new byte[(int) request.integer("count", 0, MAX_RANDOM)];
        random.fill(ByteBuffer.wrap(bytes));
        JsonObject answer = new JsonObject();
        answer.addProperty("data", Base64.getEncoder().encodeToString(bytes));
        yield Optional.of(answer);
      }
      default -> Optional.empty();
    };
  }

  private JsonElement write(Request request) {
    OutputSink sink = request.integer("fd", 1, 2) == 1 ? grants.stdout() : grants.stderr();
    byte[] bytes = request.string("text").getBytes(StandardCharsets.UTF_8);
    sink.write(bytes, 0, bytes.length);
    return JsonNull.INSTANCE;
  }

  private JsonElement file(Request request) {
    try {
      return files.answer(request);
    } catch (FileOperations.FileRefused e) {
      return e.toJson();
    } catch (RefusedException e) {
      throw e;
    }
  }
}

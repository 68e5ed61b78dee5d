package dev.capsule.task.guest.javascript;

import com.google.gson.JsonArray;
import com.google.gson.JsonParser;
import dev.capsule.task.guest.Build;
import dev.capsule.task.guest.Cancellation;
import dev.capsule.task.guest.Grants;
import dev.capsule.task.guest.GuestHost;
import dev.capsule.task.guest.GuestReply;
import dev.capsule.task.guest.HttpCall;
import dev.capsule.task.guest.HttpReply;
import dev.capsule.task.guest.Invocation;
import dev.capsule.task.guest.Language;
import dev.capsule.task.guest.OutputSink;
import dev.capsule.task.guest.Program;
import dev.capsule.task.guest.Sources;
import dev.capsule.task.guest.TaskCall;
import dev.capsule.task.guest.protocol.RefusedException;
import dev.capsule.task.guest.sandbox.Lazy;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;

/**
 * Sucrase as a guest of its own that may use nothing: neither the text it reads nor what it makes
 * of it is trusted.
 */
final class SucraseTranspiler implements TypeStripper.Transpiler {
  private static final String ENTRY = "strip.cjs";
  private static final String SCRIPT =
      """
      const { transform } = require('./sucrase.cjs');
      exports.main = (text) =>
        transform(text, { transforms: ['typescript'], disableESTransforms: true }).code;
      """;
  private static final Grants GRANTS =
      new Grants(
          50_000_000_000L,
          512L << 20,
          256L << 20,
          List.of(),
          Map.of(),
          OutputSink.discard(),
          OutputSink.discard(),
          OptionalLong.of(0),
          Cancellation.never());

  private final JavaScriptGuest runtime;
  private final Lazy<Program> program;

  SucraseTranspiler(JavaScriptGuest runtime) {
    this.runtime = runtime;
    this.program =
        Lazy.of(
            () ->
                new Program(
                    Language.JAVASCRIPT,
                    ENTRY,
                    new Files(
                        Map.of(
                            ENTRY,
                            SCRIPT.getBytes(StandardCharsets.UTF_8),
                            "sucrase.cjs",
                            JavaScriptGuest.RESOURCES.find("sucrase.js").orElseThrow()))));
  }

  @Override
  public String strip(String path, String text) {
    JsonArray arguments = new JsonArray();
    arguments.add(text);
    Invocation main = new Invocation("main", arguments.toString(), "{}", List.of());
    GuestReply reply =
        runtime.run(program.get(), new Build(List.of(), Map.of()), main, GRANTS, new NoHost());
    return switch (reply.outcome()) {
      case GuestReply.Completed completed -> JsonParser.parseString(completed.json()).getAsString();
      case GuestReply.Failed failed ->
          throw new RefusedException("module", path + ": " + failed.message());
    };
  }

  private record Files(Map<String, byte[]> files) implements Sources {
    @Override
    public Optional<byte[]> read(String path) {
      return Optional.ofNullable(files.get(path));
    }

    @Override
    public boolean isFile(String path) {
      return files.containsKey(path);
    }

    @Override
    public boolean isDirectory(String path) {
      return path.isEmpty();
    }

    @Override
    public List<String> list(String path) {
      return path.isEmpty() ? files.keySet().stream().sorted().toList() : List.of();
    }
  }

  /** The transpiler calls nothing. */
  private static final class NoHost implements GuestHost {
    @Override
    public void started() {}

    @Override
    public CompletableFuture<String> call(TaskCall call) {
      return CompletableFuture.failedFuture(new UnsupportedOperationException());
    }

    @Override
    public CompletableFuture<HttpReply> http(HttpCall call) {
      return CompletableFuture.completedFuture(
          new HttpReply.Failure(HttpReply.Reason.DENIED, "the transpiler has no network"));
    }
  }
}

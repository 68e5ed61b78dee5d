package dev.capsule.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Real guests that try to get at what they were not given: none succeeds, nothing changes. */
class EscapesTest {
  private static final String SECRET = "the secret";

  @TempDir private Path temp;
  private Path project;

  @BeforeEach
  void makeProject() throws IOException {
    project = Files.createDirectories(temp.resolve("project/box/sub")).getParent().getParent();
    project = project.toRealPath();
    Files.writeString(project.resolve("capsule.toml"), "");
    Files.writeString(project.resolve("secret.txt"), SECRET);
    Files.writeString(project.resolve("box/mine.txt"), "mine");
    Files.writeString(
        Files.createDirectories(project.resolve("box/.capsule")).resolve("private.txt"), SECRET);
    Path outside = Files.createDirectories(temp.resolve("outside")).toRealPath();
    Files.writeString(outside.resolve("secret.txt"), SECRET);
    Files.writeString(outside.resolve("module.mjs"), "export default '" + SECRET + "';");
    Files.createSymbolicLink(project.resolve("box/out"), outside);
  }

  @ParameterizedTest
  @CsvSource({"escapes.py, 27", "escapes.mjs, 26"})
  void noneSucceeds(String program, int attempts) throws Exception {
    try (InputStream in = EscapesTest.class.getResourceAsStream("escapes/" + program)) {
      Files.copy(in, project.resolve(program));
    }
    AtomicInteger forbidden = new AtomicInteger();
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getByName("localhost"), 0), 0);
    int port = server.getAddress().getPort();
    server.createContext(
        "/",
        exchange -> {
          if (exchange.getRequestURI().getPath().equals("/away")) {
            exchange.getResponseHeaders().set("Location", "http://127.0.0.1:" + port + "/");
            exchange.sendResponseHeaders(302, -1);
          } else {
            forbidden.incrementAndGet();
            byte[] body = SECRET.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
          }
          exchange.close();
        });
    server.start();
    Map<String, String> before = files();
    TaskResult result;
    try (Capsule capsule = Capsule.builder().withoutTrace().build()) {
      result =
          capsule
              .start(
                  TaskRequest.file(project.resolve(program))
                      .workingDirectory(project)
                      .environment(Map.of("SECRET", SECRET, "GRANTED", "yes"))
                      .task("escape")
                      .json("[" + port + "]", "{}"))
              .join();
    } finally {
      server.stop(0);
    }
    assertTrue(result.isSuccess(), result::toString);
    assertFalse(result.json().contains(SECRET), result::toString);
    JsonObject report = JsonParser.parseString(result.json()).getAsJsonObject();
    Map<String, JsonElement> outcomes = report.getAsJsonObject("outcomes").asMap();
    assertEquals(attempts, outcomes.size());
    outcomes.forEach(
        (name, outcome) -> assertFalse(outcome.getAsString().startsWith("GOT"), name + outcome));
    assertEquals(0, forbidden.get(), "requests to what is not granted");
    assertEquals(
        JsonParser.parseString("{\"files\":[],\"environment\":{}}"),
        report.get("policy"),
        "a policy of one's own");
    assertEquals("{\"GRANTED\":\"yes\"}", report.get("environment").toString());
    assertEquals(before, files(), "what lies outside of the box, and what is private inside");
  }

  /** All files but those of Capsule's own build and what a task may change: its links and files. */
  private Map<String, String> files() throws IOException {
    Map<String, String> files = new TreeMap<>();
    Files.walkFileTree(
        temp,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            files.put(temp.relativize(folder).toString(), "folder");
            return folder.equals(project.resolve(".capsule"))
                ? FileVisitResult.SKIP_SUBTREE
                : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            if (!attributes.isSymbolicLink()) {
              files.put(temp.relativize(file).toString(), Files.readString(file));
            }
            return FileVisitResult.CONTINUE;
          }
        });
    files.remove("project/.capsule");
    return files;
  }
}

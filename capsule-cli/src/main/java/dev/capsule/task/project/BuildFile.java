package dev.capsule.task.project;

import dev.capsule.task.guest.Build;
import dev.capsule.task.guest.TaskDeclaration;
import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The file of one build: a digest, then everything the digest is of. Strings and byte arrays carry
 * their length in front.
 *
 * @param entry the program's path within its sources
 * @param answers what the sources answered while it was made
 * @param build the build
 */
record BuildFile(String entry, Map<String, String> answers, Build build) {
  /** Changes with the layout of the file. */
  static final String FORMAT = "capsule-build-1";

  private static final int DIGEST = 32;

  byte[] toBytes() {
    Writer writer = new Writer();
    writer.text(FORMAT);
    writer.text(entry);
    writer.number(answers.size());
    new TreeMap<>(answers)
        .forEach(
            (question, answer) -> {
              writer.text(question);
              writer.text(answer);
            });
    writer.number(build.tasks().size());
    for (TaskDeclaration task : build.tasks()) {
      writer.text(task.name());
      writer.text(task.config());
      writer.text(task.function());
      writer.text(task.file());
      writer.number(task.line());
      writer.number(task.implicit() ? 1 : 0);
    }
    writer.number(build.outputs().size());
    new TreeMap<>(build.outputs())
        .forEach(
            (name, bytes) -> {
              writer.text(name);
              writer.bytes(bytes);
            });
    return writer.sealed();
  }

  /** The build in these bytes; empty if they are damaged in any way. */
  static Optional<BuildFile> of(byte[] bytes) {
    if (bytes.length < DIGEST) {
      return Optional.empty();
    }
    byte[] body = Arrays.copyOfRange(bytes, DIGEST, bytes.length);
    if (!Arrays.equals(Digests.sha256().digest(body), Arrays.copyOf(bytes, DIGEST))) {
      return Optional.empty();
    }
    try {
      Reader reader = new Reader(ByteBuffer.wrap(body));
      if (!reader.text().equals(FORMAT)) {
        return Optional.empty();
      }
      String entry = reader.text();
      Map<String, String> answers = new TreeMap<>();
      for (int left = reader.number(); left > 0; left--) {
        answers.put(reader.text(), reader.text());
      }
      List<TaskDeclaration> tasks = new ArrayList<>();
      for (int left = reader.number(); left > 0; left--) {
        tasks.add(
            new TaskDeclaration(
                reader.text(),
                reader.text(),
                reader.text(),
                reader.text(),
                reader.number(),
                reader.number() == 1));
      }
      Map<String, byte[]> outputs = new TreeMap<>();
      for (int left = reader.number(); left > 0; left--) {
        outputs.put(reader.text(), reader.bytes());
      }
      return Optional.of(new BuildFile(entry, answers, new Build(tasks, outputs)));
    } catch (BufferUnderflowException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static final class Writer {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    void number(int number) {
      out.writeBytes(ByteBuffer.allocate(4).putInt(number).array());
    }

    void bytes(byte[] bytes) {
      number(bytes.length);
      out.writeBytes(bytes);
    }

    void text(String text) {
      bytes(text.getBytes(StandardCharsets.UTF_8));
    }

    byte[] sealed() {
      byte[] body = out.toByteArray();
      byte[] digest = Digests.sha256().digest(body);
      return ByteBuffer.allocate(digest.length + body.length).put(digest).put(body).array();
    }
  }

  private record Reader(ByteBuffer in) {
    int number() {
      return in.getInt();
    }

    byte[] bytes() {
      int length = number();
      if (length < 0 || length > in.remaining()) {
        throw new BufferUnderflowException();
      }
      byte[] bytes = new byte[length];
      in.get(bytes);
      return bytes;
    }

    String text() {
      return new String(bytes(), StandardCharsets.UTF_8);
    }
  }
}

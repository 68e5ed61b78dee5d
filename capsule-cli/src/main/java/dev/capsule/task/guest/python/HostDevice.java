package dev.capsule.task.guest.python;

import dev.capsule.task.guest.protocol.GuestSession;
import dev.capsule.wasi.filesystem.Device;
import dev.capsule.wasi.filesystem.ErrorCode;
import dev.capsule.wasi.filesystem.FilesystemException;
import dev.capsule.wasi.io.WaitGuard;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;

/**
 * The file through which a guest speaks with its host: what it writes are requests, what it reads
 * are the answers, each with its length in front (4 bytes, little-endian).
 */
final class HostDevice implements Device {
  private static final int HEADER = 4;

  private final GuestSession session;
  private final Function<String, byte[]> answers;

  /**
   * A device for one guest.
   *
   * @param answers gives the answer of a request as it goes over the wire
   */
  HostDevice(GuestSession session, Function<String, byte[]> answers) {
    this.session = session;
    this.answers = answers;
  }

  @Override
  public Session open() {
    return new Exchange();
  }

  private final class Exchange implements Session {
    private final ByteArrayOutputStream request = new ByteArrayOutputStream();
    private final ByteBuffer header = ByteBuffer.allocate(HEADER).order(ByteOrder.LITTLE_ENDIAN);
    private long missing;
    private boolean checked;
    private ByteBuffer answer = ByteBuffer.allocate(0);

    @Override
    public int read(ByteBuffer into, WaitGuard guard) {
      if (!answer.hasRemaining()) {
        // Nothing was asked, so nothing will ever come.
        throw new FilesystemException(ErrorCode.WOULD_BLOCK);
      }
      int count = Math.min(into.remaining(), answer.remaining());
      into.put(answer.slice(answer.position(), count));
      answer.position(answer.position() + count);
      return count;
    }

    @Override
    public void write(ByteBuffer from, WaitGuard guard) {
      while (from.hasRemaining()) {
        if (header.hasRemaining()) {
          header.put(from.get());
          if (!header.hasRemaining()) {
            missing = Integer.toUnsignedLong(header.getInt(0));
          }
        } else {
          byte[] part = new byte[(int) Math.min(from.remaining(), missing)];
          from.get(part);
          request.writeBytes(part);
          missing -= part.length;
          if (request.size() >= GuestSession.BEGINNING && !checked) {
            checked = true;
            session.checkLength(
                new String(
                    request.toByteArray(), 0, GuestSession.BEGINNING, StandardCharsets.UTF_8),
                request.size() + missing);
          }
        }
        if (!header.hasRemaining() && missing == 0) {
          complete();
        }
      }
    }

    private void complete() {
      String text = request.toString(StandardCharsets.UTF_8);
      request.reset();
      checked = false;
      header.clear();
      byte[] reply = answers.apply(text);
      int unread = answer.remaining();
      ByteBuffer next =
          ByteBuffer.allocate(unread + HEADER + reply.length).order(ByteOrder.LITTLE_ENDIAN);
      next.put(answer).putInt(reply.length).put(reply).flip();
      answer = next;
    }
  }
}

package dev.capsule.wasi.http;

import dev.capsule.wasi.io.Pollable;
import dev.capsule.wasi.io.StreamException;
import dev.capsule.wasi.io.WasiOutputStream;
import java.nio.ByteBuffer;
import java.util.OptionalLong;

/** The body of a request. */
public sealed interface OutgoingBody {
  /** No body. */
  OutgoingBody NONE = new None();

  /** No body. */
  record None() implements OutgoingBody {}

  /** Bytes that are all there; they are sent again if a redirect asks for it. */
  record Bytes(byte[] bytes) implements OutgoingBody {}

  /** A body that the guest writes while it is being sent. */
  static Streamed streamed() {
    return new Streamed();
  }

  /**
   * A body that the guest writes while it is being sent ({@code wasi:http/types.outgoing-body}). It
   * must be finished; one that is closed before breaks the request off.
   */
  final class Streamed implements OutgoingBody, AutoCloseable {
    private final Pipe pipe = new Pipe();
    private volatile OptionalLong declared = OptionalLong.empty();
    private volatile Fields trailers = new Fields();
    private long written;
    private boolean finished;

    private Streamed() {}

    /** Where the guest writes to. */
    public WasiOutputStream write() {
      return new WasiOutputStream() {
        @Override
        public long checkWrite() {
          if (finished || pipe.isAbandoned()) {
            throw StreamException.closed();
          }
          return pipe.room();
        }

        @Override
        public void write(ByteBuffer from) {
          if (finished) {
            throw StreamException.closed();
          }
          int n = from.remaining();
          if (declared.isPresent() && written + n > declared.getAsLong()) {
            throw StreamException.failed(
                "the body is longer than its Content-Length of " + declared.getAsLong());
          }
          pipe.add(from);
          written += n;
        }

        @Override
        public void flush() {
          // The connection sends what it finds.
        }

        @Override
        public Pollable subscribe() {
          return pipe.whenWritable();
        }
      };
    }

    /**
     * Says that the body is complete.
     *
     * @param last trailers, sent if the body has no {@code Content-Length}
     * @throws HttpException {@code HTTP-request-body-size} if it is shorter than its {@code
     *     Content-Length}; the request breaks off
     */
    public void finish(Fields last) {
      if (finished) {
        return;
      }
      finished = true;
      if (declared.isPresent() && written != declared.getAsLong()) {
        HttpException e =
            new HttpException(
                new ErrorCode.PartSize(ErrorCode.Part.REQUEST_BODY, declared),
                "the body has "
                    + written
                    + " bytes, its Content-Length is "
                    + declared.getAsLong());
        pipe.fail(e.getMessage());
        throw e;
      }
      trailers = last.immutable();
      pipe.end();
    }

    /** Breaks the request off if the body is not finished. */
    @Override
    public void close() {
      if (!finished) {
        finished = true;
        pipe.fail("the request's body was dropped before it was finished");
      }
    }

    void declare(long length) {
      declared = OptionalLong.of(length);
    }

    Pipe pipe() {
      return pipe;
    }

    Fields trailers() {
      return trailers;
    }
  }
}

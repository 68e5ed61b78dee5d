package dev.capsule.wasi.http;

import dev.capsule.wasi.io.Pollable;
import dev.capsule.wasi.io.StreamException;
import dev.capsule.wasi.io.WaitGuard;
import dev.capsule.wasi.io.WasiInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.OptionalLong;

/**
 * A response whose body is still coming in ({@code wasi:http/types.incoming-response}). It holds a
 * connection until its body has been read to the end or it is closed.
 */
public final class IncomingResponse implements AutoCloseable {
  private final HttpUrl url;
  private final ResponseHead head;
  private final Pipe pipe;
  private final HttpFuture<Fields> trailers;
  private final Runnable cancel;

  IncomingResponse(
      HttpUrl url, ResponseHead head, Pipe pipe, HttpFuture<Fields> trailers, Runnable cancel) {
    this.url = url;
    this.head = head;
    this.pipe = pipe;
    this.trailers = trailers;
    this.cancel = cancel;
  }

  /** Where it comes from, after redirects. */
  public HttpUrl url() {
    return url;
  }

  /** The status code, 200 to 999. */
  public int status() {
    return head.status();
  }

  /** The headers, immutable. */
  public Fields headers() {
    return head.headers();
  }

  /** The body as it came over the wire, without chunks, not decompressed. */
  public WasiInputStream body() {
    return new WasiInputStream() {
      @Override
      public int read(ByteBuffer into) {
        return pipe.poll(into);
      }

      @Override
      public Pollable subscribe() {
        return pipe.whenReadable();
      }

      @Override
      public void close() {
        IncomingResponse.this.close();
      }
    };
  }

  /** The trailers: there once the body has been read to its end; empty fields if none came. */
  public HttpFuture<Fields> trailers() {
    return trailers;
  }

  /**
   * Reads the whole body, waiting as long as {@code guard} allows.
   *
   * @throws HttpException if it fails or has more than {@code cap} bytes
   */
  public byte[] readAll(int cap, WaitGuard guard) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    byte[] piece = new byte[16 * 1024];
    try (WasiInputStream in = body()) {
      while (true) {
        int n = in.blockingRead(ByteBuffer.wrap(piece), guard);
        if (n < 0) {
          return all.toByteArray();
        }
        if (all.size() > cap - n) {
          throw new HttpException(
              new ErrorCode.PartSize(ErrorCode.Part.RESPONSE_BODY, OptionalLong.of(cap)),
              "the response of " + url.host() + " has more than " + cap + " bytes");
        }
        all.write(piece, 0, n);
      }
    } catch (StreamException e) {
      trailers.get();
      throw HttpException.protocol(e.getMessage());
    }
  }

  /** Breaks the response off, if it is not over. */
  @Override
  public void close() {
    cancel.run();
  }
}

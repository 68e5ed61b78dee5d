package dev.capsule.wasi.http;

import dev.capsule.wasi.io.StreamException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.hc.core5.http.impl.io.ChunkedOutputStream;

/** One request with its response, over a connection of its own: a step of an {@link Exchange}. */
final class Hop {
  /** How long to wait for 100 Continue; RFC 9110 10.1.1 says not to wait for ever. */
  static final long CONTINUE_SECONDS = 1;

  private final Exchange exchange;
  private final RequestHead head;
  private final OutgoingBody body;
  private final long begin = System.nanoTime();
  private final CountDownLatch proceed = new CountDownLatch(1);
  private volatile boolean answered;
  private volatile Optional<String> sendFailure = Optional.empty();
  private Http1Connection connection;
  private Optional<Thread> sender = Optional.empty();
  private Optional<Watchdog.Watch> firstByte = Optional.empty();
  private OptionalInt status = OptionalInt.empty();
  private volatile long sent;
  private volatile long received;

  Hop(Exchange exchange, RequestHead head, OutgoingBody body) {
    this.exchange = exchange;
    this.head = head;
    this.body = body;
  }

  RequestHead head() {
    return head;
  }

  /** Sends the request and reads the head of the response; the body may still be on its way. */
  ResponseHead ask(Socket socket) throws IOException {
    connection = new Http1Connection(socket, exchange.policy());
    writing(() -> connection.writeHead(head));
    if (head.length().orElse(1) == 0) {
      requestSent();
    } else {
      Thread thread = Thread.ofVirtual().name("wasi-http-body").unstarted(this::sendBody);
      sender = Optional.of(thread);
      thread.start();
    }
    try {
      ResponseHead response = connection.readHead(proceed::countDown);
      answered = true;
      status = OptionalInt.of(response.status());
      return response;
    } catch (HttpException | IOException e) {
      if (sendFailure.isPresent()) {
        throw new HttpException(ErrorCode.Plain.CONNECTION_TERMINATED, sendFailure.get());
      }
      throw e;
    } finally {
      answered = true;
      proceed.countDown();
      stopWaitingForFirstByte();
    }
  }

  /** A piece of sending. */
  private interface Write {
    void run() throws IOException;
  }

  /** Sockets have no time limit for writing, so the watchdog is the one. */
  private void writing(Write write) throws IOException {
    Watchdog.Watch watch =
        exchange.watch(
            exchange.options().betweenBytes(),
            ErrorCode.Plain.CONNECTION_WRITE_TIMEOUT,
            "the server does not take the request");
    try {
      write.run();
    } finally {
      watch.close();
    }
  }

  private synchronized void requestSent() {
    if (!answered) {
      Duration time = exchange.options().firstByte();
      firstByte =
          Optional.of(
              exchange.watch(
                  time,
                  ErrorCode.Plain.HTTP_RESPONSE_TIMEOUT,
                  "no response from " + head.url().host() + " within " + time.toMillis() + " ms"));
    }
  }

  private synchronized void stopWaitingForFirstByte() {
    firstByte.ifPresent(Watchdog.Watch::close);
  }

  /** Runs on a thread of its own, for the server may answer before it has everything. */
  private void sendBody() {
    try {
      if (head.expectContinue()) {
        boolean told = proceed.await(CONTINUE_SECONDS, TimeUnit.SECONDS);
        if (told && answered) {
          return;
        }
      }
      switch (body) {
        case OutgoingBody.None none -> {}
        case OutgoingBody.Bytes all -> sendAll(all.bytes());
        case OutgoingBody.Streamed stream when head.chunked() -> sendChunks(stream);
        case OutgoingBody.Streamed stream -> sendStream(stream, connection.plainBody());
      }
    } catch (HttpException e) {
      exchange.abort(e);
    } catch (StreamException e) {
      exchange.abort(
          new HttpException(
              new ErrorCode.PartSize(ErrorCode.Part.REQUEST_BODY, head.length()),
              String.valueOf(e.getMessage())));
    } catch (IOException e) {
      // The server may have answered and closed; what it said counts, if it said anything.
      sendFailure = Optional.of(head.url().host() + " broke the connection off during the request");
    } catch (InterruptedException e) {
      return;
    } finally {
      if (body instanceof OutgoingBody.Streamed stream) {
        stream.pipe().abandon();
      }
    }
    try {
      requestSent();
    } catch (HttpException e) {
      exchange.abort(e);
    }
  }

  private void sendAll(byte[] bytes) throws IOException {
    OutputStream out = connection.plainBody();
    int piece = 64 * 1024;
    for (int at = 0; at < bytes.length; at += piece) {
      send(out, bytes, at, Math.min(piece, bytes.length - at));
    }
  }

  /** Only a whole body gets its last chunk: without it the server knows that something is amiss. */
  private void sendChunks(OutgoingBody.Streamed stream) throws IOException, InterruptedException {
    ChunkedOutputStream out = connection.chunkedBody(stream);
    sendStream(stream, out);
    writing(
        () -> {
          out.finish();
          out.flush();
        });
  }

  private void sendStream(OutgoingBody.Streamed stream, OutputStream out)
      throws IOException, InterruptedException {
    byte[] piece = new byte[32 * 1024];
    while (true) {
      int n = stream.pipe().take(piece);
      long whole = head.length().orElse(Long.MAX_VALUE);
      if (n < 0 ? head.length().isPresent() && sent != whole : sent + n > whole) {
        throw new HttpException(
            new ErrorCode.PartSize(ErrorCode.Part.REQUEST_BODY, head.length()),
            "the body does not have the " + whole + " bytes of its Content-Length");
      }
      if (n < 0) {
        return;
      }
      send(out, piece, 0, n);
    }
  }

  private void send(OutputStream out, byte[] bytes, int offset, int length) throws IOException {
    exchange.budget().take(HttpBudget.Kind.UPLOAD, length);
    // Counted before, for the server may have answered by the time that flush returns.
    sent += length;
    writing(
        () -> {
          out.write(bytes, offset, length);
          out.flush();
        });
  }

  /** Moves the response's body into the pipe; false if the guest has lost interest. */
  boolean receive(Pipe into) throws IOException, InterruptedException {
    byte[] piece = new byte[32 * 1024];
    while (true) {
      int n = connection.readBody(piece);
      if (n < 0) {
        return true;
      }
      exchange.budget().take(HttpBudget.Kind.DOWNLOAD, n);
      received += n;
      if (!into.put(piece, 0, n)) {
        return false;
      }
    }
  }

  /** Prepares for {@link #receive}; fails if more is announced than may be received. */
  void open(ResponseHead response) throws IOException {
    ResponseHead.Framing framing = response.framing(head.method());
    if (framing instanceof ResponseHead.Framing.Length length) {
      exchange.budget().require(HttpBudget.Kind.DOWNLOAD, length.bytes());
    }
    connection.openBody(framing, exchange.options().betweenBytes());
  }

  Fields trailers() {
    return connection.trailers();
  }

  /** Stops sending, if the body is still on its way. */
  void stopSending() {
    sender.ifPresent(Thread::interrupt);
  }

  HttpRecord record(Redaction redaction, Optional<HttpException> failure) {
    return new HttpRecord(
        head.method(),
        redaction.text(head.url().toString()),
        head.headers().stream().map(redaction::field).toList(),
        status,
        sent,
        received,
        Duration.ofNanos(System.nanoTime() - begin),
        failure.map(HttpException::code),
        failure.map(e -> redaction.text(e.getMessage())));
  }
}

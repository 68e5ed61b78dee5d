package dev.capsule.task.http;

import dev.capsule.task.guest.Cancellation;
import dev.capsule.task.guest.HttpCall;
import dev.capsule.task.guest.HttpCall.Header;
import dev.capsule.task.guest.HttpReply;
import dev.capsule.task.guest.HttpReply.Failure;
import dev.capsule.task.guest.HttpReply.Reason;
import dev.capsule.task.schedule.HttpGateway;
import dev.capsule.wasi.http.ErrorCode;
import dev.capsule.wasi.http.Fields;
import dev.capsule.wasi.http.HeaderException;
import dev.capsule.wasi.http.HostRules;
import dev.capsule.wasi.http.HttpBudget;
import dev.capsule.wasi.http.HttpException;
import dev.capsule.wasi.http.HttpObserver;
import dev.capsule.wasi.http.HttpPolicy;
import dev.capsule.wasi.http.HttpRecord;
import dev.capsule.wasi.http.HttpService;
import dev.capsule.wasi.http.HttpUrl;
import dev.capsule.wasi.http.IncomingResponse;
import dev.capsule.wasi.http.OutgoingBody;
import dev.capsule.wasi.http.OutgoingHandler;
import dev.capsule.wasi.http.OutgoingRequest;
import dev.capsule.wasi.io.WaitGuard;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;

/** Makes requests for tasks through WASI's HTTP service; responses come whole. */
public final class HttpClient implements HttpGateway {
  private static final int MOST_REDIRECTS = 10;

  /** Responses are handed over in one piece, so one must fit into memory. */
  private static final int LONGEST_BODY = 64 << 20;

  /** Requests of one run at a time; others wait, those of other runs do not. */
  private static final int AT_ONCE = 32;

  /** What describes the connection or the message's length; SDKs imitate it, the service knows. */
  private static final Set<String> OURS =
      Set.of(
          "host",
          "connection",
          "content-length",
          "transfer-encoding",
          "te",
          "trailer",
          "upgrade",
          "expect",
          "keep-alive",
          "proxy-connection",
          "proxy-authorization");

  private final HttpService service;
  private final Map<HttpBudget, Semaphore> runs = Collections.synchronizedMap(new WeakHashMap<>());

  /** A client of this service. */
  public HttpClient(HttpService service) {
    this.service = service;
  }

  /** A client with the platform's resolver and certificates. */
  public static HttpClient system() {
    return new HttpClient(HttpService.create());
  }

  @Override
  public CompletableFuture<HttpReply> send(
      HttpCall call,
      HostRules rules,
      HttpBudget budget,
      Cancellation cancellation,
      Runnable allowed) {
    CompletableFuture<HttpReply> reply = new CompletableFuture<>();
    AtomicBoolean told = new AtomicBoolean();
    HttpObserver observer =
        new HttpObserver() {
          @Override
          public void started(HttpRecord request) {
            if (!told.getAndSet(true)) {
              allowed.run();
            }
          }
        };
    OutgoingHandler handler = service.handler(HttpPolicy.of(rules), budget, observer, List.of());
    Cancellation.Registration stop =
        cancellation.onRequest(
            () -> {
              reply.complete(new Failure(Reason.CANCELLED, "the task is being stopped"));
              handler.close();
            });
    reply.whenComplete(
        (done, fault) -> {
          stop.close();
          handler.close();
        });
    Semaphore run = runs.computeIfAbsent(budget.root(), root -> new Semaphore(AT_ONCE));
    Thread.ofVirtual()
        .name("capsule-http")
        .start(() -> reply.complete(exchange(call, handler, run)));
    return reply;
  }

  private static HttpReply exchange(HttpCall call, OutgoingHandler handler, Semaphore run) {
    OutgoingRequest request;
    try {
      request = request(call);
    } catch (HttpException | HeaderException e) {
      return new Failure(Reason.INVALID, e.getMessage());
    }
    run.acquireUninterruptibly();
    try (IncomingResponse response = handler.handle(request).await(WaitGuard.NONE)) {
      List<Header> headers =
          response.headers().entries().stream()
              .map(field -> new Header(field.name(), field.value()))
              .toList();
      return new HttpReply.Response(
          response.url().toString(),
          response.status(),
          headers,
          response.readAll(LONGEST_BODY, WaitGuard.NONE));
    } catch (HttpException e) {
      return failure(e);
    } finally {
      run.release();
    }
  }

  private static OutgoingRequest request(HttpCall call) {
    Fields fields = new Fields();
    for (Header header : call.headers()) {
      if (!OURS.contains(header.name().toLowerCase(Locale.ROOT))) {
        fields.append(header.name(), bytes(header.value()));
      }
    }
    if (!fields.has("User-Agent")) {
      fields.append("User-Agent", "capsule");
    }
    OutgoingBody body =
        call.body().<OutgoingBody>map(OutgoingBody.Bytes::new).orElse(OutgoingBody.NONE);
    return new OutgoingRequest(
        call.method(),
        HttpUrl.parse(call.url()),
        fields,
        body,
        call.followRedirects() ? MOST_REDIRECTS : 0);
  }

  /** Headers have bytes; those of text beyond ISO 8859-1 are UTF-8. */
  private static String bytes(String text) {
    return text.chars().allMatch(c -> c <= 0xff)
        ? text
        : new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
  }

  private static Failure failure(HttpException e) {
    if (e.budget().isPresent()) {
      String key =
          switch (e.budget().get()) {
            case REQUESTS -> "max_requests";
            case UPLOAD -> "max_upload";
            case DOWNLOAD -> "max_download";
          };
      return new Failure(Reason.BUDGET, e.getMessage() + " (" + key + ")");
    }
    return switch (e.code()) {
      case ErrorCode.Plain code ->
          switch (code) {
            case HTTP_REQUEST_DENIED, DESTINATION_IP_PROHIBITED ->
                new Failure(Reason.DENIED, "Host not allowed: " + e.getMessage());
            case HTTP_REQUEST_METHOD_INVALID, HTTP_REQUEST_URI_INVALID, HTTP_REQUEST_URI_TOO_LONG ->
                new Failure(Reason.INVALID, e.getMessage());
            case CONNECTION_TIMEOUT,
                CONNECTION_READ_TIMEOUT,
                CONNECTION_WRITE_TIMEOUT,
                DNS_TIMEOUT,
                HTTP_RESPONSE_TIMEOUT ->
                new Failure(Reason.TIMEOUT, e.getMessage());
            default -> new Failure(Reason.NETWORK, e.getMessage());
          };
      case ErrorCode.RequestHeaderSize size -> new Failure(Reason.INVALID, e.getMessage());
      case ErrorCode.PartSize size when size.part() == ErrorCode.Part.REQUEST_HEADER_SECTION ->
          new Failure(Reason.INVALID, e.getMessage());
      default -> new Failure(Reason.NETWORK, e.getMessage());
    };
  }
}

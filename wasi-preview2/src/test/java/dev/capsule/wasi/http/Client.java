package dev.capsule.wasi.http;

import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.capsule.wasi.io.WaitGuard;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** A guest's view of the service, with a name server under the test's control. */
final class Client implements AutoCloseable {
  private static final int CAP = 16 << 20;

  final List<HttpRecord> started = new CopyOnWriteArrayList<>();
  final List<HttpRecord> finished = new CopyOnWriteArrayList<>();
  final List<String> lookups = new CopyOnWriteArrayList<>();
  private final Map<String, Deque<List<InetAddress>>> names = new HashMap<>();
  private final List<String> secrets = new ArrayList<>();
  private HttpService service;
  private OutgoingHandler handler;
  private HttpPolicy policy;
  private HttpBudget budget = HttpBudget.of(1000, Long.MAX_VALUE, Long.MAX_VALUE);

  private Client(HttpPolicy policy) {
    this.policy = policy;
  }

  static Client allowing(String... entries) {
    return new Client(HttpPolicy.of(HostRules.of(entries)));
  }

  static Client with(HttpPolicy policy) {
    return new Client(policy);
  }

  Client budget(HttpBudget other) {
    budget = other;
    return this;
  }

  Client options(RequestOptions options) {
    policy = policy.with(options);
    return this;
  }

  Client secret(String value) {
    secrets.add(value);
    return this;
  }

  /** The next lookup of the name gives these addresses; the last answer stays. */
  Client resolving(String name, String... addresses) {
    List<InetAddress> list = new ArrayList<>();
    for (String address : addresses) {
      list.add(address(address));
    }
    names.computeIfAbsent(name, n -> new ArrayDeque<>()).add(list);
    return this;
  }

  static InetAddress address(String text) {
    return IpText.parseV4(text).or(() -> IpText.parseV6(text)).orElseThrow();
  }

  private synchronized List<InetAddress> resolve(String name) throws UnknownHostException {
    lookups.add(name);
    Deque<List<InetAddress>> answers = names.get(name);
    if (answers == null) {
      throw new UnknownHostException(name);
    }
    return answers.size() > 1 ? answers.removeFirst() : answers.getFirst();
  }

  OutgoingHandler handler() {
    return handler(HttpService.builder());
  }

  OutgoingHandler handler(HttpService.Builder builder) {
    if (handler == null) {
      service = builder.resolver(this::resolve).build();
      HttpObserver observer =
          new HttpObserver() {
            @Override
            public void started(HttpRecord request) {
              started.add(request);
            }

            @Override
            public void finished(HttpRecord request) {
              finished.add(request);
            }
          };
      handler = service.handler(policy, budget, observer, secrets);
    }
    return handler;
  }

  IncomingResponse send(OutgoingRequest request) {
    return handler().handle(request).await(WaitGuard.NONE);
  }

  /** Sends and reads everything: status, then body. */
  String text(OutgoingRequest request) {
    return text(send(request));
  }

  static String text(IncomingResponse response) {
    byte[] body = response.readAll(CAP, WaitGuard.NONE);
    return response.status() + " " + new String(body, StandardCharsets.ISO_8859_1);
  }

  String get(String url) {
    return text(OutgoingRequest.of("GET", url).following(20));
  }

  /** The failure of a GET that follows redirects, at any stage. */
  HttpException failure(String url) {
    return assertThrows(HttpException.class, () -> get(url));
  }

  HttpException failure(OutgoingRequest request) {
    return assertThrows(HttpException.class, () -> text(request));
  }

  /** Waits until so many requests are over, for they are recorded by another thread. */
  List<HttpRecord> records(int count) {
    while (finished.size() < count) {
      Thread.onSpinWait();
    }
    return List.copyOf(finished);
  }

  @Override
  public void close() {
    if (handler != null) {
      handler.close();
      service.close();
    }
  }
}

package dev.capsule.wasi.http;

import dev.capsule.wasi.http.HostPattern.Match;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Finds the addresses of a host that a request may connect to. */
final class Destinations implements AutoCloseable {
  /**
   * Lookups hold on to their thread and cannot be interrupted, so they get threads of their own.
   */
  private static final int LOOKUPS = 16;

  private static final int WAITING = 4096;

  private final NameResolver resolver;
  private final ExecutorService lookups;

  Destinations(NameResolver resolver) {
    this.resolver = resolver;
    ThreadPoolExecutor pool =
        new ThreadPoolExecutor(
            LOOKUPS,
            LOOKUPS,
            10,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(WAITING),
            Thread.ofPlatform().daemon().name("wasi-http-lookup-", 0).factory());
    pool.allowCoreThreadTimeOut(true);
    this.lookups = pool;
  }

  /**
   * The addresses to connect to; the caller must connect to these and not look the name up again.
   *
   * @param match how the host's name got through the rules
   */
  List<InetAddress> permitted(HttpUrl url, HostRules rules, Match match)
      throws InterruptedException {
    List<InetAddress> all =
        switch (url.host()) {
          case Host.Address host -> List.of(host.address());
          case Host.Name host -> lookup(host.name());
        };
    List<InetAddress> permitted = new ArrayList<>();
    String range = "";
    for (InetAddress address : all) {
      Optional<AddressRange> special = AddressRange.of(address);
      if (special.isEmpty()
          || (match == Match.NAMED && special.get().grantedByName())
          || rules.grants(address, url)) {
        permitted.add(address);
      } else {
        range = special.get().name();
      }
    }
    if (permitted.isEmpty()) {
      throw new HttpException(
          ErrorCode.Plain.DESTINATION_IP_PROHIBITED,
          "host "
              + url.host()
              + (url.host() instanceof Host.Address ? " is " : " resolves to ")
              + range
              + ", which the allowed hosts ("
              + rules
              + ") do not name");
    }
    return permitted;
  }

  private List<InetAddress> lookup(String name) throws InterruptedException {
    Future<List<InetAddress>> answer;
    try {
      answer = lookups.submit(() -> resolver.resolve(name));
    } catch (RejectedExecutionException e) {
      throw new HttpException(
          ErrorCode.Plain.DNS_TIMEOUT, "too many names are being looked up, " + name + " is not");
    }
    try {
      List<InetAddress> addresses = answer.get();
      if (!addresses.isEmpty()) {
        return addresses;
      }
    } catch (ExecutionException e) {
      if (!(e.getCause() instanceof UnknownHostException)) {
        throw new HttpException(
            new ErrorCode.DnsError(Optional.empty(), OptionalInt.empty()),
            "looking up host " + name + " failed");
      }
    } catch (InterruptedException e) {
      answer.cancel(true);
      throw e;
    }
    throw new HttpException(
        new ErrorCode.DnsError(Optional.empty(), OptionalInt.empty()),
        "host " + name + " has no address");
  }

  @Override
  public void close() {
    lookups.shutdownNow();
  }
}

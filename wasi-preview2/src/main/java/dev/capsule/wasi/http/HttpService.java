package dev.capsule.wasi.http;

import java.util.List;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;

/**
 * Outgoing HTTP/1.1 for all guests of a process: what they share. Cheap until the first request is
 * made; its few threads end when they have nothing to do.
 */
public final class HttpService implements AutoCloseable {
  private final Watchdog watchdog = new Watchdog();
  private final Destinations destinations;
  private final Connector connector;

  private HttpService(Builder builder) {
    destinations = new Destinations(builder.resolver);
    connector = new Connector(builder.tls);
  }

  /** The service with the system's name server and the JDK's trust store. */
  public static HttpService create() {
    return builder().build();
  }

  /** Starts from what {@link #create} gives. */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * What one guest makes its requests through.
   *
   * @param policy what it may do
   * @param budget how much of it
   * @param observer is told about every request
   * @param secrets values to black out in what the observer is told
   */
  public OutgoingHandler handler(
      HttpPolicy policy, HttpBudget budget, HttpObserver observer, List<String> secrets) {
    return new OutgoingHandler(this, policy, budget, observer, secrets);
  }

  Watchdog watchdog() {
    return watchdog;
  }

  Destinations destinations() {
    return destinations;
  }

  Connector connector() {
    return connector;
  }

  /** Ends the threads. Close the handlers first. */
  @Override
  public void close() {
    destinations.close();
    watchdog.close();
  }

  /** Says otherwise. */
  public static final class Builder {
    private NameResolver resolver = NameResolver.system();
    private Supplier<SSLContext> tls = Connector::systemTls;

    private Builder() {}

    /** Who is asked for the addresses of names. */
    public Builder resolver(NameResolver other) {
      this.resolver = other;
      return this;
    }

    /** Whose certificates are trusted. */
    public Builder tls(SSLContext context) {
      this.tls = () -> context;
      return this;
    }

    /** Makes the service. */
    public HttpService build() {
      return new HttpService(this);
    }
  }
}

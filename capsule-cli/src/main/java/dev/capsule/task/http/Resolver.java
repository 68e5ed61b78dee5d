package dev.capsule.task.http;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/** Finds the addresses of a host. */
@FunctionalInterface
public interface Resolver {

  /** The addresses in the order in which they are to be tried. */
  List<InetAddress> resolve(String host) throws UnknownHostException;

  /** The machine's own resolver. */
  static Resolver system() {
    return host -> List.of(InetAddress.getAllByName(host));
  }
}

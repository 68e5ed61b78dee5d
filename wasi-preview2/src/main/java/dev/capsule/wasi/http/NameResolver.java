package dev.capsule.wasi.http;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/** Finds the addresses of a name. May block. */
@FunctionalInterface
public interface NameResolver {

  /**
   * The addresses in the order in which to try them, at least one.
   *
   * @throws UnknownHostException if the name has none
   */
  List<InetAddress> resolve(String name) throws UnknownHostException;

  /** What the operating system says. */
  static NameResolver system() {
    return name -> List.of(InetAddress.getAllByName(name));
  }
}

package dev.capsule.wasi.http;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Ranges of addresses that are not part of the public internet (IANA's registries of special
 * purpose addresses), or that carry an IPv4 address inside.
 *
 * @param name what the range is, for messages: {@code a private address}
 * @param grantedByName whether an entry that names the host exactly opens it: so do addresses at
 *     which a service can be (private, loopback, link-local and metadata ones); else only an entry
 *     that is the address
 */
record AddressRange(String name, boolean grantedByName) {
  private static final AddressRange THIS_MACHINE =
      new AddressRange("an address of this machine", true);

  /** One line of the table: a prefix and what lies behind it. */
  private record Prefix(byte[] bytes, int bits, AddressRange range) {
    boolean contains(byte[] address) {
      if (address.length != bytes.length) {
        return false;
      }
      int whole = bits / 8;
      int mask = 0xff00 >> (bits % 8) & 0xff;
      return Arrays.equals(address, 0, whole, bytes, 0, whole)
          && (mask == 0 || (address[whole] & mask) == (bytes[whole] & mask));
    }
  }

  private static final List<Prefix> PREFIXES =
      List.of(
          addressOnly("0.0.0.0/8", "an address of \"this network\""),
          byName("10.0.0.0/8", "a private address"),
          byName("100.64.0.0/10", "a carrier's private address"),
          byName("127.0.0.0/8", "a loopback address"),
          byName("169.254.0.0/16", "a link-local address (cloud metadata lives there)"),
          byName("172.16.0.0/12", "a private address"),
          byName("168.63.129.16/32", "a cloud's metadata address"),
          byName("192.0.0.192/32", "a cloud's metadata address"),
          addressOnly("192.0.0.0/24", "a protocol's address"),
          addressOnly("192.0.2.0/24", "a documentation address"),
          addressOnly("192.88.99.0/24", "a 6to4 relay's address"),
          byName("192.168.0.0/16", "a private address"),
          addressOnly("198.18.0.0/15", "a benchmark address"),
          addressOnly("198.51.100.0/24", "a documentation address"),
          addressOnly("203.0.113.0/24", "a documentation address"),
          addressOnly("224.0.0.0/4", "a multicast address"),
          addressOnly("240.0.0.0/4", "a reserved address"),
          byName("::1/128", "a loopback address"),
          byName("fd00:ec2::254/128", "a cloud's metadata address"),
          byName("fc00::/7", "a unique local address"),
          byName("fe80::/10", "a link-local address"),
          byName("fec0::/10", "a site-local address"),
          addressOnly("ff00::/8", "a multicast address"),
          addressOnly("2001::/23", "a protocol's or tunnel's address"),
          addressOnly("2001:db8::/32", "a documentation address"),
          addressOnly("2002::/16", "a 6to4 address"),
          addressOnly("3fff::/20", "a documentation address"));

  /** The public unicast addresses of IPv6; whatever is not in here is special in some way. */
  private static final Prefix PUBLIC_V6 = addressOnly("2000::/3", "");

  /** IPv6 addresses that a translator turns into the IPv4 address in their last four bytes. */
  private static final Prefix NAT64 = addressOnly("64:ff9b::/96", "");

  private static Prefix byName(String prefix, String name) {
    return prefix(prefix, new AddressRange(name, true));
  }

  private static Prefix addressOnly(String prefix, String name) {
    return prefix(prefix, new AddressRange(name, false));
  }

  private static Prefix prefix(String text, AddressRange range) {
    int slash = text.indexOf('/');
    String address = text.substring(0, slash);
    byte[] bytes =
        IpText.parseV4(address)
            .or(() -> IpText.parseV6(address))
            .map(InetAddress::getAddress)
            .orElseThrow();
    return new Prefix(bytes, Integer.parseInt(text.substring(slash + 1)), range);
  }

  /** The range of an address; empty if it is a public address of another machine. */
  static Optional<AddressRange> of(InetAddress address) {
    byte[] bytes = address.getAddress();
    for (Prefix prefix : PREFIXES) {
      if (prefix.contains(bytes)) {
        return Optional.of(prefix.range());
      }
    }
    if (bytes.length == 16) {
      if (NAT64.contains(bytes)) {
        return of(IpText.address(Arrays.copyOfRange(bytes, 12, 16)));
      }
      if (!PUBLIC_V6.contains(bytes)) {
        return Optional.of(new AddressRange("not a public address", false));
      }
    }
    return isOwn(address) ? Optional.of(THIS_MACHINE) : Optional.empty();
  }

  private static boolean isOwn(InetAddress address) {
    try {
      return NetworkInterface.getByInetAddress(address) != null;
    } catch (SocketException e) {
      // Who cannot list the interfaces cannot say that none has the address.
      return true;
    }
  }
}

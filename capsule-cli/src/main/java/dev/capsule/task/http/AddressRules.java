package dev.capsule.task.http;

import dev.capsule.task.policy.HostPattern.Match;
import java.net.Inet6Address;
import java.net.InetAddress;

/**
 * Which addresses a host may resolve to. Private networks, this machine and reserved ranges are
 * only for hosts that an entry names exactly; link-local addresses, where clouds keep their
 * credentials, only for an entry that is the address itself.
 */
final class AddressRules {
  private AddressRules() {}

  /** Whether a host that got through as {@code match} may be reached at an address. */
  static boolean allows(Match match, String host, InetAddress address) {
    if (isLinkLocal(address)) {
      return match == Match.NAMED && isLiteral(host);
    }
    return match == Match.NAMED || (match == Match.PUBLIC && isPublic(address));
  }

  private static boolean isLiteral(String host) {
    return host.startsWith("[") || host.matches("[0-9.]+");
  }

  private static boolean isLinkLocal(InetAddress address) {
    byte[] bytes = embedded(address.getAddress());
    return bytes.length == 4
        ? at(bytes, 0) == 169 && at(bytes, 1) == 254
        : address.isLinkLocalAddress();
  }

  static boolean isPublic(InetAddress address) {
    byte[] bytes = embedded(address.getAddress());
    return bytes.length == 4 ? isPublicV4(bytes) : isPublicV6((Inet6Address) address, bytes);
  }

  private static boolean isPublicV4(byte[] bytes) {
    int first = at(bytes, 0);
    int second = at(bytes, 1);
    int third = at(bytes, 2);
    boolean reserved =
        first == 0
            || first == 10
            || first == 127
            || first >= 224
            || (first == 100 && second >= 64 && second < 128)
            || (first == 169 && second == 254)
            || (first == 172 && second >= 16 && second < 32)
            || (first == 192 && second == 0 && (third == 0 || third == 2))
            || (first == 192 && second == 88 && third == 99)
            || (first == 192 && second == 168)
            || (first == 198 && (second == 18 || second == 19))
            || (first == 198 && second == 51 && third == 100)
            || (first == 203 && second == 0 && third == 113);
    return !reserved;
  }

  /** Of IPv6 only 2000::/3 is given out for use by everybody, less documentation and tunnels. */
  private static boolean isPublicV6(Inet6Address address, byte[] bytes) {
    boolean global = (at(bytes, 0) & 0xe0) == 0x20;
    boolean teredo = at(bytes, 0) == 0x20 && at(bytes, 1) == 1 && at(bytes, 2) < 2;
    boolean documentation =
        at(bytes, 0) == 0x20 && at(bytes, 1) == 1 && at(bytes, 2) == 0x0d && at(bytes, 3) == 0xb8;
    return global && !teredo && !documentation && !address.isMulticastAddress();
  }

  /** The IPv4 address inside an IPv6 one that stands for it: mapped, compatible, NAT64, 6to4. */
  private static byte[] embedded(byte[] bytes) {
    if (bytes.length == 4) {
      return bytes;
    }
    boolean zeros = true;
    for (int i = 0; i < 10; i++) {
      zeros &= bytes[i] == 0;
    }
    boolean mapped = zeros && at(bytes, 10) == 0xff && at(bytes, 11) == 0xff;
    boolean nat64 = at(bytes, 0) == 0 && at(bytes, 1) == 0x64 && at(bytes, 2) == 0xff;
    if (mapped || (nat64 && at(bytes, 3) == 0x9b)) {
      return new byte[] {bytes[12], bytes[13], bytes[14], bytes[15]};
    }
    if (at(bytes, 0) == 0x20 && at(bytes, 1) == 2) {
      return new byte[] {bytes[2], bytes[3], bytes[4], bytes[5]};
    }
    return bytes;
  }

  private static int at(byte[] bytes, int index) {
    return bytes[index] & 0xff;
  }
}

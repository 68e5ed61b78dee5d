package dev.capsule.wasi.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AddressRangeTest {
  @ParameterizedTest
  @CsvSource({
    "8.8.8.8, public",
    "1.0.0.0, public",
    "0.0.0.0, address",
    "0.1.2.3, address",
    "9.255.255.255, public",
    "10.0.0.0, name",
    "10.255.255.255, name",
    "11.0.0.0, public",
    "100.63.255.255, public",
    "100.64.0.0, name",
    "100.100.100.200, name",
    "100.127.255.255, name",
    "100.128.0.0, public",
    "127.0.0.1, name",
    "127.255.255.255, name",
    "128.0.0.0, public",
    "168.63.129.16, name",
    "168.63.129.17, public",
    "169.253.255.255, public",
    "169.254.0.1, name",
    "169.254.169.254, name",
    "169.255.0.0, public",
    "172.15.255.255, public",
    "172.16.0.0, name",
    "172.31.255.255, name",
    "172.32.0.0, public",
    "192.0.0.192, name",
    "192.0.0.191, address",
    "192.0.0.193, address",
    "192.0.1.0, public",
    "192.0.2.1, address",
    "192.88.99.1, address",
    "192.168.0.1, name",
    "192.169.0.0, public",
    "198.17.255.255, public",
    "198.18.0.0, address",
    "198.19.255.255, address",
    "198.20.0.0, public",
    "198.51.100.7, address",
    "203.0.113.7, address",
    "223.255.255.255, public",
    "224.0.0.1, address",
    "239.255.255.255, address",
    "240.0.0.0, address",
    "255.255.255.255, address",
    "2606:4700::1111, public",
    "2a00::1, public",
    "::, address",
    "::1, name",
    "::2, address",
    "::127.0.0.1, address",
    "::8.8.8.8, address",
    "::ffff:127.0.0.1, name",
    "::ffff:169.254.169.254, name",
    "::ffff:8.8.8.8, public",
    "::ffff:0:7f00:1, address",
    "64:ff9b::8.8.8.8, public",
    "64:ff9b::127.0.0.1, name",
    "64:ff9b::a9fe:a9fe, name",
    "64:ff9b:1::8.8.8.8, address",
    "100::1, address",
    "2001::1, address",
    "2001:1ff:ffff::, address",
    "2001:200::, public",
    "2001:db8::1, address",
    "2002:7f00:1::, address",
    "2002:808:808::, address",
    "3fff:fff::1, address",
    "5f00::1, address",
    "fc00::1, name",
    "fd12:3456::1, name",
    "fd00:ec2::254, name",
    "fe80::1, name",
    "fec0::1, name",
    "febf:ffff::1, name",
    "feff:ffff::1, name",
    "ff02::1, address",
    "4000::1, address",
    "1fff::1, address",
  })
  void ranges(String text, String grantedBy) {
    InetAddress address = IpText.parseV4(text).or(() -> IpText.parseV6(text)).orElseThrow();
    Optional<AddressRange> range = AddressRange.of(address);
    String actual = range.map(r -> r.grantedByName() ? "name" : "address").orElse("public");
    assertEquals(grantedBy, actual, () -> range.toString());
  }

  @Test
  void theMachinesOwnAddressesAreNotPublic() throws Exception {
    for (NetworkInterface card : NetworkInterface.networkInterfaces().toList()) {
      for (InetAddress address : card.inetAddresses().toList()) {
        assertTrue(AddressRange.of(address).isPresent(), address.toString());
      }
    }
  }
}

package dev.capsule.wasi.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.net.InetAddress;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Which special addresses the entries of an allow-list open for a name that resolves to them. */
class NamedHostsTest {
  /** What an exact name opens. Connecting may fail for other reasons: nobody need be there. */
  private static final List<String> OPENED_BY_NAME =
      List.of(
          "10.1.2.3",
          "172.31.0.1",
          "192.168.1.1",
          "100.64.0.1",
          "100.100.100.200",
          "127.0.0.53",
          "169.254.1.1",
          "169.254.169.254",
          "168.63.129.16",
          "192.0.0.192",
          "::1",
          "::ffff:127.0.0.1",
          "::ffff:169.254.169.254",
          "64:ff9b::a9fe:a9fe",
          "fc00::1",
          "fd00::1",
          "fd00:ec2::254",
          "fe80::1",
          "fec0::1");

  /** What only the address itself opens: no service of anybody is meant by a name for these. */
  private static final List<String> OPENED_BY_ADDRESS =
      List.of(
          "0.0.0.0",
          "0.1.2.3",
          "::",
          "::127.0.0.1",
          "192.0.0.1",
          "192.0.2.1",
          "198.18.0.1",
          "224.0.0.1",
          "240.0.0.1",
          "255.255.255.255",
          "ff02::1",
          "2001::1",
          "2001:db8::1",
          "2002:7f00:1::1");

  /** What each kind of entry opens for the host metadata.corp.internal. */
  @TestFactory
  Stream<DynamicTest> specialAddressesAndTheEntriesThatOpenThem() {
    String host = "metadata.corp.internal";
    List<String> exact = List.of(host, "http://" + host, host + ":80", "METADATA.corp.internal.");
    List<String> wide =
        List.of(
            "*",
            "http://*",
            "*.internal",
            "*.corp.internal",
            "metadata.*",
            "metadata.*.internal",
            "internal",
            "corp.internal");
    return Stream.concat(OPENED_BY_NAME.stream(), OPENED_BY_ADDRESS.stream())
        .flatMap(
            address ->
                Stream.concat(
                    exact.stream()
                        .map(
                            entry -> opens(entry, host, address, OPENED_BY_NAME.contains(address))),
                    wide.stream().map(entry -> opens(entry, host, address, false))));
  }

  private static DynamicTest opens(String entry, String host, String address, boolean expected) {
    return DynamicTest.dynamicTest(
        entry + (expected ? " opens " : " does not open ") + address,
        () -> {
          List<InetAddress> resolved = List.of(Client.address(address));
          HttpUrl url = HttpUrl.parse("http://" + host + "/");
          HostRules rules = HostRules.of(entry);
          try (Destinations destinations = new Destinations(name -> resolved)) {
            if (expected) {
              assertEquals(resolved, destinations.permitted(url, rules, rules.match(url)));
              return;
            }
            HttpException e =
                assertThrows(
                    HttpException.class,
                    () -> destinations.permitted(url, rules, rules.match(url)));
            assertEquals(ErrorCode.Plain.DESTINATION_IP_PROHIBITED, e.code());
          }
        });
  }

  /** A ceiling is one more list to pass: what it does not name stays closed. */
  @Test
  void anExactNameWithinAWildcardOpensNothingSpecial() throws Exception {
    HostRules rules = HostRules.of("api.test").and(HostRules.of("*.test").lists().getFirst());
    HttpUrl url = HttpUrl.parse("http://api.test/");
    try (Destinations destinations =
        new Destinations(name -> List.of(Client.address("169.254.169.254")))) {
      assertThrows(HttpException.class, () -> destinations.permitted(url, rules, rules.match(url)));
    }
  }
}

package dev.capsule.benchmarks.kernel;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every kernel computes the same everywhere, and what the literature says where it says so. */
class KernelTest {
  /** Small enough for an interpreter in the normal build. */
  private static final Map<String, Integer> SMALL =
      Map.of(
          "fib", 15,
          "sieve", 1000,
          "matmul", 20,
          "sha256", 6400,
          "mandelbrot", 20,
          "nbody", 100,
          "fannkuch", 7,
          "search", 2,
          "copy", 10,
          "trees", 2);

  static Stream<Kernel> kernels() {
    return Kernel.ALL.stream();
  }

  private static int size(Kernel kernel) {
    return SMALL.getOrDefault(kernel.name(), kernel.operations() == 0 ? 1 : 20_001);
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void everyTierComputesWhatJavaComputes(Kernel kernel) {
    int size = size(kernel);
    int expected = kernel.twin().applyAsInt(size);
    byte[] module = kernel.binary();
    assertAll(
        List.of("capsule-interpreter", "capsule-jit", "capsule-jit+off", "capsule-tiered").stream()
            .map(
                tier ->
                    () ->
                        assertEquals(
                            expected,
                            new CapsuleEngine(tier).load(module).applyAsInt(size),
                            kernel.name() + " in " + tier)));
  }

  @ParameterizedTest
  @CsvSource({
    "fib, 15, 610",
    "sieve, 1000, 168",
    "sieve, 65536, 6542",
    "fannkuch, 7, 22816",
    "fannkuch, 9, 862930",
    "trees, 3, 12285",
    "copy, 7, 42",
    "host, 1234, 1234",
    "exceptions, 1000, 500",
  })
  void twinsComputeWhatIsKnown(String name, int size, int expected) {
    assertEquals(expected, Kernel.named(name).orElseThrow().twin().applyAsInt(size));
  }

  @Test
  void sha256IsTheRealOne() throws NoSuchAlgorithmException {
    byte[] message = new byte[6400];
    for (int i = 0; i < message.length; i++) {
      message[i] = (byte) (7 * i + 3);
    }
    int first = ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(message)).getInt();
    assertEquals(first, JavaTwins.sha256(6400));
  }

  @Test
  void scalarAndSimdShareTheirTwin() {
    for (String name : List.of("sum", "dot", "base64", "blur")) {
      assertEquals(
          new CapsuleEngine("capsule-jit")
              .load(Kernel.named(name + "-scalar").orElseThrow().binary())
              .applyAsInt(3),
          new CapsuleEngine("capsule-jit")
              .load(Kernel.named(name + "-simd").orElseThrow().binary())
              .applyAsInt(3),
          name);
    }
  }

  @Test
  void instancesAreAllCalled() {
    byte[] module = Work.named("instantiate").orElseThrow().module(null);
    // 1 + the letter a + the base
    assertEquals(
        3 * (1 + 'a' + 1000), new CapsuleEngine("capsule-jit").instantiator(module).applyAsInt(3));
  }

  @Test
  void whatIsNoModuleIsRefused() {
    assertThrows(
        RuntimeException.class, () -> new CapsuleEngine("capsule-jit").validate(new byte[] {1, 2}));
  }
}

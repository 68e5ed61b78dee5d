package dev.capsule.engine.binary;

import static dev.capsule.engine.binary.Hex.function;
import static dev.capsule.engine.binary.Hex.module;
import static dev.capsule.engine.binary.Hex.repeat;
import static dev.capsule.engine.binary.Hex.section;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.capsule.engine.module.InvalidException;
import dev.capsule.engine.module.Module;
import dev.capsule.engine.validation.Validator;
import java.lang.management.ManagementFactory;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Modules that consist of as many small things as fit: the heap stays in proportion. */
class ShapeTest {
  private static final int N = 20_000;

  /** Allocated bytes, garbage included, per byte of module. */
  private static final int LIMIT = 400;

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  static Stream<Arguments> shapes() {
    String type = section(1, "01 60 00 00");
    return Stream.of(
        shape("types", module(section(1, repeat(N, "60 00 00")))),
        shape("empty groups", module(section(1, repeat(N, "4e 00")))),
        shape("one group", module(section(1, "01 4e" + repeat(N, "50 00 5f 01 63 00 00")))),
        shape(
            "functions",
            module(type, section(3, repeat(N, "00")), section(10, repeat(N, "02 00 0b")))),
        shape("imports", module(section(2, repeat(N, "00 00 03 7f 00")))),
        shape("tables", module(section(4, repeat(N, "70 00 00")))),
        shape("memories", module(section(5, repeat(N, "00 00")))),
        shape("tags", module(type, section(13, repeat(N, "00 00")))),
        shape("globals", module(section(6, repeat(N, "7f 00 41 00 0b")))),
        shape("exports", module(type, section(7, repeat(N, "00 00 00")))),
        shape("element segments", module(section(9, repeat(N, "01 00 00")))),
        shape("elements", module(section(9, "01 05 70" + repeat(N, "d0 70 0b")))),
        shape("data segments", module(section(11, repeat(N, "01 00")))),
        shape("custom sections", module("00 01 00".repeat(N))),
        shape("groups of locals", function(repeat(N, "01 64 70") + "0b")),
        shape("nested blocks", function("00" + "02 40".repeat(N) + "0b".repeat(N) + "0b")),
        shape("labels", function("00 41 00 0e" + repeat(N, "00") + "00 0b")),
        shape("operands", function("00" + "41 00".repeat(N) + "00 0b")),
        shape("clauses", function("00 1f 40" + repeat(N, "02 00") + "0b 0b")));
  }

  private static Arguments shape(String name, byte[] bytes) {
    return Arguments.of(name, bytes);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("shapes")
  void heapStaysInProportion(String name, byte[] bytes) {
    judge(bytes);
    long before = THREADS.getCurrentThreadAllocatedBytes();
    judge(bytes);
    long taken = THREADS.getCurrentThreadAllocatedBytes() - before;
    assertTrue(taken < (long) LIMIT * bytes.length, bytes.length + " bytes took " + taken);
  }

  private static void judge(byte[] bytes) {
    Module module = Module.decode(bytes);
    try {
      Validator.validate(module);
    } catch (InvalidException e) {
      assertTrue(e.reason().startsWith("unknown function"), e.getMessage());
    }
  }
}

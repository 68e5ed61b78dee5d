package dev.capsule.spec;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.capsule.engine.module.Module;
import dev.capsule.engine.runtime.Engine;
import dev.capsule.engine.runtime.Tier;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.lang.ref.Reference;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;

/** CPython's module of 26 MB keeps little more of the heap than its own bytes. */
class LargeModuleTest {
  private static final double MOST_PER_BYTE = 0.5;

  @Test
  void keepsLittleBesideItsBytes() throws IOException {
    byte[] bytes = Files.readAllBytes(GeneratedCodeTest.module(GeneratedCodeTest.PYTHON));
    Engine engine = Engine.builder().tier(Tier.INTERPRETER).build();
    engine.prepare(Module.decode(bytes));
    long before = used();
    Module module = Module.decode(bytes);
    engine.prepare(module);
    long kept = used() - before;
    Reference.reachabilityFence(module);
    Reference.reachabilityFence(engine);
    assertTrue(kept > 0, "nothing is kept");
    assertTrue(kept < MOST_PER_BYTE * bytes.length, () -> kept + " bytes kept for " + bytes.length);
  }

  private static long used() {
    MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
    for (int i = 0; i < 3; i++) {
      memory.gc();
    }
    return memory.getHeapMemoryUsage().getUsed();
  }
}

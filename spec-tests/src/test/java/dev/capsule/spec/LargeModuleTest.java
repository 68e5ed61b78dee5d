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

  /** So often something else may come to the heap or leave it meanwhile. */
  private static final int LOOKS = 5;

  @Test
  void keepsLittleBesideItsBytes() throws IOException {
    byte[] bytes = Files.readAllBytes(GeneratedCodeTest.module(GeneratedCodeTest.PYTHON));
    Engine engine = Engine.builder().tier(Tier.INTERPRETER).build();
    engine.prepare(Module.decode(bytes));
    long kept = 0;
    for (int i = 0; i < LOOKS && !isLittle(kept, bytes); i++) {
      long before = used();
      Module module = Module.decode(bytes);
      engine.prepare(module);
      kept = used() - before;
      Reference.reachabilityFence(module);
    }
    Reference.reachabilityFence(engine);
    assertTrue(isLittle(kept, bytes), kept + " bytes kept for " + bytes.length);
  }

  private static boolean isLittle(long kept, byte[] bytes) {
    return kept > 0 && kept < MOST_PER_BYTE * bytes.length;
  }

  private static long used() {
    MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
    for (int i = 0; i < 3; i++) {
      memory.gc();
    }
    return memory.getHeapMemoryUsage().getUsed();
  }
}

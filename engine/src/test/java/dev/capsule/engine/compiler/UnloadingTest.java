package dev.capsule.engine.compiler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.capsule.engine.exec.WasmFunction;
import dev.capsule.engine.module.Module;
import dev.capsule.engine.runtime.Engine;
import dev.capsule.engine.runtime.Instance;
import dev.capsule.engine.runtime.Linker;
import dev.capsule.engine.runtime.Store;
import dev.capsule.engine.runtime.Tier;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Classes of compiled code go with their module, or with their engine. */
@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class UnloadingTest {
  private static final int MODULES = 200;

  @TempDir Path cache;

  /** A module like no other, with calls of every kind between compiled functions. */
  private static Module module(int number) {
    return Module.parse(
        """
        (module
          (type $t (func (param i32) (result i32)))
          (type $s (struct (field i32)))
          (table funcref (elem $inc))
          (func $inc (type $t) (i32.add (local.get 0) (i32.const %d)))
          (func $dec (type $t)
            (i32.sub (struct.get $s 0 (struct.new $s (local.get 0))) (i32.const %d)))
          (func (export "f") (param i32) (result i32)
            (call $dec (call_indirect (type $t) (local.get 0) (i32.const 0)))))
        """
            .formatted(number, number));
  }

  /** Runs a module; gives the loader of its classes. */
  private static WeakReference<ClassLoader> run(Engine engine, Module module) {
    Store store = engine.newStore();
    Instance instance = new Linker().instantiate(store, module);
    assertEquals(5, instance.func("f").call(5));
    assertEquals(0, engine.statistics().compiled() % 3, "not everything is compiled");
    var function = (WasmFunction) instance.func("f");
    return new WeakReference<>(function.code.compiled.getClass().getClassLoader());
  }

  private static void awaitCleared(WeakReference<?> reference) throws InterruptedException {
    while (reference.get() != null) {
      System.gc();
      Thread.sleep(5);
    }
  }

  @Test
  void classesGoWithTheirModule() throws InterruptedException {
    Engine engine = Engine.builder().tier(Tier.JIT).build();
    Module kept = module(1);
    WeakReference<ClassLoader> stays = run(engine, kept);
    awaitCleared(run(engine, module(2)));
    System.gc();
    assertTrue(stays.get() instanceof CodeLoader);
    Reference.reachabilityFence(kept);
    Reference.reachabilityFence(engine);
  }

  @Test
  void classesGoWithTheirEngine() throws InterruptedException {
    Module module = module(3);
    Engine engine = Engine.builder().tier(Tier.JIT).codeCache(cache).build();
    WeakReference<ClassLoader> loader = run(engine, module);
    WeakReference<ClassLoader> signatures = new WeakReference<>(loader.get().getParent());
    engine = null;
    awaitCleared(loader);
    awaitCleared(signatures);
    Reference.reachabilityFence(module);
  }

  @Test
  void backgroundThreadsKeepNothing() throws InterruptedException {
    Engine engine = Engine.builder().codeCache(cache).build();
    Module module = module(4);
    Instance instance = new Linker().instantiate(engine.newStore(), module);
    var function = (WasmFunction) instance.func("f");
    function.code.module.interpreted = CompilingTier.PATIENCE;
    while (engine.statistics().compiled() < 3) {
      for (int i = 0; i < 1000; i++) {
        instance.func("f").call(i);
      }
    }
    var body = function.code.compiled;
    WeakReference<ClassLoader> loader = new WeakReference<>(body.getClass().getClassLoader());
    body = null;
    function = null;
    instance = null;
    module = null;
    awaitCleared(loader);
    Reference.reachabilityFence(engine);
  }

  /** What many modules leave behind must not add up. */
  @Test
  void manyModulesInOneEngine() throws InterruptedException {
    Engine engine = Engine.builder().tier(Tier.JIT).build();
    runMany(engine, MODULES);
    Reference.reachabilityFence(engine);
  }

  /** So often other classes may be loaded in between, before it is taken for growth. */
  private static final int ATTEMPTS = 5;

  /** So many modules tell what one takes, also where a class of somebody else's goes meanwhile. */
  private static final int SAMPLE = 10;

  /** Metaspace does not grow with the number of modules that an engine has run. */
  @Test
  void metaspaceIsBounded() throws InterruptedException {
    MemoryPoolMXBean metaspace =
        ManagementFactory.getMemoryPoolMXBeans().stream()
            .filter(pool -> pool.getName().equals("Metaspace"))
            .findAny()
            .orElseThrow();
    Engine engine = Engine.builder().tier(Tier.JIT).build();
    runMany(engine, 20);
    long perModule = Math.max(1, taken(engine, metaspace) / SAMPLE);
    runMany(engine, SAMPLE);
    long grown = Long.MAX_VALUE;
    for (int i = 0; i < ATTEMPTS && grown >= MODULES / 10 * perModule; i++) {
      long start = metaspace.getUsage().getUsed();
      runMany(engine, MODULES);
      grown = metaspace.getUsage().getUsed() - start;
    }
    // Other classes are loaded at the same time, in a JVM that has just begun even many.
    assertTrue(grown < MODULES / 10 * perModule, grown + " bytes, a module takes " + perModule);
    Reference.reachabilityFence(engine);
  }

  /** What modules take as long as they are there. */
  private static long taken(Engine engine, MemoryPoolMXBean metaspace) {
    List<Module> kept = IntStream.range(0, SAMPLE).mapToObj(UnloadingTest::module).toList();
    long before = metaspace.getUsage().getUsed();
    kept.forEach(module -> run(engine, module));
    long taken = metaspace.getUsage().getUsed() - before;
    Reference.reachabilityFence(kept);
    return taken;
  }

  /** One collection for all of them: it may take a second where the JVM has much to look at. */
  private static void runMany(Engine engine, int count) throws InterruptedException {
    List<WeakReference<ClassLoader>> loaders = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      loaders.add(run(engine, module(i)));
    }
    for (WeakReference<ClassLoader> loader : loaders) {
      awaitCleared(loader);
    }
  }
}

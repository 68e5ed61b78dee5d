package dev.capsule.task.guest.sandbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.capsule.engine.module.Module;
import dev.capsule.engine.runtime.Engine;
import dev.capsule.engine.runtime.Linker;
import dev.capsule.engine.runtime.Tier;
import dev.capsule.engine.snapshot.Snapshot;
import dev.capsule.engine.snapshot.SnapshotException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where the distribution's interpreter is of no use, tasks run all the same. */
class KeptInterpreterFallbackTest {
  private final Engine engine = Engine.create();
  private final Module module = Module.parse("(module (memory 1))");
  private final GuestResources resources = new GuestResources(KeptInterpreterFallbackTest.class);

  private Kept kept(Engine by) {
    return new Kept(Snapshot.of(new Linker().instantiate(by.newStore(), module)), 7);
  }

  @ParameterizedTest
  @ValueSource(strings = {"missing", "damaged", "other", "short"})
  void filesThatDoNotFitAreNotThere(String name) {
    assertTrue(resources.kept(name + ".snapshot", module, engine).isEmpty());
  }

  @Test
  void anotherOneIsStartedOnce() {
    List<Tier> started = new ArrayList<>();
    KeptInterpreter interpreter =
        new KeptInterpreter(
            engine,
            Optional::empty,
            plain -> {
              started.add(plain.tier());
              return kept(plain);
            });
    assertEquals(7, interpreter.<Integer>with(found -> found.orElseThrow().handle()));
    assertEquals(7, interpreter.<Integer>with(found -> found.orElseThrow().handle()));
    assertEquals(List.of(Tier.INTERPRETER), started);
  }

  private static Kept damaged() {
    Snapshot.decode(new byte[30], Module.parse("(module)"));
    throw new AssertionError("that was a snapshot");
  }

  @Test
  void whereNoneCanBeKeptEveryTaskStartsItsOwn() {
    assertThrows(SnapshotException.class, KeptInterpreterFallbackTest::damaged);
    KeptInterpreter interpreter = new KeptInterpreter(engine, Optional::empty, plain -> damaged());
    assertTrue(interpreter.<Boolean>with(Optional::isEmpty));
    assertTrue(KeptInterpreter.none().<Boolean>with(Optional::isEmpty));
  }

  @Test
  void oneThatCannotBeRestoredIsTriedOnce() {
    KeptInterpreter interpreter =
        new KeptInterpreter(engine, () -> Optional.of(kept(engine)), plain -> damaged());
    List<Boolean> tried = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      interpreter.with(
          found -> {
            tried.add(found.isPresent());
            return found.isPresent() ? damaged() : found;
          });
    }
    assertEquals(List.of(true, false, false), tried);
  }
}

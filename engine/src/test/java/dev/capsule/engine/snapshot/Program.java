package dev.capsule.engine.snapshot;

import dev.capsule.engine.module.Module;
import dev.capsule.engine.runtime.Engine;
import dev.capsule.engine.runtime.Extern;
import dev.capsule.engine.runtime.Global;
import dev.capsule.engine.runtime.HostCall;
import dev.capsule.engine.runtime.Instance;
import dev.capsule.engine.runtime.Linker;
import dev.capsule.engine.runtime.Memory;
import dev.capsule.engine.runtime.Store;
import dev.capsule.engine.runtime.StoreLimits;
import dev.capsule.engine.runtime.Table;
import dev.capsule.engine.types.FuncType;
import dev.capsule.engine.types.NumType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;

/** A module that imports {@code env.pause}, from i32 to i32, and exports {@code run}. */
final class Program {
  private static final int ARGUMENT = 5;

  private final byte[] bytes;

  Program(String text) {
    this.bytes = Module.parse(text).encode();
  }

  /** Decoded anew, as another process would. */
  Module module() {
    return Module.decode(bytes.clone());
  }

  /** What {@code pause} returns. */
  static int answer(int argument) {
    return argument * 3 + 1;
  }

  /** A linker whose {@code pause} does something before it answers. */
  static Linker linker(HostCall before) {
    return new Linker()
        .func(
            "env",
            "pause",
            new FuncType(List.of(NumType.I32), List.of(NumType.I32)),
            caller -> {
              before.call(caller);
              caller.setI32(0, answer(caller.i32(0)));
            });
  }

  /** A snapshot in a call of {@code pause}, and with what argument that was. */
  record Taken(Snapshot snapshot, int argument) {}

  /** How a run ended: all that can be seen of it. */
  record End(String outcome, long fuel, List<String> state) {}

  /** Runs from the beginning, and takes a snapshot in every call of {@code pause}. */
  End run(Engine engine, List<Taken> snapshots) {
    Store store = engine.newStore();
    Linker linker =
        linker(caller -> snapshots.add(new Taken(Snapshot.of(caller.instance()), caller.i32(0))));
    Instance instance = linker.instantiate(store, module());
    String outcome = outcome(() -> instance.func("run").call(ARGUMENT));
    return new End(outcome, store.fuelConsumed(), state(instance));
  }

  /** Goes on from a snapshot, by way of its bytes. */
  End resume(Engine engine, Taken taken, boolean repeat) {
    Snapshot snapshot = Snapshot.decode(taken.snapshot().encode(), module());
    Store store = engine.newStore();
    Snapshot.Resumable resumable = snapshot.restore(store, linker(caller -> {}));
    String outcome =
        outcome(() -> repeat ? resumable.repeat() : resumable.resume(answer(taken.argument())));
    return new End(
        outcome, snapshot.fuelConsumed() + store.fuelConsumed(), state(resumable.instance()));
  }

  private static String outcome(Supplier<Object> code) {
    try {
      Object result = code.get();
      return result instanceof Object[] many ? Arrays.toString(many) : String.valueOf(result);
    } catch (RuntimeException e) {
      return e.toString();
    }
  }

  static List<String> state(Instance instance) {
    List<String> state = new ArrayList<>();
    for (String name : instance.exportNames()) {
      Extern extern = instance.export(name).orElseThrow();
      switch (extern) {
        case Memory memory -> {
          byte[] content = new byte[(int) memory.byteSize()];
          memory.read(0, content, 0, content.length);
          state.add(name + " " + content.length + " " + Arrays.hashCode(content));
        }
        case Global global -> state.add(name + " " + global.get());
        case Table table -> {
          StringBuilder nulls = new StringBuilder(name).append(' ');
          for (long i = 0; i < table.size(); i++) {
            nulls.append(table.get(i) == null ? '0' : '1');
          }
          state.add(nulls.toString());
        }
        default -> {}
      }
    }
    state.add("peak " + instance.store().peakMemoryBytes());
    return state;
  }

  static Store store(Engine engine, long memoryBytes) {
    return engine.newStore(StoreLimits.DEFAULT.withMemoryBytes(memoryBytes));
  }
}

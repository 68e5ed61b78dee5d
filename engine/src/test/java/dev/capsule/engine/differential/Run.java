package dev.capsule.engine.differential;

import dev.capsule.engine.exec.I31;
import dev.capsule.engine.exec.References;
import dev.capsule.engine.module.Export;
import dev.capsule.engine.runtime.Caller;
import dev.capsule.engine.runtime.Extern;
import dev.capsule.engine.runtime.Func;
import dev.capsule.engine.runtime.Global;
import dev.capsule.engine.runtime.Instance;
import dev.capsule.engine.runtime.Linker;
import dev.capsule.engine.runtime.Memory;
import dev.capsule.engine.runtime.Store;
import dev.capsule.engine.runtime.Table;
import dev.capsule.engine.runtime.Tag;
import dev.capsule.engine.runtime.Trap;
import dev.capsule.engine.runtime.TrapKind;
import dev.capsule.engine.runtime.V128;
import dev.capsule.engine.runtime.WasmException;
import dev.capsule.engine.types.AbsHeapType;
import dev.capsule.engine.types.FuncType;
import dev.capsule.engine.types.NumType;
import dev.capsule.engine.types.RefType;
import dev.capsule.engine.types.ValType;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;

/** One run of a case: fresh instances, all calls in order, and what could be seen after each. */
final class Run {
  private final Case subject;
  private final Store store;

  /** Whether each step is given fuel, and tells what it took. */
  private final boolean metered;

  private final Map<Tag, String> tags = new IdentityHashMap<>();
  private final Tag hostTag = Tag.of(NumType.I32);
  private final StringBuilder log = new StringBuilder();
  private final List<Instance> instances = new ArrayList<>();
  private final List<Seen> seen = new ArrayList<>();
  private int nested;

  /** What could be seen of one step: its end, the calls of host functions, and the state left. */
  record Seen(
      String step, String end, long fuel, String log, String state, List<Trap.Frame> frames) {
    static final Seen NOTHING = new Seen("", "nothing", 0, "", "", List.of());

    /** In what two sights of the same step differ; blank where they do not. */
    String differences(Seen that) {
      return (end.equals(that.end) ? "" : " end")
          + (fuel == that.fuel ? "" : " fuel")
          + (log.equals(that.log) ? "" : " log")
          + (state.equals(that.state) ? "" : " state")
          + (sameFrames(that) ? "" : " frames");
    }

    boolean isOutOfFuel() {
      return end.equals("trap: " + TrapKind.OUT_OF_FUEL);
    }

    /** The same as an engine sees it that counts no fuel. */
    Seen withoutFuel() {
      return new Seen(step, end, 0, log.replaceAll(" at [0-9]+", ""), state, frames);
    }

    /** A trap's stack is compared where both sides tell it; the reference does not. */
    private boolean sameFrames(Seen that) {
      return frames.isEmpty() || that.frames.isEmpty() || frames.equals(that.frames);
    }

    @Override
    public String toString() {
      return step
          + " -> "
          + end
          + ", fuel "
          + fuel
          + "\n  log: "
          + log
          + "\n  state: "
          + state
          + "\n  frames: "
          + frames;
    }
  }

  /** What a host function throws that is neither a trap nor a Wasm exception. */
  private static final class HostFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    HostFailure(String message) {
      super(message, null, false, false);
    }
  }

  /** An external reference. */
  private record Marker(int number) {}

  private Run(Case subject, Store store, boolean metered) {
    this.subject = subject;
    this.store = store;
    this.metered = metered;
    tags.put(hostTag, "host");
  }

  /**
   * Runs a case.
   *
   * @param fuel what each step gets: instantiation of both modules, then the calls
   */
  static List<Seen> of(Case subject, Store store, long[] fuel) {
    return new Run(subject, store, true).all(fuel);
  }

  /** Runs a case where no fuel is counted: one that is known to end. */
  static List<Seen> unmetered(Case subject, Store store) {
    return new Run(subject, store, false).all(new long[steps(subject)]);
  }

  /** The number of steps in a run. */
  static int steps(Case subject) {
    return 2 + subject.calls().size();
  }

  private List<Seen> all(long[] fuel) {
    Linker linker = new Linker();
    for (int i = 0; i < subject.hosts().size(); i++) {
      int number = i;
      linker.func("host", "f" + i, subject.hosts().get(i), caller -> host(number, caller));
    }
    step("instantiate other", fuel[0], () -> instance(linker.instantiate(store, subject.other())));
    if (instances.isEmpty()) {
      return seen;
    }
    linker.define("other", instances.get(0));
    step("instantiate main", fuel[1], () -> instance(linker.instantiate(store, subject.main())));
    for (int i = 0; i < subject.calls().size(); i++) {
      Case.Call call = subject.calls().get(i);
      int at = call.main() ? 1 : 0;
      if (at < instances.size()) {
        step(call.toString(), fuel[2 + i], () -> call(instances.get(at), call));
      }
    }
    return seen;
  }

  private Object instance(Instance instance) {
    for (Export export : instance.module().exports()) {
      if (instance.export(export.name()).orElseThrow() instanceof Tag tag) {
        tags.putIfAbsent(tag, instances.size() + export.name());
      }
    }
    instances.add(instance);
    return null;
  }

  private Object call(Instance instance, Case.Call call) {
    List<Object> arguments = new ArrayList<>();
    for (Object argument : call.arguments()) {
      arguments.add(argument instanceof Case.Given given ? given(instance, given) : argument);
    }
    return instance.func(call.name()).call(arguments.toArray());
  }

  private Object given(Instance instance, Case.Given given) {
    int number = given.number();
    return switch (given.heap()) {
      case NONE -> null;
      case FUNC -> {
        List<Export> exports = instance.module().exports();
        Extern export = instance.export(exports.get(number % exports.size()).name()).orElseThrow();
        yield export instanceof Func ? export : instance.func("f0");
      }
      case EXTERN -> new Marker(number);
      default -> I31.of(number);
    };
  }

  private interface Step {
    Object run();
  }

  private void step(String name, long fuel, Step step) {
    log.setLength(0);
    nested = 0;
    if (metered) {
      store.setFuel(fuel);
    }
    long before = consumed();
    List<Trap.Frame> frames = List.of();
    String end;
    try {
      end = new Describer(subject, tags).value(step.run()).toString();
    } catch (Trap trap) {
      end = "trap: " + trap.kind();
      frames = isExact(trap.kind()) ? trap.frames() : List.of();
    } catch (WasmException e) {
      end =
          new Describer(subject, tags)
              .add("exception: " + tags.get(e.tag()))
              .values(e.arguments())
              .toString();
    } catch (HostFailure e) {
      end = "host: " + e.getMessage();
    }
    seen.add(new Seen(name, end, consumed() - before, log.toString(), state(), frames));
  }

  private long consumed() {
    return metered ? store.fuelConsumed() : 0;
  }

  /** Whether a kind of trap comes from an instruction, not from between two of them. */
  private static boolean isExact(TrapKind kind) {
    return kind != TrapKind.OUT_OF_FUEL && kind != TrapKind.CALL_STACK_EXHAUSTED;
  }

  /** All memories, globals and tables. */
  private String state() {
    Describer text = new Describer(subject, tags);
    for (Instance instance : instances) {
      for (String name : instance.exportNames()) {
        switch (instance.export(name).orElseThrow()) {
          case Memory memory -> {
            byte[] bytes = memory.read(0, (int) memory.byteSize());
            CRC32 sum = new CRC32();
            sum.update(bytes);
            text.add(name + ":" + bytes.length + "#" + sum.getValue());
          }
          case Global global -> text.add(name + ":").value(global.get());
          case Table table -> {
            text.add(name + ":");
            for (long i = 0; i < Math.min(40, table.size()); i++) {
              text.value(table.get(i)).add(",");
            }
            text.add("of " + table.size());
          }
          default -> {}
        }
        text.add(" ");
      }
    }
    return text.toString();
  }

  // The host.

  private void host(int number, Caller caller) {
    FuncType type = subject.hosts().get(number);
    List<Object> arguments = new ArrayList<>();
    for (int i = 0; i < type.params().size(); i++) {
      arguments.add(argument(caller, i, type.params().get(i)));
    }
    String told = new Describer(subject, tags).values(arguments).toString();
    log.append("f").append(number).append(told).append(" at ").append(consumed());
    int hash = told.hashCode() + number;
    switch (Math.floorMod(hash, 29)) {
      case 0 -> throw WasmException.of(hostTag, hash);
      case 1 -> throw new HostFailure("failure " + hash);
      case 2 -> throw new Trap(TrapKind.UNREACHABLE);
      case 3, 4, 5, 6 -> back(hash);
      case 7, 8, 9 -> touch(hash);
      default -> {}
    }
    for (int i = 0; i < type.results().size(); i++) {
      result(caller, i, type.results().get(i), hash + i, arguments);
    }
    log.append("; ");
  }

  private static Object argument(Caller caller, int i, ValType type) {
    return switch (type) {
      case NumType.I32 -> caller.i32(i);
      case NumType.I64 -> caller.i64(i);
      case NumType.F32 -> caller.f32(i);
      case NumType.F64 -> caller.f64(i);
      case RefType ref -> caller.ref(i);
      default -> caller.v128(i);
    };
  }

  private void result(Caller caller, int i, ValType type, int hash, List<Object> arguments) {
    switch (type) {
      case NumType.I32 -> caller.setI32(i, hash);
      case NumType.I64 -> caller.setI64(i, hash * 0x123456789ABCDL);
      case NumType.F32 -> caller.setF32(i, hash / 16f);
      case NumType.F64 -> caller.setF64(i, hash / 64d);
      case RefType ref -> caller.setRef(i, reference(ref, hash, arguments));
      default -> caller.setV128(i, new V128(hash, ~hash));
    }
  }

  private static Object reference(RefType type, int hash, List<Object> arguments) {
    for (Object argument : arguments) {
      if (References.isOfType(argument, type)) {
        return argument;
      }
    }
    if (type.heap() == AbsHeapType.EXTERN) {
      return new Marker(hash & 7);
    }
    if (References.isOfType(I31.of(hash), type)) {
      return I31.of(hash);
    }
    if (!type.nullable()) {
      throw new HostFailure("no value");
    }
    return null;
  }

  /** Calls back into Wasm. */
  private void back(int hash) {
    if (instances.isEmpty() || nested >= 3) {
      return;
    }
    List<Case.Call> calls = subject.calls();
    Case.Call call = calls.isEmpty() ? null : calls.get(Math.floorMod(hash / 29, calls.size()));
    if (call == null || call.main() && instances.size() < 2) {
      return;
    }
    nested++;
    log.append(" {");
    try {
      Object result = call(instances.get(call.main() ? 1 : 0), call);
      log.append(new Describer(subject, tags).value(result)).append('}');
    } finally {
      nested--;
    }
  }

  /** Writes to the memories, or lets one grow. */
  private void touch(int hash) {
    for (Instance instance : instances) {
      for (String name : instance.exportNames()) {
        if (instance.export(name).orElseThrow() instanceof Memory memory) {
          if ((hash & 0x100) != 0) {
            log.append(" grown ").append(memory.grow(1));
          }
          if (memory.byteSize() > 0) {
            memory.putByte(Math.floorMod(hash, memory.byteSize()), (byte) hash);
          }
        }
      }
    }
  }
}

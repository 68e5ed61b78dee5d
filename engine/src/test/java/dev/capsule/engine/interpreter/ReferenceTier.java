package dev.capsule.engine.interpreter;

import dev.capsule.engine.exec.ExecStore;
import dev.capsule.engine.exec.ExecutionTier;
import dev.capsule.engine.exec.FuncInstance;
import dev.capsule.engine.exec.FunctionCode;
import dev.capsule.engine.exec.WasmFunction;
import dev.capsule.engine.module.FunctionBody;
import dev.capsule.engine.module.InstructionReader;
import dev.capsule.engine.module.Module;
import dev.capsule.engine.module.Opcode;
import dev.capsule.engine.runtime.Trap;
import dev.capsule.engine.runtime.TrapKind;
import dev.capsule.engine.types.ValType;
import dev.capsule.engine.validation.OperandTyper;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * A slow interpreter to compare with: it reads one instruction after the other from the module's
 * bytes, takes its fuel, and does what it says on a stack of values. It shares nothing with the
 * real one but the operations below all tiers. Wasm calls nest Java calls.
 */
public final class ReferenceTier implements ExecutionTier {
  private final Map<FunctionCode, Integer> units = new WeakHashMap<>();

  private final Map<FunctionCode, Integer> bytes = new WeakHashMap<>();

  private final Map<FunctionCode, Set<Integer>> comparedReturns = new WeakHashMap<>();

  /** Whether NaNs are made canonical where Wasm leaves a choice. */
  final boolean deterministic;

  private final Map<FunctionCode, Map<Integer, int[]>> parts = new WeakHashMap<>();

  /** Told of every instruction that is executed. */
  final Consumer<Opcode> observer;

  public ReferenceTier(boolean deterministic) {
    this(deterministic, op -> {});
  }

  public ReferenceTier(boolean deterministic, Consumer<Opcode> observer) {
    this.deterministic = deterministic;
    this.observer = observer;
  }

  /** By position of an opening instruction, -1 for the function: where its parts begin, its end. */
  Map<Integer, int[]> parts(FunctionCode code) {
    Module module = code.module.module;
    return parts.computeIfAbsent(code, key -> ReferenceFrame.parts(module, module.body(key.index)));
  }

  @Override
  public void invoke(ExecStore store, WasmFunction function, int sp) {
    Values arguments = new Values();
    arguments.pushFrom(store, sp, function.type().params());
    List<ValType> results = function.type().results();
    store.ensureStack(sp + 2 * (results.size() + arguments.count) + 2);
    store.sp = sp + 2 * (results.size() + arguments.count) + 2;
    Values values = call(store, function, arguments);
    values.popTo(store.stack, store.refs, sp, results);
  }

  /** Calls a function of any kind; a tail call comes back as the next function to call. */
  Values call(ExecStore store, FuncInstance function, Values arguments) {
    FuncInstance callee = function;
    Values values = arguments;
    while (true) {
      if (!(callee instanceof WasmFunction wasm)) {
        return host(store, callee, values);
      }
      if (store.fuel < 0 && !isShort(wasm.code)) {
        store.poll();
      }
      int cost = units.computeIfAbsent(wasm.code, ReferenceTier::units);
      if ((store.depth -= cost) < 0) {
        store.depth += cost;
        throw new Trap(TrapKind.CALL_STACK_EXHAUSTED);
      }
      ReferenceFrame frame = new ReferenceFrame(this, store, wasm, values);
      try {
        frame.run();
      } finally {
        store.depth += cost;
      }
      if (frame.tail == null) {
        return frame.values;
      }
      callee = frame.tail;
      values = frame.tailArguments;
    }
  }

  private static Values host(ExecStore store, FuncInstance function, Values values) {
    List<ValType> params = function.type().params();
    List<ValType> results = function.type().results();
    int saved = store.sp;
    int room = 2 * (params.size() + results.size()) + 2;
    store.ensureStack(saved + room);
    store.sp = saved + room;
    values.popTo(store.stack, store.refs, saved, params);
    function.invoke(store, saved);
    store.sp = saved;
    Values returned = new Values();
    returned.pushFrom(store, saved, results);
    return returned;
  }

  /** Instructions that run other code, or take long for their one unit. */
  private static final Pattern LONG =
      Pattern.compile(
          "loop|(return_)?call.*|try.*|(re)?throw.*|(memory|table)\\.(grow|fill|copy|init)"
              + "|struct\\.new.*|array\\.(new|fill|copy|init).*|memory\\.atomic\\..*");

  /** Whether the function's entry does not compare fuel. */
  boolean isShort(FunctionCode code) {
    return bytes(code) <= 256;
  }

  /** The bytes of a function that may be short with all that it calls; many for others. */
  int bytes(FunctionCode code) {
    return bytes.computeIfAbsent(code, key -> bytes(key, 1));
  }

  private static int bytes(FunctionCode code, int active) {
    Module module = code.module.module;
    FunctionBody body = module.body(code.index);
    int bytes = body.code().length();
    if (active > 4 || bytes > 256 || body.localCount() > 64) {
      return MANY;
    }
    InstructionReader reader = new InstructionReader(module, body.code());
    while (!reader.atEnd() && bytes < MANY) {
      reader.next();
      if (reader.opcode == Opcode.CALL && reader.index >= module.importedFuncs()) {
        bytes += bytes(code.module.functions[reader.index], active + 1);
      } else if (LONG.matcher(reader.opcode.mnemonic()).matches()) {
        return MANY;
      }
    }
    return Math.min(bytes, MANY);
  }

  private static final int MANY = 1_000_000;

  /** The places of the calls behind which a function compares fuel. */
  Set<Integer> comparedReturns(FunctionCode code) {
    return comparedReturns.computeIfAbsent(code, key -> new ReferenceReturns(this, key).find());
  }

  /** What a call of the function takes of the depth: all slots of locals and operands. */
  private static int units(FunctionCode code) {
    Module module = code.module.module;
    OperandTyper typer = OperandTyper.forFunction(module, code.index);
    InstructionReader reader = new InstructionReader(module, module.body(code.index).code());
    int most = 0;
    // Blocks that were opened where code cannot be reached: the typer takes what is in them for
    // reachable again.
    int dead = 0;
    while (!typer.finished()) {
      reader.next();
      int open = typer.depth();
      boolean inDead = dead > 0 || typer.unreachable();
      typer.apply(reader);
      dead = inDead ? Math.max(0, dead + typer.depth() - open) : 0;
      if (!typer.finished() && dead == 0 && !typer.unreachable()) {
        int slots = 0;
        for (int i = 0; i < typer.height(); i++) {
          slots += typer.type(i) == null ? 1 : typer.type(i).slots();
        }
        most = Math.max(most, slots);
      }
    }
    long locals = 0;
    for (long i = 0; i < typer.localCount() && i < 1 << 22; i++) {
      locals += typer.localType((int) i).slots();
    }
    return FunctionCode.depthUnits((int) locals + most);
  }
}

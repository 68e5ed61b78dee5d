package dev.capsule.engine.compiler;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.capsule.engine.exec.ExecStore;
import dev.capsule.engine.exec.FunctionCode;
import dev.capsule.engine.exec.ModuleCode;
import dev.capsule.engine.exec.WasmFunction;
import dev.capsule.engine.module.CodeSlice;
import dev.capsule.engine.module.Module;
import dev.capsule.engine.runtime.Engine;
import dev.capsule.engine.runtime.Instance;
import dev.capsule.engine.runtime.Linker;
import dev.capsule.engine.runtime.Tier;
import dev.capsule.engine.runtime.Trap;
import dev.capsule.engine.runtime.TrapKind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** How much is read for the frames of a trap: long functions only once, and only where shown. */
class CompiledFramesTest {
  private static final String LONG = "(drop (i32.const 1))".repeat(25_000) + "(call $a) (call $b)";

  private static final Module MODULE =
      Module.parse(
          "(module (func (export \"small\")) (func $a %s) (func $b %s) (func $c %s))"
              .formatted(LONG, LONG, LONG));

  private final ExecStore store =
      (ExecStore) Engine.builder().tier(Tier.JIT).background(false).build().newStore();

  @ParameterizedTest
  @EnumSource(
      value = TrapKind.class,
      names = {"UNREACHABLE", "DEADLINE"})
  void longFunctionsAreReadOnce(TrapKind kind) {
    Instance instance = new Linker().instantiate(store, MODULE);
    instance.func("small").call();
    ModuleCode code = ((WasmFunction) instance.func("small")).code.module;
    String loader = ((CodeLoader) code.compiler).getName();
    List<StackTraceElement> trace = new ArrayList<>();
    for (int i = 0; i < 250; i++) {
      trace.add(frame(loader, 1, 1));
      trace.add(frame(loader, 2, 2));
    }
    trace.addAll(Collections.nCopies(500, frame(loader, 3, 1)));
    trace.add(new StackTraceElement("wasm.S_V", "call", null, -1));
    trace.addAll(Collections.nCopies(10, frame(loader, 3, 2)));

    List<FunctionCode> read = new ArrayList<>();
    Trap trap = new Trap(kind);
    for (int part : new int[] {1001, 1012}) {
      CompiledFrames.complete(
          store,
          trap,
          trace.toArray(StackTraceElement[]::new),
          function -> {
            read.add(function);
            return FunctionCompiler.lines(function);
          });
      assertEquals(part, trap.read());
      assertEquals(100, trap.frames().size());
    }
    assertEquals(List.of(code.functions[1], code.functions[2]), read);
    for (int i = 0; i < 100; i++) {
      int function = 1 + i % 2;
      CodeSlice body = code.module.body(function).code();
      // The calls, of two bytes, are the only instructions that have lines.
      long offset = body.fileOffset(body.start()) + 75_000 + 2 * (i % 2);
      assertEquals(
          new Trap.Frame(function, code.module.funcName(function), offset), trap.frames().get(i));
    }
  }

  private static StackTraceElement frame(String loader, int function, int line) {
    return new StackTraceElement(loader, null, null, "wasm.F" + function, "f", null, line);
  }
}

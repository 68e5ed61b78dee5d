package dev.capsule.benchmarks.kernel;

import java.util.List;
import java.util.function.IntUnaryOperator;
import run.endive.compiler.MachineFactoryCompiler;
import run.endive.runtime.HostFunction;
import run.endive.runtime.ImportValues;
import run.endive.runtime.Instance;
import run.endive.wasm.Parser;
import run.endive.wasm.WasmModule;
import run.endive.wasm.types.FunctionType;
import run.endive.wasm.types.ValType;

/**
 * Endive: its interpreter or its compiler. Endive is Chicory under other names, so this is {@link
 * ChicoryEngine} with other imports: the types of the two have nothing in common for the compiler.
 */
record EndiveEngine(boolean compiled) implements WasmEngine {
  private static ImportValues imports() {
    return ImportValues.builder()
        .addFunction(
            new HostFunction(
                "host",
                "next",
                FunctionType.of(List.of(ValType.I32), List.of(ValType.I32)),
                (instance, arguments) -> new long[] {JavaTwins.next((int) arguments[0])}))
        .build();
  }

  private static IntUnaryOperator run(Instance instance) {
    var run = instance.export("run");
    return n -> (int) run.apply(n)[0];
  }

  private Instance.Builder builder(WasmModule module) {
    Instance.Builder builder = Instance.builder(module).withImportValues(imports());
    if (compiled) {
      builder.withMachineFactory(MachineFactoryCompiler.compile(module));
    }
    return builder;
  }

  @Override
  public IntUnaryOperator load(byte[] wasm) {
    return run(builder(Parser.parse(wasm)).build());
  }

  @Override
  public IntUnaryOperator instantiator(byte[] wasm) {
    Instance.Builder builder = builder(Parser.parse(wasm));
    return n -> {
      int sum = 0;
      for (int i = 0; i < n; i++) {
        sum += run(builder.build()).applyAsInt(1);
      }
      return sum;
    };
  }

  @Override
  public void validate(byte[] wasm) {
    Parser.parse(wasm);
  }

  @Override
  public void compile(byte[] wasm) {
    if (!compiled) {
      throw new UnsupportedOperationException("an interpreter");
    }
    MachineFactoryCompiler.compile(Parser.parse(wasm));
  }
}

package dev.capsule.benchmarks;

import com.dylibso.chicory.compiler.MachineFactoryCompiler;
import com.dylibso.chicory.runtime.HostFunction;
import com.dylibso.chicory.runtime.ImportValues;
import com.dylibso.chicory.runtime.Instance;
import com.dylibso.chicory.wasi.WasiExitException;
import com.dylibso.chicory.wasi.WasiOptions;
import com.dylibso.chicory.wasi.WasiPreview1;
import com.dylibso.chicory.wasm.Parser;
import com.dylibso.chicory.wasm.WasmModule;
import com.dylibso.chicory.wasm.types.FunctionImport;
import com.dylibso.chicory.wasm.types.FunctionType;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** Guest programs in Chicory. */
final class ChicoryGuests implements Guests {
  private final WasmModule module;
  private final UnaryOperator<Instance.Builder> machine;

  /** Reads the module, and compiles it if that is wanted. */
  ChicoryGuests(boolean compiled, Path file) {
    module = Parser.parse(file);
    if (compiled) {
      var factory = MachineFactoryCompiler.compile(module);
      machine = builder -> builder.withMachineFactory(factory);
    } else {
      machine = UnaryOperator.identity();
    }
  }

  @Override
  public QuickJs quickJs() {
    ImportValues.Builder imports = ImportValues.builder();
    for (int i = 0; i < module.importSection().importCount(); i++) {
      if (module.importSection().getImport(i) instanceof FunctionImport each) {
        FunctionType type = module.typeSection().getType(each.typeIndex());
        long[] zeros = new long[type.returns().size()];
        imports.addFunction(
            new HostFunction(
                each.module(), each.name(), type, (instance, arguments) -> zeros.clone()));
      }
    }
    return new QuickJs(new Exports(instantiate(imports.build())));
  }

  @Override
  public int python(String... arguments) {
    WasiOptions options =
        WasiOptions.builder()
            .inheritSystem()
            .withArguments(Stream.concat(Stream.of("python"), Stream.of(arguments)).toList())
            .build();
    try (WasiPreview1 wasi = WasiPreview1.builder().withOptions(options).build()) {
      instantiate(ImportValues.builder().addFunction(wasi.toHostFunctions()).build())
          .export("_start")
          .apply();
      return 0;
    } catch (WasiExitException exit) {
      return exit.exitCode();
    }
  }

  private Instance instantiate(ImportValues imports) {
    return machine
        .apply(
            Instance.builder(module)
                .withImportValues(imports)
                .withInitialize(true)
                .withStart(false))
        .build();
  }

  private record Exports(Instance instance) implements QuickJs.Exports {
    @Override
    public int call(String name, int... arguments) {
      long[] result =
          instance.export(name).apply(Arrays.stream(arguments).asLongStream().toArray());
      return result == null || result.length == 0 ? 0 : (int) result[0];
    }

    @Override
    public double callDouble(String name, int argument) {
      return Double.longBitsToDouble(instance.export(name).apply(argument)[0]);
    }

    @Override
    public void write(int address, byte[] bytes) {
      instance.memory().write(address, bytes);
    }
  }
}

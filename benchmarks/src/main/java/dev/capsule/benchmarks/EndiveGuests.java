package dev.capsule.benchmarks;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import run.endive.compiler.MachineFactoryCompiler;
import run.endive.runtime.HostFunction;
import run.endive.runtime.ImportValues;
import run.endive.runtime.Instance;
import run.endive.wasi.WasiExitException;
import run.endive.wasi.WasiOptions;
import run.endive.wasi.WasiPreview1;
import run.endive.wasm.Parser;
import run.endive.wasm.WasmModule;
import run.endive.wasm.types.FunctionImport;
import run.endive.wasm.types.FunctionType;

/**
 * Guest programs in Endive. Endive is Chicory under other names, so this is {@link ChicoryGuests}
 * with other imports: the types of the two have nothing in common for the compiler.
 */
final class EndiveGuests implements Guests {
  private final WasmModule module;
  private final UnaryOperator<Instance.Builder> machine;

  /** Reads the module, and compiles it if that is wanted. */
  EndiveGuests(boolean compiled, Path file) {
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

package dev.capsule.benchmarks;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
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

/** Guest programs in Endive. */
final class EndiveGuests {
  private EndiveGuests() {}

  static Guest quickJs(boolean compiled, Path file, byte[] script) {
    WasmModule module = Parser.parse(file);
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
    return new QuickJs(new Exports(instantiate(compiled, module, imports.build())), script);
  }

  /** Runs Python's {@code _start}; the script talks over the process's own streams. */
  static int python(boolean compiled, Path file, String script) {
    WasiOptions options =
        WasiOptions.builder()
            .inheritSystem()
            .withArguments(List.of("python", "-c", script))
            .build();
    try (WasiPreview1 wasi = WasiPreview1.builder().withOptions(options).build()) {
      ImportValues imports = ImportValues.builder().addFunction(wasi.toHostFunctions()).build();
      instantiate(compiled, Parser.parse(file), imports).export("_start").apply();
      return 0;
    } catch (WasiExitException exit) {
      return exit.exitCode();
    }
  }

  private static Instance instantiate(boolean compiled, WasmModule module, ImportValues imports) {
    Instance.Builder builder =
        Instance.builder(module).withImportValues(imports).withInitialize(true).withStart(false);
    if (compiled) {
      builder.withMachineFactory(MachineFactoryCompiler.compile(module));
    }
    return builder.build();
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

package dev.capsule.benchmarks;

import dev.capsule.engine.module.Module;
import dev.capsule.engine.types.ExternFunc;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.graalvm.polyglot.Context;
import org.graalvm.polyglot.Engine;
import org.graalvm.polyglot.PolyglotException;
import org.graalvm.polyglot.Source;
import org.graalvm.polyglot.Value;
import org.graalvm.polyglot.io.ByteSequence;
import org.graalvm.polyglot.proxy.ProxyExecutable;
import org.graalvm.polyglot.proxy.ProxyObject;

/** Guest programs in GraalWasm, on a JDK that need not have its compiler. */
final class GraalWasmGuests implements Guests {
  private final Engine engine =
      Engine.newBuilder("wasm").option("engine.WarnInterpreterOnly", "false").build();
  private final byte[] bytes;
  private final Source source;

  GraalWasmGuests(Path file) {
    try {
      bytes = Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UncheckedIOException(file + ": cannot be read", e);
    }
    source = Source.newBuilder("wasm", ByteSequence.create(bytes), "guest").buildLiteral();
  }

  @Override
  public QuickJs quickJs() {
    Context context = Context.newBuilder("wasm").engine(engine).build();
    Value instance = context.eval(source).newInstance(ProxyObject.fromMap(imports()));
    return new QuickJs(new Exports(instance.getMember("exports")));
  }

  /** The module's imports, all of which answer zero. */
  private Map<String, Object> imports() {
    Map<String, Map<String, Object>> modules = new HashMap<>();
    for (var each : Module.decode(bytes).imports()) {
      if (each.type() instanceof ExternFunc function) {
        boolean answers = !function.func().results().isEmpty();
        ProxyExecutable zero = arguments -> answers ? 0 : null;
        modules.computeIfAbsent(each.module(), name -> new HashMap<>()).put(each.name(), zero);
      }
    }
    Map<String, Object> imports = new HashMap<>();
    modules.forEach((name, members) -> imports.put(name, ProxyObject.fromMap(members)));
    return imports;
  }

  @Override
  public int python(String... arguments) {
    String[] all = Stream.concat(Stream.of("python"), Stream.of(arguments)).toArray(String[]::new);
    try (Context context =
        Context.newBuilder("wasm")
            .engine(engine)
            .option("wasm.Builtins", "wasi_snapshot_preview1")
            .arguments("wasm", all)
            .build()) {
      context.eval(source).newInstance().getMember("exports").getMember("_start").execute();
      return 0;
    } catch (PolyglotException e) {
      if (e.isExit()) {
        return e.getExitStatus();
      }
      throw e;
    }
  }

  private record Exports(Value members) implements QuickJs.Exports {
    @Override
    public int call(String name, int... arguments) {
      Object[] boxed = new Object[arguments.length];
      for (int i = 0; i < arguments.length; i++) {
        boxed[i] = arguments[i];
      }
      Value result = members.getMember(name).execute(boxed);
      return result.fitsInInt() ? result.asInt() : 0;
    }

    @Override
    public double callDouble(String name, int argument) {
      return members.getMember(name).execute(argument).asDouble();
    }

    @Override
    public void write(int address, byte[] bytes) {
      Value memory = members.getMember("memory");
      for (int i = 0; i < bytes.length; i++) {
        memory.writeBufferByte(address + i, bytes[i]);
      }
    }
  }
}

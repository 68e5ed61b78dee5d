package dev.capsule.benchmarks.kernel;

import java.util.Map;
import java.util.function.IntUnaryOperator;
import org.graalvm.polyglot.Context;
import org.graalvm.polyglot.Engine;
import org.graalvm.polyglot.Source;
import org.graalvm.polyglot.Value;
import org.graalvm.polyglot.io.ByteSequence;
import org.graalvm.polyglot.proxy.ProxyExecutable;
import org.graalvm.polyglot.proxy.ProxyObject;

/** GraalWasm on whatever JDK this is: on a stock one without Graal, it interprets. */
record GraalWasmEngine() implements WasmEngine {
  private static Engine engine() {
    return Engine.newBuilder("wasm").option("engine.WarnInterpreterOnly", "false").build();
  }

  private static Context context(Engine engine) {
    return Context.newBuilder("wasm").engine(engine).build();
  }

  private static Value module(Context context, byte[] wasm) {
    return context.eval(
        Source.newBuilder("wasm", ByteSequence.create(wasm), "kernel").buildLiteral());
  }

  private static Value run(Value module) {
    ProxyExecutable next = arguments -> JavaTwins.next(arguments[0].asInt());
    return module
        .newInstance(ProxyObject.fromMap(Map.of("host", ProxyObject.fromMap(Map.of("next", next)))))
        .getMember("exports")
        .getMember("run");
  }

  @Override
  public IntUnaryOperator load(byte[] wasm) {
    Value run = run(module(context(engine()), wasm));
    return n -> run.execute(n).asInt();
  }

  @Override
  public IntUnaryOperator instantiator(byte[] wasm) {
    Context context = context(engine());
    Value module = module(context, wasm);
    return n -> {
      int sum = 0;
      for (int i = 0; i < n; i++) {
        sum += run(module).execute(1).asInt();
      }
      return sum;
    };
  }

  @Override
  public void validate(byte[] wasm) {
    try (Engine engine = engine();
        Context context = context(engine)) {
      module(context, wasm);
    }
  }

  @Override
  public void compile(byte[] wasm) {
    throw new UnsupportedOperationException("compiles what is hot, nothing on demand");
  }
}

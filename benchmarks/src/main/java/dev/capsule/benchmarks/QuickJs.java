package dev.capsule.benchmarks;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** QuickJS as a reactor, through the few of its exports that evaluating a script needs. */
final class QuickJs implements Guest {
  /** One engine's instance of the module, its imports answering zero. */
  interface Exports {
    /** Calls an export with i32 arguments and answers its i32, or 0 for none. */
    int call(String name, int... arguments);

    /** Calls an export of type [i32] -> [f64]. */
    double callDouble(String name, int argument);

    /** Writes to the module's memory. */
    void write(int address, byte[] bytes);
  }

  /** A zero-terminated text in the module's memory. */
  private record Text(int address, int length) {}

  private final Exports exports;
  private final Text name;
  private final Map<String, Text> calls = new HashMap<>();

  QuickJs(Exports exports) {
    this.exports = exports;
    exports.call("_initialize");
    exports.call("qjs_init");
    name = place("q".getBytes(StandardCharsets.US_ASCII));
  }

  private Text place(byte[] bytes) {
    int address = exports.call("wasm_malloc", bytes.length + 1);
    exports.write(address, bytes);
    exports.write(address + bytes.length, new byte[1]);
    return new Text(address, bytes.length);
  }

  private double evaluate(Text text) {
    int value = exports.call("qjs_eval", text.address, text.length, name.address, 0);
    double result = exports.callDouble("qjs_get_float64", value);
    exports.call("qjs_free_value", value);
    return result;
  }

  /** Evaluates a script and answers its number. */
  double evaluate(byte[] script) {
    return evaluate(place(script));
  }

  @Override
  public double run(String program) {
    return evaluate(
        calls.computeIfAbsent(
            program,
            each -> place(("programs." + each + "()").getBytes(StandardCharsets.US_ASCII))));
  }
}

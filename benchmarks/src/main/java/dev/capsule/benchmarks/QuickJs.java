package dev.capsule.benchmarks;

import java.nio.charset.StandardCharsets;

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

  private final Exports exports;
  private final int source;
  private final int length;
  private final int name;

  QuickJs(Exports exports, byte[] script) {
    this.exports = exports;
    exports.call("_initialize");
    exports.call("qjs_init");
    length = script.length;
    source = terminated(script);
    name = terminated("q".getBytes(StandardCharsets.US_ASCII));
  }

  private int terminated(byte[] text) {
    int address = exports.call("wasm_malloc", text.length + 1);
    exports.write(address, text);
    exports.write(address + text.length, new byte[1]);
    return address;
  }

  @Override
  public double round() {
    int value = exports.call("qjs_eval", source, length, name, 0);
    double result = exports.callDouble("qjs_get_float64", value);
    exports.call("qjs_free_value", value);
    return result;
  }
}

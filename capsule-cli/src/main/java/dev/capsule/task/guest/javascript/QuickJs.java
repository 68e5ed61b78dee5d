package dev.capsule.task.guest.javascript;

import dev.capsule.engine.module.Module;
import dev.capsule.engine.runtime.Caller;
import dev.capsule.engine.runtime.Func;
import dev.capsule.engine.runtime.Instance;
import dev.capsule.engine.runtime.Linker;
import dev.capsule.engine.runtime.Memory;
import dev.capsule.engine.snapshot.Snapshot;
import dev.capsule.engine.types.FuncType;
import dev.capsule.engine.types.NumType;
import dev.capsule.engine.types.ValType;
import dev.capsule.task.guest.protocol.RefusedException;
import dev.capsule.task.guest.sandbox.Sandbox;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/**
 * One QuickJS, driven through its C interface. A JavaScript value is the address of a cell that the
 * interpreter keeps until {@link #free}; 0 is no value. Not for use by several threads.
 */
final class QuickJs {
  /** The largest C stack that the module's authors allow; deeper recursion throws RangeError. */
  private static final int MAX_STACK = 512 * 1024;

  // Flags of QuickJS's JS_Eval.
  private static final int SCRIPT = 0;
  private static final int ASYNC = 1 << 7;

  private final Instance instance;
  private final Memory memory;
  private final Map<String, Func> functions = new HashMap<>();
  private final Host host;

  /** What the interpreter asks while it runs. */
  interface Host {
    /**
     * A call of a host function; the result is handed over to the interpreter. 0 throws the
     * exception that is pending there.
     */
    int call(QuickJs js, String function, String argument);

    /** The name of the module that {@code specifier} means in the module {@code base}. */
    String normalize(String base, String specifier);

    /** The source text of a module. */
    String loadModule(QuickJs js, String name);

    /** A promise was rejected and nobody handles it, or somebody does now. */
    void rejected(QuickJs js, int promise, int reason, boolean handled);
  }

  /** Starts an interpreter in a sandbox. */
  QuickJs(Sandbox sandbox, Module module, Host host) {
    this.host = host;
    this.instance = sandbox.instantiate(linker(), module).instance();
    this.memory = instance.memory("memory");
    call("_initialize");
    if (call("qjs_init") != 0) {
      throw new IllegalStateException("QuickJS does not start");
    }
    call("qjs_set_max_stack_size", MAX_STACK);
    call("qjs_set_promise_rejection_handler", 1);
    call("qjs_set_module_loader", 1);
  }

  /** Takes an interpreter that was kept. */
  QuickJs(Sandbox sandbox, Snapshot snapshot, Host host) {
    this.host = host;
    this.instance = sandbox.restore(linker(), snapshot).instance();
    this.memory = instance.memory("memory");
  }

  private Linker linker() {
    Linker linker = new Linker();
    linker.func("env", "host_call", type(5, true), this::hostCall);
    linker.func("env", "host_interrupt", type(0, true), caller -> caller.setI32(0, 0));
    linker.func("env", "host_promise_rejection", type(3, false), this::hostRejection);
    linker.func("env", "host_module_normalize", type(2, true), this::hostNormalize);
    linker.func("env", "host_module_load", type(2, true), this::hostLoad);
    linker.func("env", "host_get_timezone_offset", type(2, true), caller -> caller.setI32(0, 0));
    return linker;
  }

  private static FuncType type(int parameters, boolean returns) {
    return new FuncType(
        Collections.<ValType>nCopies(parameters, NumType.I32),
        returns ? List.of(NumType.I32) : List.of());
  }

  private void hostCall(Caller caller) {
    String name = text(caller.i32(0), caller.i32(1));
    String argument = "";
    if (caller.i32(3) > 0) {
      argument = textOf(memory.getInt(unsigned(caller.i32(4))));
    }
    int result;
    try {
      result = host.call(this, name, argument);
    } catch (RefusedException e) {
      throwError(e.getMessage());
      result = 0;
    }
    caller.setI32(0, result);
  }

  private void hostRejection(Caller caller) {
    host.rejected(this, caller.i32(0), caller.i32(1), caller.i32(2) != 0);
  }

  private void hostNormalize(Caller caller) {
    int result = 0;
    try {
      result = writeText(host.normalize(cString(caller.i32(0)), cString(caller.i32(1)))).address;
    } catch (RefusedException e) {
      throwError(e.getMessage());
    }
    caller.setI32(0, result);
  }

  private void hostLoad(Caller caller) {
    int lengthAddress = caller.i32(1);
    int result = 0;
    try {
      Text source = writeText(host.loadModule(this, cString(caller.i32(0))));
      memory.putInt(unsigned(lengthAddress), source.length);
      result = source.address;
    } catch (RefusedException e) {
      throwError(e.getMessage());
    }
    caller.setI32(0, result);
  }

  // ---- Values ----------------------------------------------------------------------------------

  /** Evaluates a script; its value. Throws {@link Thrown} if the script did. */
  int eval(String source, String name) {
    return checked(eval(source, name, SCRIPT));
  }

  /**
   * Evaluates a script that may use {@code await} outside functions: a promise of an object whose
   * {@code value} is the script's. For {@link Host#call}, whose caller gets the exception if the
   * script cannot be parsed.
   */
  int evalAsync(String source, String name) {
    int value = eval(source, name, SCRIPT | ASYNC);
    return value == 0 || call("qjs_is_exception", value) != 0 ? 0 : value;
  }

  private int eval(String source, String name, int flags) {
    Text text = writeText(source);
    Text file = writeText(name);
    int value = call("qjs_eval", text.address, text.length, file.address, flags);
    free(text);
    free(file);
    return value;
  }

  /** Calls a function of a global kind, without {@code this}. */
  int invoke(int function, int... arguments) {
    int argv = arguments.length == 0 ? 0 : allocate(arguments.length * 4);
    for (int i = 0; i < arguments.length; i++) {
      memory.putInt(unsigned(argv + 4 * i), arguments[i]);
    }
    int undefined = call("qjs_get_undefined");
    int value = call("qjs_call", function, undefined, arguments.length, argv);
    free(undefined);
    if (argv != 0) {
      call("wasm_free", argv);
    }
    return checked(value);
  }

  /** A property of an object. */
  int property(int object, String name) {
    Text text = writeText(name);
    int value = call("qjs_get_prop_string", object, text.address);
    free(text);
    return checked(value);
  }

  /** A function that calls {@link Host#call} under this name. */
  int hostFunction(String name) {
    Text text = writeText(name);
    int value = call("qjs_new_host_function", text.address, text.length, 0);
    free(text);
    return value;
  }

  /** A string. */
  int string(String value) {
    Text text = writeText(value);
    int result = call("qjs_new_string", text.address, text.length);
    free(text);
    return result;
  }

  /** What String() makes of a value. */
  String textOf(int value) {
    int lengthAddress = allocate(4);
    int address = call("qjs_get_string_len", value, lengthAddress);
    int length = memory.getInt(unsigned(lengthAddress));
    call("wasm_free", lengthAddress);
    if (address == 0) {
      call("qjs_free_value", call("qjs_get_exception"));
      return "";
    }
    String text = text(address, length);
    call("qjs_free_cstring", address);
    return text;
  }

  /** Whether a value is {@code true}. */
  boolean isTrue(int value) {
    return call("qjs_get_bool", value) == 1;
  }

  /** A number that is the same for the same object. */
  int identity(int value) {
    return call("qjs_get_value_ptr", value);
  }

  /** Lets go of a value. */
  void free(int value) {
    call("qjs_free_value", value);
  }

  /** Runs promise reactions until none is left or {@code stop} says so. */
  void runJobs(BooleanSupplier stop) {
    while (!stop.getAsBoolean() && call("qjs_is_job_pending") != 0) {
      if (call("qjs_execute_pending_job") < 0) {
        call("qjs_free_value", call("qjs_get_exception"));
      }
    }
  }

  private int checked(int value) {
    if (value == 0 || call("qjs_is_exception", value) != 0) {
      int exception = call("qjs_get_exception");
      String message = textOf(exception);
      free(exception);
      throw new Thrown(message);
    }
    return value;
  }

  /** JavaScript code that the host called has thrown. */
  static final class Thrown extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Thrown(String message) {
      super(message, null, false, false);
    }
  }

  private void throwError(String message) {
    int error = call("qjs_new_error");
    Text name = writeText("message");
    int text = string(message);
    call("qjs_set_prop_string", error, name.address, text);
    free(name);
    free(text);
    call("qjs_throw", error);
    free(error);
  }

  // ---- Memory ----------------------------------------------------------------------------------

  private record Text(int address, int length) {}

  private Text writeText(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    int address = allocate(bytes.length + 1);
    memory.write(unsigned(address), bytes, 0, bytes.length);
    memory.putByte(unsigned(address) + bytes.length, (byte) 0);
    return new Text(address, bytes.length);
  }

  private int allocate(int size) {
    int address = call("wasm_malloc", size);
    if (address == 0) {
      throw new OutOfGuestMemory();
    }
    return address;
  }

  /** The interpreter has no room for what the host wants to hand over. */
  static final class OutOfGuestMemory extends RuntimeException {
    private static final long serialVersionUID = 1L;

    OutOfGuestMemory() {
      super("out of memory", null, false, false);
    }
  }

  private void free(Text text) {
    call("wasm_free", text.address);
  }

  private String text(int address, int length) {
    byte[] bytes = new byte[length];
    memory.read(unsigned(address), bytes, 0, length);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private String cString(int address) {
    long end = unsigned(address);
    while (memory.getByte(end) != 0) {
      end++;
    }
    return text(address, (int) (end - unsigned(address)));
  }

  private static long unsigned(int address) {
    return Integer.toUnsignedLong(address);
  }

  private int call(String name, int... arguments) {
    List<Object> boxed = new ArrayList<>(arguments.length);
    for (int argument : arguments) {
      boxed.add(argument);
    }
    Object result = functions.computeIfAbsent(name, instance::func).call(boxed.toArray());
    return result instanceof Integer value ? value : 0;
  }
}

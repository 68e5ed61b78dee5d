package dev.capsule.engine.exec;

import dev.capsule.engine.types.ValType;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.List;

/** Makes the exact, unboxed handle of a function for Java callers. */
final class CallHandle {
  private static final MethodHandle RUN;

  static {
    try {
      RUN =
          MethodHandles.lookup()
              .findVirtual(
                  ExecStore.class,
                  "run",
                  MethodType.methodType(void.class, FuncInstance.class, int.class));
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private CallHandle() {}

  static MethodHandle of(FuncInstance func) {
    return of(func, Slots.resultGetter(func.store, func.type()));
  }

  /**
   * Make room, put each argument, run, take the result: folded around the common base slot.
   *
   * @param results {@code (base) -> R}, which takes the results
   */
  static MethodHandle of(FuncInstance func, MethodHandle results) {
    ExecStore store = func.store;
    List<ValType> params = func.type().params();
    List<Class<?>> carriers = Slots.methodType(func.type()).parameterList();
    MethodHandle run = MethodHandles.insertArguments(RUN, 0, store, func);
    // Each step is seen as a function of (base, all arguments), whatever it uses.
    MethodHandle chain = MethodHandles.dropArguments(results, 1, carriers);
    chain = MethodHandles.foldArguments(chain, MethodHandles.dropArguments(run, 1, carriers));
    int slot = FunctionCode.slots(params);
    for (int i = params.size() - 1; i >= 0; i--) {
      slot -= params.get(i).slots();
      MethodHandle put = Slots.setter(store, slot, params.get(i), "argument " + i);
      put = MethodHandles.dropArguments(put, 2, carriers.subList(i + 1, carriers.size()));
      put = MethodHandles.dropArguments(put, 1, carriers.subList(0, i));
      chain = MethodHandles.foldArguments(chain, put);
    }
    return MethodHandles.foldArguments(chain, Slots.entering(store, Slots.room(func.type())));
  }
}

package dev.capsule.engine.interpreter;

import dev.capsule.engine.exec.ExceptionOps;
import dev.capsule.engine.exec.ExecStore;
import dev.capsule.engine.exec.ExnObject;
import dev.capsule.engine.exec.ModuleInstance;
import dev.capsule.engine.runtime.Trap;
import dev.capsule.engine.runtime.TrapKind;
import dev.capsule.engine.runtime.WasmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What happens when an instruction throws: traps get their stack, exceptions find a handler. */
final class Unwinding {
  /** Frames that a trap tells of, innermost first. */
  private static final int MAX_FRAMES = 100;

  private Unwinding() {}

  /**
   * Handles what {@code node} threw.
   *
   * @throws RuntimeException if no handler in this invocation catches it
   */
  static void handle(ExecStore store, ModuleInstance in, Node node, int fp, Throwable raised) {
    Throwable thrown = raised;
    // Where the activation is gone, and its fuel settled: go on at its caller.
    CallNode from = null;
    int frame = fp;
    int site;
    if (raised instanceof CallerFault fault) {
      thrown = fault.getCause();
      from = fault.site;
      site = from.pc;
      frame = fault.fp;
    } else if (node instanceof Replacement replaced) {
      from = replaced.site;
      site = from.pc;
    } else if (raised instanceof Fault fault) {
      thrown = fault.getCause();
      site = fault.site;
    } else {
      site = node.site();
    }
    Throwable result = thrown;
    if (from == null && !(thrown instanceof Trap trap && isExact(trap.kind()))) {
      store.fuel -= find(in, site).uncharged(site);
    }
    if (from == null && thrown instanceof IndexOutOfBoundsException && node.outOfBounds() != null) {
      result = new Trap(node.outOfBounds());
    } else if (thrown instanceof StackOverflowError) {
      result = new Trap(TrapKind.CALL_STACK_EXHAUSTED);
    }
    if (result instanceof Trap trap) {
      trap.at(frames(store, in, from, site, frame, trap.frames()));
    }
    if (result instanceof WasmException exception
        && caught(store, in, from, site, frame, exception)) {
      return;
    }
    Unwinding.<RuntimeException>raise(result);
  }

  /**
   * Looks for a handler, closing frames on the way; makes the store go on there.
   *
   * @param from the call to begin with, or null for the place {@code site} in {@code in}
   */
  private static boolean caught(
      ExecStore store, ModuleInstance in, CallNode from, int site, int fp, WasmException thrown) {
    ExnObject exn = ExceptionOps.exn(thrown);
    ModuleInstance instance = in;
    CallNode at = from;
    int pc = site;
    int frame = fp;
    while (at != CallNode.Exit.INSTANCE) {
      if (at instanceof CallNode.Crossing crossing) {
        instance = crossing.caller;
        at = crossing.site;
        pc = at.pc;
        continue;
      }
      Lowered function = find(instance, pc);
      Handler handler = handler(function, instance, pc, exn);
      if (handler != null) {
        compare(store, instance, pc, frame);
        enter(handler, store, instance, frame, exn);
        return true;
      }
      int link = frame + function.link;
      at = (CallNode) store.refs[link];
      pc = at.pc;
      int caller = (int) store.stack[link];
      store.depth += function.units;
      Arrays.fill(store.refs, frame, frame + function.frame, null);
      frame = caller;
    }
    return false;
  }

  private static Handler handler(Lowered function, ModuleInstance in, int pc, ExnObject exn) {
    if (function.handlers == null) {
      return null;
    }
    int level = Integer.MAX_VALUE;
    for (Handler handler : function.handlers) {
      if (!handler.covers(pc) || handler.level > level) {
        continue;
      }
      if (handler.tag == Handler.DELEGATE) {
        level = handler.slot;
      } else if (handler.tag == Handler.ALL || in.tags[handler.tag] == exn.tag) {
        return handler;
      }
    }
    return null;
  }

  /** Compares fuel where a function catches what came from {@code pc} in it. */
  private static void compare(ExecStore store, ModuleInstance in, int pc, int fp) {
    if (store.fuel < 0) {
      try {
        store.poll(in.code);
      } catch (Trap trap) {
        throw trap.at(frames(store, in, null, pc, fp, trap.frames()));
      }
    }
  }

  private static void enter(
      Handler handler, ExecStore store, ModuleInstance in, int fp, ExnObject exn) {
    if (handler.tag != Handler.ALL) {
      ExceptionOps.unpack(exn, store.stack, store.refs, fp + handler.slot);
    }
    if (handler.exception >= 0) {
      store.refs[fp + handler.exception] = exn;
    }
    store.fuel -= handler.fuel();
    store.instance = in;
    Node.leave(store, fp, handler.target());
  }

  /** Whether traps of a kind come only from where the store has been charged for everything. */
  private static boolean isExact(TrapKind kind) {
    return switch (kind) {
      case OUT_OF_FUEL, DEADLINE, INTERRUPTED, CALL_STACK_EXHAUSTED -> true;
      default -> false;
    };
  }

  @SuppressWarnings("unchecked")
  private static <T extends Throwable> void raise(Throwable thrown) throws T {
    throw (T) thrown;
  }

  /** The function that a node belongs to. */
  private static Lowered find(ModuleInstance in, int pc) {
    Lowered function = Lowered.at(in, pc);
    if (function != null) {
      return function;
    }
    throw new AssertionError("no function has an instruction at " + pc);
  }

  /** The frames of this invocation behind those of the ones that it called. */
  private static List<Trap.Frame> frames(
      ExecStore store, ModuleInstance in, CallNode from, int site, int fp, List<Trap.Frame> inner) {
    List<Trap.Frame> frames = new ArrayList<>(inner);
    ModuleInstance instance = in;
    CallNode at = from;
    int pc = site;
    int frame = fp;
    while (at != CallNode.Exit.INSTANCE && frames.size() < MAX_FRAMES) {
      if (at instanceof CallNode.Crossing crossing) {
        instance = crossing.caller;
        at = crossing.site;
        pc = at.pc;
        continue;
      }
      Lowered function = find(instance, pc);
      int index = function.code.index;
      frames.add(new Trap.Frame(index, instance.module.funcName(index), function.offset(pc)));
      at = (CallNode) store.refs[frame + function.link];
      pc = at.pc;
      frame = (int) store.stack[frame + function.link];
    }
    return frames;
  }
}

package dev.capsule.engine.compiler;

import static org.objectweb.asm.Opcodes.*;

import dev.capsule.engine.exec.FunctionCode;
import dev.capsule.engine.runtime.FuelMode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntConsumer;
import org.objectweb.asm.Label;

/** Writes how methods begin. */
final class Prologue {
  private Prologue() {}

  /** The beginning of a function that is one method, or of its quick ways. */
  static void whole(MethodCode code, List<Block> blocks) {
    FunctionIr ir = code.ir;
    boolean wide = code.owner.signature.wide();
    List<Integer> params = FunctionCompiler.parameterVariables(ir);
    if (!wide) {
      for (int variable : params) {
        code.local[variable] = code.newLocal(ir.kind(variable));
      }
    }
    code.left = code.newLocal('I');
    code.instance = code.newLocal('A');
    code.store = code.newLocal('A');
    enter(code);
    if (wide) {
      loadWide(code, params);
    }
    zeroed(code, blocks);
    memory(code, blocks);
  }

  /**
   * Gives the variables of blocks JVM locals with zeros in them, for the verifier's sake, but for
   * those that no block reads before it has written them.
   */
  private static void zeroed(MethodCode code, List<Block> blocks) {
    int[] number = new int[code.ir.variables()];
    Liveness.number(code.ir, number);
    forEach(
        blocks,
        variable -> {
          if (code.local[variable] < 0 && number[variable] >= 0) {
            char kind = code.ir.kind(variable);
            code.local[variable] = code.newLocal(kind);
            code.zero(kind);
            code.storeLocal(kind, code.local[variable]);
          }
        });
  }

  private static void forEach(List<Block> blocks, IntConsumer variables) {
    for (Block block : blocks) {
      for (Ins ins : block.code) {
        if (ins.kind == Ins.Kind.GET) {
          variables.accept(ins.a);
          continue;
        }
        for (int read : Liveness.reads(ins)) {
          variables.accept(read);
        }
        if (Liveness.writes(ins) >= 0) {
          variables.accept(Liveness.writes(ins));
        }
      }
    }
  }

  /** Gives the other variables of blocks JVM locals; no frame tells of these. */
  static void withinBlocks(MethodCode code, List<Block> blocks) {
    forEach(
        blocks,
        variable -> {
          if (code.local[variable] < 0) {
            code.local[variable] = code.newLocal(code.ir.kind(variable));
          }
        });
  }

  /**
   * The beginning of what its quick ways hand over to, which has entered the function.
   *
   * @return the local that says where to go on
   */
  static int rest(MethodCode code, Front front) {
    for (int variable : front.handed) {
      code.local[variable] = code.newLocal(code.ir.kind(variable));
    }
    int number = code.newLocal('I');
    code.left = code.newLocal('I');
    code.instance = code.newLocal('A');
    code.takeStore(code.newLocal('A'));
    zeroed(code, front.rest);
    memory(code, front.rest);
    return number;
  }

  /**
   * The beginning of a function that goes on at a loop: parameters are the instance and a number.
   */
  static void loops(MethodCode code) {
    FunctionIr ir = code.ir;
    code.instance = code.newLocal('A');
    code.newLocal('I');
    code.takeStore(code.newLocal('A'));
    code.left = code.newLocal('I');
    leftForLoop(code);
    code.storeLocal('I', code.left);
    for (int i = 0; i < ir.variables(); i++) {
      char kind = ir.kind(i);
      code.local[i] = code.newLocal(kind);
      code.zero(kind);
      code.storeLocal(kind, code.local[i]);
    }
    LoopEntries.locals(
        code,
        ir,
        variable -> true,
        (variable, push) -> {
          push.run();
          code.storeLocal(ir.kind(variable), code.local[variable]);
        });
    memory(code, ir.blocks);
  }

  /**
   * Gets the store, charges the call depth and compares the fuel, both at once; short functions
   * compare no fuel. Where one of them is used up another method takes the call over, and nothing
   * comes back here.
   */
  static void enter(MethodCode code) {
    code.takeStore(code.store);
    Label enough = new Label();
    left(code);
    if (comparesFuel(code.ir.function)) {
      code.op(I2L);
      code.store();
      code.field(Names.STORE, "fuel", "J");
      long before = CallerFuel.of(code.ir.function).before();
      if (before != 0) {
        code.push(before);
        code.op(LADD);
      }
      code.op(LOR);
      code.op(LCONST_0);
      code.op(LCMP);
    }
    code.visitor.visitJumpInsn(IFGE, enough);
    JvmSignature signature = code.owner.signature;
    ClassCode.loadParams(code.visitor, signature, 0);
    code.loadLocal('I', code.left);
    code.instance();
    code.visitor.visitMethodInsn(
        INVOKESTATIC, code.owner.name, EntryCode.DEEP, signature.descriptor(Names.CONTEXT), false);
    code.op(ClassCode.returnOpcode(signature.returnKind()));
    code.visitor.visitLabel(enough);
    code.visitor.visitFrame(F_APPEND, 1, new Object[] {Names.STORE}, 0, null);
    if (!code.owner.leaf) {
      left(code);
      code.storeLocal('I', code.left);
    }
    // The next frame must not be at the same place.
    code.op(NOP);
  }

  /** Whether a function's entry looks at the fuel. */
  static boolean comparesFuel(FunctionCode function) {
    return function.module.fuelMode == FuelMode.EXACT && function.comparesAtEntry();
  }

  /** Pushes what is left for calls of a function whose call depth the interpreter has charged. */
  static void leftForLoop(MethodCode code) {
    code.depthLeft();
    code.push(code.owner.callUnits() - code.owner.depthUnits());
    code.op(ISUB);
  }

  /** Pushes what is left for calls of the function. */
  private static void left(MethodCode code) {
    code.loadLocal('I', code.left);
    code.push(code.owner.callUnits());
    code.op(ISUB);
  }

  private static void loadWide(MethodCode code, List<Integer> params) {
    int slot = 0;
    for (int variable : params) {
      char kind = code.ir.kind(variable);
      code.local[variable] = code.newLocal(kind);
      SlotCode.load(code, kind, slot);
      code.storeLocal(kind, code.local[variable]);
      slot++;
    }
  }

  /**
   * Takes fuel into a local where loops run without calls: there a charge is then one addition in a
   * register, where calls would have it stored and loaded all the time.
   */
  static void fuel(MethodCode code) {
    if (fuelInLocal(code.ir)) {
      code.fuel = code.newLocal('I');
      code.loadFuel();
    }
    if (code.ir.blocks.stream().anyMatch(block -> block.counting)) {
      code.used = code.newLocal('I');
      code.zero('I');
      code.storeLocal('I', code.used);
      if (code.memory >= 0 && code.ir.blocks.stream().anyMatch(block -> block.apart)) {
        code.loopMemory = code.newLocal('A');
        code.loadLoopMemory();
      }
    }
  }

  private static boolean fuelInLocal(FunctionIr ir) {
    boolean loops = false;
    for (Block block : ir.blocks) {
      if (block.loopDepth > 0) {
        loops = true;
        if (block.calls()) {
          return false;
        }
      }
    }
    return loops && ir.function.module.fuelMode == FuelMode.EXACT;
  }

  /** Takes the bytes of memory 0 and what bounds them into locals, where code may want them. */
  static void memory(MethodCode code, List<Block> blocks) {
    MemoryUse use = MemoryUse.of(blocks);
    if (use.accesses()
        && code.module.memoryCount() > 0
        && MemoryEmitter.isArray(code.module.memory(0), 0)) {
      code.memoryUse = use;
      code.memory = code.newLocal('A');
      code.memorySize = code.newLocal('I');
      code.loadMemory(() -> frame(code));
    }
  }

  /** Keeps the store's stack pointer for exception handlers. */
  static int saveStackPointer(MethodCode code) {
    int at = code.newLocal('I');
    code.store();
    code.field(Names.STORE, "sp", "I");
    code.storeLocal('I', at);
    return at;
  }

  /** Describes all locals once; every later frame is the same. */
  static void frame(MethodCode code) {
    List<Object> types = new ArrayList<>();
    int[] order = new int[code.localsEnd()];
    Arrays.fill(order, -1);
    for (int i = 0; i < code.local.length; i++) {
      if (code.local[i] >= 0) {
        order[code.local[i]] = i;
      }
    }
    int at = 0;
    while (at < code.localsEnd()) {
      if (order[at] >= 0) {
        char kind = code.ir.kind(order[at]);
        types.add(frameType(kind));
        at += JvmSignature.slots(kind);
      } else {
        types.add(special(code, at));
        at++;
      }
    }
    code.visitor.visitFrame(F_FULL, types.size(), types.toArray(), 0, new Object[0]);
    code.visitor.visitInsn(NOP);
  }

  private static Object special(MethodCode code, int at) {
    if (at == code.instance) {
      return Names.INSTANCE;
    }
    if (at == code.store) {
      return Names.STORE;
    }
    if (at == code.memory || at == code.loopMemory) {
      return "[B";
    }
    return at == code.frame ? code.owner.frameClass : INTEGER;
  }

  static Object frameType(char kind) {
    return switch (kind) {
      case 'I' -> INTEGER;
      case 'J' -> LONG;
      case 'F' -> FLOAT;
      case 'D' -> DOUBLE;
      case 'V' -> VectorApi.BYTES;
      default -> Names.OBJECT;
    };
  }
}

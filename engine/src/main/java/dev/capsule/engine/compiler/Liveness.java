package dev.capsule.engine.compiler;

import dev.capsule.engine.compiler.Ins.Kind;
import dev.capsule.engine.module.Opcode;
import java.util.Arrays;
import java.util.List;

/**
 * Which variables a block reads before it writes them, which it writes, and which are live at its
 * start. Only variables that are ever read before written in some block count; they get dense
 * numbers.
 */
final class Liveness {
  /** By variable: its dense number, or -1. */
  final int[] number;

  /** By dense number: the variable. */
  final int[] variable;

  final BlockSet uses;
  final BlockSet defines;
  final BlockSet liveIn;

  /** A hostile function must not take all of the memory; each of several sets has so many bits. */
  private static final long MAX_BITS = 1L << 30;

  private Liveness(int[] number, int[] variable, int blocks) {
    this.number = number;
    this.variable = variable;
    this.uses = new BlockSet(blocks, variable.length);
    this.defines = new BlockSet(blocks, variable.length);
    this.liveIn = new BlockSet(blocks, variable.length);
  }

  static Liveness of(FunctionIr ir) {
    int[] number = new int[ir.variables()];
    int count = number(ir, number);
    int[] variable = new int[count];
    for (int i = 0; i < number.length; i++) {
      if (number[i] >= 0) {
        variable[number[i]] = i;
      }
    }
    if ((long) count * ir.blocks.size() > MAX_BITS) {
      throw new IllegalStateException(
          count + " variables in " + ir.blocks.size() + " blocks take too much memory");
    }
    Liveness liveness = new Liveness(number, variable, ir.blocks.size());
    liveness.local(ir.blocks, ir);
    liveness.solve(ir.blocks);
    return liveness;
  }

  /**
   * Numbers the variables that are read before they are written in some block; the others get -1.
   *
   * @return how many have numbers
   */
  static int number(FunctionIr ir, int[] number) {
    Arrays.fill(number, -1);
    int[] writtenIn = new int[ir.variables()];
    int count = 0;
    for (Block block : ir.blocks) {
      for (Ins ins : block.code) {
        if (ins.kind == Kind.GET) {
          // Most reads are such: no array for each.
          if (writtenIn[ins.a] != block.id + 1 && number[ins.a] < 0) {
            number[ins.a] = count++;
          }
          continue;
        }
        for (int read : reads(ins)) {
          if (writtenIn[read] != block.id + 1 && number[read] < 0) {
            number[read] = count++;
          }
        }
        if (writes(ins) >= 0) {
          writtenIn[writes(ins)] = block.id + 1;
        }
      }
    }
    return count;
  }

  private static final int[] NOTHING = {};

  /** The variables that a step reads. */
  static int[] reads(Ins ins) {
    return switch (ins.kind) {
      case TO_SLOTS -> ins.operands;
      case GET, HAS_TAG, EXCEPTION_VALUE, EXCEPTION_REF, COVERED, EXTEND -> new int[] {ins.a};
      case ROUNDS -> ((LoopCounter) ins.o).reads();
      case OP ->
          ins.opcode == Opcode.RETHROW
              ? new int[] {ins.a}
              : ins.operands == null ? NOTHING : halves(ins);
      default -> NOTHING;
    };
  }

  /** Operands may be vectors, whose second half is the next variable. */
  private static int[] halves(Ins ins) {
    int[] all = new int[2 * ins.operands.length];
    for (int i = 0; i < ins.operands.length; i++) {
      all[2 * i] = ins.operands[i];
      all[2 * i + 1] = ins.operands[i] + (ins.isVector(i) ? 1 : 0);
    }
    return all;
  }

  /** The variable that a step writes, or -1. */
  static int writes(Ins ins) {
    return ins.kind == Kind.SET || ins.kind == Kind.CAUGHT ? ins.a : -1;
  }

  private void local(List<Block> blocks, FunctionIr ir) {
    for (Block block : blocks) {
      for (Ins ins : block.code) {
        for (int read : reads(ins)) {
          if (number[read] >= 0 && !defines.has(block.id, number[read])) {
            uses.add(block.id, number[read]);
          }
        }
        int written = writes(ins);
        if (written >= 0 && number[written] >= 0) {
          defines.add(block.id, number[written]);
        }
      }
    }
  }

  private void solve(List<Block> blocks) {
    for (Block block : blocks) {
      liveIn.addAll(block.id, uses, block.id);
    }
    boolean changed = true;
    while (changed) {
      changed = false;
      for (int i = blocks.size() - 1; i >= 0; i--) {
        Block block = blocks.get(i);
        for (Block target : block.targets) {
          changed |= liveIn.addDifference(block.id, liveIn, target.id, defines, block.id);
        }
        if (block.handler != null) {
          // An exception may come before anything is written here.
          changed |= liveIn.addAll(block.id, liveIn, block.handler.landing.id);
        }
      }
    }
  }
}

package dev.capsule.engine.compiler;

import dev.capsule.engine.compiler.Block.Exit;
import dev.capsule.engine.compiler.Ins.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The quick ways through a function that is too large for HotSpot to inline: blocks that lead from
 * its entry to a return without a call or a loop. They become a method of their own, which hands
 * over to another one where control leaves them; so what compilers and interpreters have as the
 * usual case is inlined, as in {@code if (--count == 0) free()}.
 */
final class Front {
  /** HotSpot inlines hot methods up to this many bytes of bytecode. */
  static final int INLINED = 325;

  /** Estimated bytes that the blocks of a front have at most. */
  private static final int MOST = 190;

  /** A function that is one method may have any number of empty blocks. */
  private static final int MOST_BLOCKS = FunctionCompiler.WHOLE_LIMIT;

  /** Values that one method hands to the other at most, in JVM slots. */
  private static final int MOST_HANDED = 24;

  /** The blocks, in the order of the code. */
  final List<Block> blocks = new ArrayList<>();

  /** Where control leaves them. */
  final List<Block> cuts = new ArrayList<>();

  /** The blocks that can be reached from there, in the order of the code. */
  final List<Block> rest = new ArrayList<>();

  /** The variables that are handed over. */
  final int[] handed;

  final int handedSlots;

  private Front(FunctionIr ir, Set<Block> chosen) {
    Set<Block> outside = new LinkedHashSet<>();
    for (Block block : ir.blocks) {
      if (chosen.contains(block)) {
        blocks.add(block);
        for (Block target : block.targets) {
          if (!chosen.contains(target)) {
            outside.add(target);
          }
        }
      }
    }
    cuts.addAll(outside);
    List<Block> work = new ArrayList<>(cuts);
    while (!work.isEmpty()) {
      for (Block target : work.removeLast().targets) {
        if (outside.add(target)) {
          work.add(target);
        }
      }
    }
    for (Block block : ir.blocks) {
      if (outside.contains(block)) {
        rest.add(block);
      }
    }
    Liveness liveness = Liveness.of(ir);
    Set<Integer> wanted = new LinkedHashSet<>();
    for (Block cut : cuts) {
      for (int number : liveness.liveIn.members(cut.id)) {
        wanted.add(liveness.variable[number]);
      }
    }
    handed = wanted.stream().mapToInt(each -> each).toArray();
    handedSlots = Arrays.stream(handed).map(each -> JvmSignature.slots(ir.kind(each))).sum();
  }

  /** The front of a function; null where it has none that is worth it. */
  static Front of(FunctionIr ir, JvmSignature signature) {
    if (ir.hasHandlers || ir.hasTailCalls || ir.hasVectors || signature.wide()) {
      return null;
    }
    if (ir.blocks.size() > MOST_BLOCKS) {
      return null;
    }
    long bytes = ir.blocks.stream().mapToLong(Front::bytes).sum();
    if (bytes < INLINED || bytes > FunctionCompiler.WHOLE_LIMIT) {
      return null;
    }
    Set<Block> chosen = choose(ir);
    if (!chosen.contains(ir.blocks.getFirst())) {
      return null;
    }
    Front front = new Front(ir, chosen);
    return front.cuts.isEmpty() || front.handedSlots > MOST_HANDED ? null : front;
  }

  /** Takes the shortest ways through the function first. */
  private static Set<Block> choose(FunctionIr ir) {
    int count = ir.blocks.size();
    long[] size = new long[count];
    for (Block block : ir.blocks) {
      size[block.id] = isQuick(block) ? bytes(block) : MOST + 1;
    }
    // Without loops the order of the code is one in which a block comes before those it leads to.
    long[] before = new long[count];
    Arrays.fill(before, MOST + 1);
    before[0] = 0;
    long[] after = new long[count];
    for (Block block : ir.blocks) {
      for (Block target : block.targets) {
        if (target.id > block.id) {
          before[target.id] = Math.min(before[target.id], before[block.id] + size[block.id]);
        }
      }
    }
    for (Block block : ir.blocks.reversed()) {
      long least = block.exit == Exit.RETURN ? 0 : MOST + 1;
      for (Block target : block.targets) {
        if (target.id > block.id) {
          least = Math.min(least, after[target.id]);
        }
      }
      after[block.id] = least + size[block.id];
    }
    List<Block> candidates = new ArrayList<>();
    for (Block block : ir.blocks) {
      if (before[block.id] + after[block.id] <= MOST) {
        candidates.add(block);
      }
    }
    candidates.sort(Comparator.comparingLong(each -> before[each.id] + after[each.id]));
    Set<Block> chosen = new LinkedHashSet<>();
    long total = 0;
    for (Block block : candidates) {
      total += size[block.id];
      if (total <= MOST) {
        chosen.add(block);
      } else {
        break;
      }
    }
    // A way of which only the beginning has room is none.
    boolean changed = true;
    while (changed) {
      changed =
          chosen.removeIf(
              block ->
                  block.exit != Exit.RETURN
                      && Arrays.stream(block.targets).noneMatch(chosen::contains));
    }
    return chosen;
  }

  /** Whether a block may be in a front: it calls nothing and nothing leads back to it. */
  private static boolean isQuick(Block block) {
    if (block.loop || block.counting || block.exit == Exit.TABLE) {
      return false;
    }
    for (Ins ins : block.code) {
      boolean plain =
          switch (ins.kind) {
            case GET, SET, POP, CHARGE, CHECK_DUE -> true;
            case CHECK_FUEL -> ins.a == Ins.ENTRY;
            case OP -> !ins.isCall() && ins.opcode.prefix() == 0 && ins.operands == null;
            default -> false;
          };
      if (!plain) {
        return false;
      }
    }
    return true;
  }

  /** About how many bytes of bytecode a block takes. */
  private static long bytes(Block block) {
    long bytes = block.exit == Exit.TABLE ? 12 + 4L * block.targets.length : 6;
    for (Ins ins : block.code) {
      bytes += bytes(ins);
    }
    if (block.edgeCharge != null) {
      for (long charge : block.edgeCharge) {
        bytes += charge == 0 ? 0 : 12;
      }
    }
    return bytes;
  }

  private static int bytes(Ins ins) {
    if (ins.kind == Kind.CHARGE || ins.kind == Kind.CHECK_DUE) {
      return 12;
    }
    if (ins.kind != Kind.OP) {
      return 2;
    }
    return switch (ins.opcode.immediate()) {
      case MEMARG -> 10;
      case GLOBAL -> 8;
      case I32, I64, F32, F64 -> 2;
      case NONE -> 2;
      default -> ins.isCall() ? 16 : 10;
    };
  }
}

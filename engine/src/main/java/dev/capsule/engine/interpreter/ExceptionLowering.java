package dev.capsule.engine.interpreter;

import dev.capsule.engine.module.InstructionReader.CatchClause;
import dev.capsule.engine.module.Opcode;
import dev.capsule.engine.types.ValType;
import java.util.ArrayList;
import java.util.List;

/** Lowers the instructions of exceptions, of 3.0 and the older ones. */
final class ExceptionLowering {
  private final Lowering to;
  private final Code code;
  private final Operands operands;
  private final List<Handler> handlers = new ArrayList<>(0);

  /** What is remembered of an open {@code try} or {@code try_table}. */
  static final class Region {
    private final int from;
    private int end = -1;
    private final CatchClause[] clauses;

    /** In a {@code catch}: the slot that holds the exception; else -1. */
    private int exception = -1;

    private Region(int from, CatchClause[] clauses) {
      this.from = from;
      this.clauses = clauses;
    }

    /** Whether the code is a handler's, whose operands lie one slot higher than the block's. */
    boolean caught() {
      return exception >= 0;
    }
  }

  ExceptionLowering(Lowering to) {
    this.to = to;
    this.code = to.code;
    this.operands = to.operands;
  }

  /** Opens the region of a block that was just opened. */
  void open(Lowering.Block block) {
    boolean table = block.opcode == Opcode.TRY_TABLE;
    block.region = new Region(code.size, table ? to.reader.catches : new CatchClause[0]);
  }

  /** {@code catch} and {@code catch_all}. */
  void caught(Lowering.Block block, boolean dead) {
    Region region = block.region;
    if (!dead) {
      code.jump(block.label);
    }
    if (region.end < 0) {
      region.end = code.size;
    }
    if (region.caught()) {
      operands.hidden--;
    }
    operands.cut(block.operands);
    Label label = new Label();
    Jump jump = new Jump(-1, 0, false);
    label.from(jump);
    code.bind(label, 0);
    operands.hidden++;
    region.exception = operands.push(Operands.REFERENCE);
    int slot = operands.height;
    int tag = Handler.ALL;
    if (to.reader.opcode == Opcode.CATCH) {
      tag = to.reader.index;
      operands.push(to.module.tag(tag).func().params());
    }
    handlers.add(
        new Handler(region.from, region.end, tag, to.depth() - 1, slot, region.exception, jump));
  }

  /** The end of a block that has a region; its results have been taken care of. */
  void close(Lowering.Block block) {
    Region region = block.region;
    int level = to.depth() - 1;
    if (to.reader.opcode == Opcode.DELEGATE) {
      int target = level - 1 - to.reader.index;
      handlers.add(new Handler(region.from, code.size, Handler.DELEGATE, level, target, -1, null));
    }
    if (region.caught()) {
      operands.hidden--;
    }
    for (CatchClause clause : region.clauses) {
      // Labels of clauses are counted from outside of the block.
      Lowering.Block target = to.block(clause.label() + 1);
      int slot = target.height;
      int exception = -1;
      if (clause.ref()) {
        List<ValType> types = target.labelTypes();
        exception = slot;
        for (int i = 0; i < types.size() - 1; i++) {
          exception += types.get(i).slots();
        }
        operands.refs = true;
      }
      Jump jump = code.jumpFromHandler(target.label);
      int tag = clause.tag() < 0 ? Handler.ALL : clause.tag();
      handlers.add(new Handler(region.from, code.size, tag, level, slot, exception, jump));
    }
  }

  void raise() {
    int tag = to.reader.index;
    int params = to.module.tag(tag).func().params().size();
    operands.settleTop(params);
    int args = params == 0 ? operands.height : operands.home(operands.count - params);
    code.emit(new ExceptionNodes.Throw(tag, args, code.charge()));
    to.cut();
  }

  void raiseReference() {
    int exception = operands.use(operands.pop());
    code.emit(new ExceptionNodes.ThrowRef(exception, code.charge()));
    to.cut();
  }

  void raiseAgain() {
    int exception = to.block(to.reader.index).region.exception;
    code.emit(new ExceptionNodes.ThrowRef(exception, code.charge()));
    to.cut();
  }

  /** The handlers of the function, or null where it has none. */
  Handler[] handlers(Linker linker, int base) {
    if (handlers.isEmpty()) {
      return null;
    }
    return handlers.stream().map(h -> h.linked(linker, base)).toArray(Handler[]::new);
  }
}

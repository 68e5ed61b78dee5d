package dev.capsule.engine.text;

import dev.capsule.engine.module.Opcode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * Instruction sequences, flat and folded (spec 6.5), assembled to binary code. Nesting lives on a
 * stack of its own, so its depth is bounded by the length of the text alone.
 */
final class InstructionParser {
  private enum Kind {
    /** {@code block}, {@code loop}, {@code try_table} up to {@code end}. */
    BLOCK(true),
    IF(true),
    ELSE(true),
    TRY(true),
    CATCH(true),
    CATCH_ALL(true),
    /** {@code (i32.add …)}: its operands are folded instructions. */
    FOLDED_PLAIN(false),
    FOLDED_BLOCK(true),
    /** {@code (if …}: its condition, then {@link #CLAUSE}s. */
    FOLDED_IF(false),
    /** {@code (try …}: {@link #CLAUSE}s alone. */
    FOLDED_TRY(false),
    /** {@code (then …)}, {@code (else …)}, {@code (do …)}, {@code (catch …)}. */
    CLAUSE(true);

    /** Whether instructions may stand in it without parentheses. */
    final boolean flat;

    Kind(boolean flat) {
      this.flat = flat;
    }
  }

  private static final class Frame {
    final Kind kind;
    final String label;
    final int hint;

    /** Code that follows the operands. */
    final byte[] pending;

    /** How many clauses there have been; {@link #CLOSED} once no more may follow. */
    int clauses;

    Frame(Kind kind, String label, byte[] pending, int hint) {
      this.kind = kind;
      this.label = label;
      this.pending = pending;
      this.hint = hint;
    }
  }

  private static final int CLOSED = Integer.MAX_VALUE;
  private static final int NO_HINT = -1;

  /** A branch hint at a position of the code. */
  record Hint(int position, int value) {}

  private final Cursor in;
  private final Immediates immediates;
  private final Labels labels;
  private final ArrayDeque<Frame> frames = new ArrayDeque<>();
  private final CodeBuffer scratch = new CodeBuffer();
  private CodeBuffer out = new CodeBuffer();
  private List<Hint> hints = new ArrayList<>();
  private int hint = NO_HINT;

  InstructionParser(Cursor in, Immediates immediates, Labels labels) {
    this.in = in;
    this.immediates = immediates;
    this.labels = labels;
  }

  /** Instructions up to the closing parenthesis, which stays; ends with {@code end}. */
  byte[] sequence(IndexSpace locals) {
    enter(locals);
    while (!frames.isEmpty() || !in.is(Tokens.RPAR)) {
      step();
    }
    return leave();
  }

  /** One folded instruction. */
  byte[] folded() {
    enter(new IndexSpace("local"));
    do {
      step();
    } while (!frames.isEmpty());
    return leave();
  }

  /** The branch hints of the last sequence, in order of position. */
  List<Hint> hints() {
    return hints;
  }

  private void enter(IndexSpace locals) {
    frames.clear();
    labels.enter();
    immediates.enter(locals);
    out = new CodeBuffer();
    hints = new ArrayList<>();
    hint = NO_HINT;
  }

  private byte[] leave() {
    out.opcode(Opcode.END);
    return out.toByteArray();
  }

  private void step() {
    switch (in.kind()) {
      case Tokens.LPAR -> {
        in.advance();
        open();
      }
      case Tokens.RPAR -> {
        close();
        in.advance();
      }
      case Tokens.KEYWORD -> flat();
      case Tokens.ANNOTATION -> branchHint();
      default -> throw in.unexpected();
    }
  }

  private void branchHint() {
    if (!in.isAnnotation("metadata.code.branch_hint")) {
      throw in.unexpected();
    }
    if (hint != NO_HINT) {
      throw in.error("@metadata.code.branch_hint annotation: duplicate annotation");
    }
    in.advance();
    int token = in.position();
    byte[] value = in.strings();
    if (value.length != 1 || value[0] < 0 || value[0] > 1) {
      throw in.tokens().error(token, "@metadata.code.branch_hint annotation: malformed hint");
    }
    in.close();
    hint = value[0];
  }

  private int takeHint() {
    int taken = hint;
    hint = NO_HINT;
    return taken;
  }

  private void note(int value) {
    if (value != NO_HINT) {
      hints.add(new Hint(out.size(), value));
    }
  }

  private void push(Kind kind, String label) {
    frames.push(new Frame(kind, label, null, NO_HINT));
  }

  /** The instruction whose name is here, which must be one. */
  private Opcode opcode() {
    Opcode op = in.is(Tokens.KEYWORD) ? Keywords.opcode(in.text()) : null;
    if (op == null) {
      throw in.unexpected();
    }
    return op;
  }

  private void flat() {
    Frame top = frames.peek();
    if (top != null && !top.kind.flat) {
      throw in.unexpected();
    }
    Opcode op = opcode();
    switch (op) {
      case END -> {
        expectTop(Kind.BLOCK, Kind.IF, Kind.ELSE, Kind.TRY, Kind.CATCH, Kind.CATCH_ALL);
        in.advance();
        repeatLabel();
        end();
      }
      case ELSE -> {
        expectTop(Kind.IF);
        in.advance();
        repeatLabel();
        out.opcode(op);
        push(Kind.ELSE, frames.pop().label);
      }
      case CATCH, CATCH_ALL -> {
        expectTop(Kind.TRY, Kind.CATCH);
        in.advance();
        if (op == Opcode.CATCH_ALL) {
          repeatLabel();
        }
        immediates.assemble(op, out);
        push(op == Opcode.CATCH ? Kind.CATCH : Kind.CATCH_ALL, frames.pop().label);
      }
      case DELEGATE -> {
        expectTop(Kind.TRY);
        in.advance();
        frames.pop();
        labels.pop();
        immediates.assemble(op, out);
      }
      case BLOCK, LOOP, IF, TRY, TRY_TABLE -> {
        in.advance();
        note(takeHint());
        String label = in.id();
        immediates.assemble(op, out);
        labels.push(label);
        push(op == Opcode.IF ? Kind.IF : op == Opcode.TRY ? Kind.TRY : Kind.BLOCK, label);
      }
      default -> {
        in.advance();
        note(takeHint());
        immediates.assemble(op, out);
      }
    }
  }

  private void expectTop(Kind... kinds) {
    Frame top = frames.peek();
    for (Kind kind : kinds) {
      if (top != null && top.kind == kind) {
        return;
      }
    }
    throw in.unexpected();
  }

  /** The label that {@code else} and {@code end} may say again. */
  private void repeatLabel() {
    if (in.is(Tokens.ID)) {
      if (!in.idText().equals(frames.element().label)) {
        throw in.error("mismatching label");
      }
      in.advance();
    }
  }

  private void end() {
    frames.pop();
    labels.pop();
    out.opcode(Opcode.END);
  }

  /** What follows an opening parenthesis. */
  private void open() {
    Frame top = frames.peek();
    if (top != null && top.kind == Kind.FOLDED_IF && ifClause(top)) {
      return;
    }
    if (top != null && top.kind == Kind.FOLDED_TRY) {
      tryClause(top);
      return;
    }
    Opcode op = opcode();
    switch (op) {
      case END, ELSE, CATCH, CATCH_ALL, DELEGATE -> throw in.unexpected();
      case BLOCK, LOOP, TRY, TRY_TABLE -> {
        in.advance();
        note(takeHint());
        String label = in.id();
        immediates.assemble(op, out);
        labels.push(label);
        push(op == Opcode.TRY ? Kind.FOLDED_TRY : Kind.FOLDED_BLOCK, label);
      }
      case IF -> {
        in.advance();
        int taken = takeHint();
        String label = in.id();
        frames.push(new Frame(Kind.FOLDED_IF, label, pending(op), taken));
      }
      default -> {
        in.advance();
        int taken = takeHint();
        frames.push(new Frame(Kind.FOLDED_PLAIN, null, pending(op), taken));
      }
    }
  }

  private byte[] pending(Opcode op) {
    scratch.clear();
    immediates.assemble(op, scratch);
    return scratch.toByteArray();
  }

  /** {@code (then} or {@code (else}; false where another operand of the condition follows. */
  private boolean ifClause(Frame frame) {
    if (frame.clauses == 0 && in.acceptKeyword("then")) {
      note(frame.hint);
      out.bytes(frame.pending);
      labels.push(frame.label);
      frame.clauses = 1;
    } else if (frame.clauses == 1 && in.acceptKeyword("else")) {
      out.opcode(Opcode.ELSE);
      frame.clauses = CLOSED;
    } else if (frame.clauses == 0) {
      return false;
    } else {
      throw in.unexpected();
    }
    push(Kind.CLAUSE, null);
    return true;
  }

  private void tryClause(Frame frame) {
    if (frame.clauses == 0) {
      in.expectKeyword("do");
      frame.clauses = 1;
      push(Kind.CLAUSE, null);
      return;
    }
    Opcode op = opcode();
    boolean allowed =
        op == Opcode.DELEGATE
            ? frame.clauses == 1
            : frame.clauses != CLOSED && (op == Opcode.CATCH || op == Opcode.CATCH_ALL);
    if (!allowed) {
      throw in.unexpected();
    }
    in.advance();
    if (op == Opcode.DELEGATE) {
      labels.pop();
      immediates.assemble(op, out);
      in.close();
      in.close();
      frames.pop();
      return;
    }
    immediates.assemble(op, out);
    frame.clauses = op == Opcode.CATCH ? frame.clauses + 1 : CLOSED;
    push(Kind.CLAUSE, null);
  }

  /** The closing parenthesis of the innermost folded instruction or clause. */
  private void close() {
    Frame top = frames.peek();
    if (hint != NO_HINT || top == null) {
      throw in.unexpected();
    }
    switch (top.kind) {
      case FOLDED_PLAIN -> {
        frames.pop();
        note(top.hint);
        out.bytes(top.pending);
      }
      case CLAUSE -> frames.pop();
      case FOLDED_BLOCK -> end();
      case FOLDED_IF, FOLDED_TRY -> {
        if (top.clauses == 0) {
          throw in.unexpected();
        }
        end();
      }
      default -> throw in.unexpected();
    }
  }
}

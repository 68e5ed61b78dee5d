package dev.capsule.engine.interpreter;

import dev.capsule.engine.exec.CanonicalNan;
import dev.capsule.engine.exec.ExceptionOps;
import dev.capsule.engine.exec.ExecStore;
import dev.capsule.engine.exec.ExnObject;
import dev.capsule.engine.exec.FuncInstance;
import dev.capsule.engine.exec.FunctionCode;
import dev.capsule.engine.exec.ModuleInstance;
import dev.capsule.engine.exec.References;
import dev.capsule.engine.exec.TableOps;
import dev.capsule.engine.exec.WasmFunction;
import dev.capsule.engine.module.FunctionBody;
import dev.capsule.engine.module.FunctionBody.LocalGroup;
import dev.capsule.engine.module.InstructionReader;
import dev.capsule.engine.module.InstructionReader.CatchClause;
import dev.capsule.engine.module.Module;
import dev.capsule.engine.module.Opcode;
import dev.capsule.engine.runtime.Tag;
import dev.capsule.engine.runtime.Trap;
import dev.capsule.engine.runtime.TrapKind;
import dev.capsule.engine.runtime.WasmException;
import dev.capsule.engine.types.AddressType;
import dev.capsule.engine.types.DefType;
import dev.capsule.engine.types.FuncType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** One activation of a function in {@link ReferenceTier}: its control instructions. */
final class ReferenceFrame {
  final Values values = new Values();
  final Values locals;
  final ModuleInstance in;
  final InstructionReader reader;

  /** A function to call in place of this one, and its arguments; null at an ordinary end. */
  FuncInstance tail;

  Values tailArguments;

  private final ReferenceTier tier;
  private final FunctionCode function;
  private final ExecStore store;
  private final Module module;
  private final FunctionBody body;
  private final FuncType type;
  private final ReferenceData data;
  private final List<Label> labels = new ArrayList<>();

  /** By position of an opening instruction: positions behind its parts' openings and its end. */
  private final Map<Integer, int[]> parts;

  private static final class Label {
    final Opcode opcode;
    final int arity;
    final int height;
    final int target;
    int[] parts;
    CatchClause[] clauses = {};
    Object caught;
    boolean handling;

    Label(Opcode opcode, int arity, int height, int target) {
      this.opcode = opcode;
      this.arity = arity;
      this.height = height;
      this.target = target;
    }
  }

  ReferenceFrame(ReferenceTier tier, ExecStore store, WasmFunction function, Values arguments) {
    this.tier = tier;
    this.function = function.code;
    this.store = store;
    this.in = function.instance;
    this.module = in.module;
    this.body = module.body(function.code.index);
    this.type = function.type();
    this.locals = arguments;
    this.reader = new InstructionReader(module, body.code());
    this.data = new ReferenceData(this, store);
    this.parts = tier.parts(function.code);
  }

  static Map<Integer, int[]> parts(Module module, FunctionBody body) {
    Map<Integer, int[]> parts = new HashMap<>();
    List<List<Integer>> open = new ArrayList<>();
    InstructionReader scan = new InstructionReader(module, body.code());
    open.add(new ArrayList<>(List.of(-1)));
    while (!scan.atEnd()) {
      scan.next();
      switch (scan.opcode) {
        case BLOCK, LOOP, IF, TRY, TRY_TABLE -> open.add(new ArrayList<>(List.of(scan.start)));
        case ELSE, CATCH, CATCH_ALL -> open.get(open.size() - 1).add(scan.start);
        case END, DELEGATE -> {
          List<Integer> found = open.remove(open.size() - 1);
          found.add(scan.start);
          parts.put(found.get(0), found.stream().mapToInt(i -> i).toArray());
        }
        default -> {}
      }
    }
    return parts;
  }

  void run() {
    for (LocalGroup group : body.locals()) {
      for (int i = 0; i < group.count(); i++) {
        locals.push(0, 0, null);
      }
    }
    Label function = new Label(Opcode.BLOCK, type.results().size(), 0, body.code().end());
    labels.add(function);
    while (!labels.isEmpty() && tail == null) {
      try {
        reader.next();
        store.fuel -= reader.opcode.cost();
        tier.observer.accept(reader.opcode);
        compareAtCalls(reader.opcode);
        step(reader.opcode);
      } catch (WasmException thrown) {
        handle(thrown);
      }
    }
  }

  /** Large functions compare fuel at their calls. */
  private void compareAtCalls(Opcode op) {
    if (body.code().length() > 128 * 1024 && op.mnemonic().matches("(return_)?call.*")) {
      compare();
    }
  }

  private void step(Opcode op) {
    switch (op) {
      case NOP -> {}
      case UNREACHABLE -> throw new Trap(TrapKind.UNREACHABLE);
      case BLOCK, TRY, TRY_TABLE -> open(op);
      case LOOP -> {
        open(op);
        compare();
      }
      case IF -> {
        boolean holds = values.i32() != 0;
        open(op);
        int[] at = labels.get(labels.size() - 1).parts;
        if (!holds) {
          reader.seek(at[1]);
          if (at.length == 3) {
            reader.next();
          }
        }
      }
      case ELSE, CATCH, CATCH_ALL -> {
        int[] at = labels.get(labels.size() - 1).parts;
        reader.seek(at[at.length - 1]);
      }
      case END, DELEGATE -> {
        Label closed = labels.remove(labels.size() - 1);
        values.keep(results(closed), closed.height);
      }
      case BR -> branch(reader.index);
      case BR_IF -> {
        int label = reader.index;
        if (values.i32() != 0) {
          branch(label);
        }
      }
      case BR_TABLE -> {
        int index = values.i32();
        int last = reader.labels.length - 1;
        branch(reader.labels[index < 0 || index > last ? last : index]);
      }
      case BR_ON_NULL -> {
        if (values.refs[values.count - 1] == null) {
          values.popRef();
          branch(reader.index);
        }
      }
      case BR_ON_NON_NULL -> {
        if (values.refs[values.count - 1] == null) {
          values.popRef();
        } else {
          branch(reader.index);
        }
      }
      case BR_ON_CAST, BR_ON_CAST_FAIL -> {
        boolean is = References.test(values.refs[values.count - 1], reader.castTo);
        if (is == (op == Opcode.BR_ON_CAST)) {
          branch(reader.index);
        }
      }
      case RETURN -> branch(labels.size() - 1);
      case CALL, RETURN_CALL -> call(in.func(reader.index), op == Opcode.RETURN_CALL);
      case CALL_REF, RETURN_CALL_REF -> {
        FuncInstance function = (FuncInstance) values.popRef();
        if (function == null) {
          throw new Trap(TrapKind.NULL_FUNCTION);
        }
        call(function, op == Opcode.RETURN_CALL_REF);
      }
      case CALL_INDIRECT, RETURN_CALL_INDIRECT -> {
        boolean wide = module.table(reader.index2).address() == AddressType.I64;
        long index = wide ? values.pop() : values.pop() & 0xFFFFFFFFL;
        FuncInstance function = TableOps.callee(in.tables[reader.index2], index);
        DefType expected = module.defType(reader.index);
        if (!function.defType.isSubtypeOf(expected)) {
          throw new Trap(TrapKind.INDIRECT_CALL_TYPE_MISMATCH);
        }
        call(function, op == Opcode.RETURN_CALL_INDIRECT);
      }
      case THROW -> {
        Tag tag = in.tags[reader.index];
        long[] slots = new long[2 * tag.func().params().size()];
        Object[] refs = new Object[slots.length];
        values.popTo(slots, refs, 0, tag.func().params());
        throw ExceptionOps.create(store, tag, slots, refs, 0);
      }
      case THROW_REF -> throw ExceptionOps.rethrow(values.popRef());
      case RETHROW ->
          throw ExceptionOps.rethrow(labels.get(labels.size() - 1 - reader.index).caught);
      default -> {
        data.step(op);
        if (tier.deterministic) {
          canonical(op);
        }
      }
    }
  }

  private void canonical(Opcode op) {
    int top = values.count - 1;
    switch (CanonicalNan.of(op)) {
      case NONE -> {}
      case F32 -> values.low[top] = CanonicalNan.f32((int) values.low[top]);
      case F64 -> values.low[top] = CanonicalNan.f64(values.low[top]);
      case F32X4 -> {
        values.low[top] = CanonicalNan.f32x4(values.low[top]);
        values.high[top] = CanonicalNan.f32x4(values.high[top]);
      }
      case F64X2 -> {
        values.low[top] = CanonicalNan.f64x2(values.low[top]);
        values.high[top] = CanonicalNan.f64x2(values.high[top]);
      }
    }
  }

  private static int results(Label label) {
    return label.opcode == Opcode.LOOP ? label.parts[label.parts.length - 1] : label.arity;
  }

  private void compare() {
    if (store.fuel < 0) {
      store.poll();
    }
  }

  private void open(Opcode op) {
    int params = 0;
    int results = reader.blockResult == null ? 0 : 1;
    if (reader.blockType >= 0) {
      FuncType block = module.defType(reader.blockType).asFunc();
      params = block.params().size();
      results = block.results().size();
    }
    int[] at = parts.get(reader.start);
    int height = values.count - params;
    Label label;
    if (op == Opcode.LOOP) {
      label = new Label(op, params, height, reader.position());
      label.parts = new int[] {results};
    } else {
      label = new Label(op, results, height, at[at.length - 1]);
      label.parts = at;
    }
    if (op == Opcode.TRY_TABLE) {
      label.clauses = reader.catches;
    }
    labels.add(label);
  }

  private void branch(int index) {
    Label label = labels.get(labels.size() - 1 - index);
    values.keep(label.arity, label.height);
    if (label.opcode == Opcode.LOOP) {
      cut(labels.size() - index);
      reader.seek(label.target);
      compare();
      return;
    }
    cut(labels.size() - 1 - index);
    if (!labels.isEmpty()) {
      reader.seek(label.target);
      reader.next();
    }
  }

  private void cut(int count) {
    while (labels.size() > count) {
      labels.remove(labels.size() - 1);
    }
  }

  private void call(FuncInstance function, boolean isTail) {
    int place = reader.start;
    int count = function.type().params().size();
    Values arguments = new Values();
    for (int i = values.count - count; i < values.count; i++) {
      arguments.copy(values, i);
    }
    values.count -= count;
    if (isTail) {
      tail = function;
      tailArguments = arguments;
      return;
    }
    Values results = tier.call(store, function, arguments);
    for (int i = 0; i < results.count; i++) {
      values.copy(results, i);
    }
    if (tier.comparedReturns(this.function).contains(place)) {
      compare();
    }
  }

  private void handle(WasmException thrown) {
    ExnObject exn = ExceptionOps.exn(thrown);
    for (int i = labels.size() - 1; i >= 0; i--) {
      Label label = labels.get(i);
      for (CatchClause clause : label.clauses) {
        if (clause.tag() < 0 || in.tags[clause.tag()] == exn.tag) {
          compare();
          cut(i);
          values.count = label.height;
          if (clause.tag() >= 0) {
            values.pushFrom(exn.slots, exn.refs, 0, exn.tag.func().params());
          }
          if (clause.ref()) {
            values.ref(exn);
          }
          branch(clause.label());
          return;
        }
      }
      if (label.opcode == Opcode.TRY && !label.handling) {
        int[] at = label.parts;
        for (int part = 1; part < at.length; part++) {
          reader.seek(at[part]);
          reader.next();
          Opcode op = reader.opcode;
          if (op == Opcode.DELEGATE) {
            // The label is counted from outside; the loop goes on one further out.
            i = i - 1 - reader.index + 1;
          } else if (op == Opcode.CATCH_ALL
              || op == Opcode.CATCH && in.tags[reader.index] == exn.tag) {
            compare();
            cut(i + 1);
            values.count = label.height;
            label.handling = true;
            label.caught = exn;
            if (op == Opcode.CATCH) {
              values.pushFrom(exn.slots, exn.refs, 0, exn.tag.func().params());
            }
            return;
          }
        }
      }
    }
    throw thrown;
  }
}

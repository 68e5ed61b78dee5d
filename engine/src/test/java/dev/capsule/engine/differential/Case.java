package dev.capsule.engine.differential;

import dev.capsule.engine.module.Module;
import dev.capsule.engine.runtime.V128;
import dev.capsule.engine.text.TextPrinter;
import dev.capsule.engine.types.AbsHeapType;
import dev.capsule.engine.types.DefType;
import dev.capsule.engine.types.FuncType;
import dev.capsule.engine.types.NumType;
import dev.capsule.engine.types.RecGroup;
import dev.capsule.engine.types.RefType;
import dev.capsule.engine.types.ValType;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;

/**
 * Two modules, the second of which imports from the first and from the host, and the calls that a
 * run makes.
 *
 * @param deterministic whether the engine makes NaNs canonical; else the modules' code does
 * @param depth the call depth that is allowed
 * @param fuel what every call gets
 */
record Case(
    Module other,
    Module main,
    List<FuncType> hosts,
    List<DefType> types,
    List<Call> calls,
    boolean deterministic,
    int depth,
    long fuel) {
  /** A call of an exported function. */
  record Call(boolean main, String name, List<Object> arguments) {}

  /** A reference to make when the call is made. */
  record Given(AbsHeapType heap, int number) {}

  /** The case that some choices lead to, its modules decoded from their binary form. */
  static Case of(Choices choices) {
    EnumSet<Family> families = EnumSet.noneOf(Family.class);
    boolean all = choices.chance(30);
    for (Family family : Family.values()) {
      if (choices.chance(45) || all) {
        families.add(family);
      }
    }
    boolean large = choices.chance(2);
    boolean deterministic = !choices.chance(50);
    TypeGenerator types = new TypeGenerator(choices, families);
    List<RecGroup> groups = types.groups();
    List<DefType> flat = groups.stream().flatMap(g -> g.types().stream()).toList();
    List<DefType> hosts = flat.stream().filter(t -> t.asFunc() != null).limit(4).toList();
    Module other =
        decoded(
            new ModuleGenerator(
                    choices, types, groups, new Environment(families, !deterministic), hosts, false)
                .generate(Optional.empty()));
    Module main =
        decoded(
            new ModuleGenerator(
                    choices, types, groups, new Environment(families, !deterministic), hosts, large)
                .generate(Optional.of(other)));
    List<Call> calls = new ArrayList<>();
    calls(choices, other, false, calls);
    calls(choices, main, true, calls);
    int[] depths = {1000, 100, 20, 5};
    return new Case(
        other,
        main,
        hosts.stream().map(DefType::asFunc).toList(),
        flat,
        calls,
        deterministic,
        depths[choices.below(depths.length)],
        large ? 200_000 : 10_000);
  }

  private static Module decoded(Module module) {
    return Module.decode(module.encode());
  }

  private static void calls(Choices choices, Module module, boolean main, List<Call> calls) {
    for (int i = module.importedFuncs(); i < module.funcCount(); i++) {
      FuncType type = module.funcType(i);
      if (!type.params().stream().allMatch(Case::canBeGiven)) {
        continue;
      }
      for (int j = main ? choices.below(3) : choices.below(2); j >= 0; j--) {
        List<Object> arguments = new ArrayList<>();
        for (ValType param : type.params()) {
          arguments.add(argument(choices, param));
        }
        calls.add(new Call(main, "f" + i, arguments));
      }
    }
  }

  /** Whether the host can make such a value. */
  private static boolean canBeGiven(ValType type) {
    return !(type instanceof RefType ref) || ref.nullable() || made(ref);
  }

  private static boolean made(RefType type) {
    return type.heap() instanceof AbsHeapType abs
        && switch (abs) {
          case ANY, EQ, I31, EXTERN, FUNC -> true;
          default -> false;
        };
  }

  private static Object argument(Choices choices, ValType type) {
    return switch (type) {
      case NumType.I32 -> NumberGenerator.i32(choices);
      case NumType.I64 -> NumberGenerator.i64(choices);
      case NumType.F32 -> Float.intBitsToFloat(NumberGenerator.f32(choices));
      case NumType.F64 -> Double.longBitsToDouble(NumberGenerator.f64(choices));
      case RefType ref ->
          made(ref) && (!ref.nullable() || choices.chance(70))
              ? new Given((AbsHeapType) ref.heap(), choices.below(8))
              : new Given(AbsHeapType.NONE, 0);
      default -> new V128(NumberGenerator.half(choices), NumberGenerator.half(choices));
    };
  }

  /** The modules as text, and the calls. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    text.append(";; deterministic ").append(deterministic).append(", depth ").append(depth);
    text.append("\n;; other\n").append(TextPrinter.print(other));
    text.append("\n;; main\n").append(TextPrinter.print(main));
    for (Call call : calls) {
      text.append("\n;; ").append(call);
    }
    return text.append('\n').toString();
  }
}

package dev.capsule.engine.validation;

import dev.capsule.engine.module.Feature;
import dev.capsule.engine.module.FunctionBody;
import dev.capsule.engine.module.InstructionReader;
import dev.capsule.engine.module.InvalidException;
import dev.capsule.engine.module.MalformedException;
import dev.capsule.engine.module.Module;
import dev.capsule.engine.module.WasmFormatException;
import java.util.BitSet;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;

/**
 * Judges a module (spec chapter 3). Function bodies are decoded here for the first time, so besides
 * {@link InvalidException} a {@link MalformedException} may come out of every method.
 *
 * <p>{@link #validate} does all at once. For lazy use, make a validator, which checks everything
 * but the bodies, and call {@link #validateFunction} before a function runs for the first time;
 * functions may be checked from several threads.
 */
public final class Validator {
  /** Modules with more code than this, in bytes, are validated on all processors. */
  private static final int PARALLEL_CODE = 200_000;

  private final Module module;
  private final TypeRules rules;
  private final BitSet declared;

  /**
   * Checks all of a module but its function bodies.
   *
   * @param features what the module may use; {@link Feature#MVP} is always included
   * @throws InvalidException if it is invalid or uses a feature that is not included
   * @throws MalformedException if an instruction is malformed
   */
  public Validator(Module module, Set<Feature> features) {
    this.module = module;
    this.rules =
        features.size() == Feature.values().length ? TypeRules.ALL : new TypeRules(features);
    this.declared = ModuleRules.declared(module);
    new ModuleRules(module, rules, declared).check();
  }

  /**
   * Validates a module that may use every feature.
   *
   * @throws InvalidException if it is invalid
   * @throws MalformedException if an instruction is malformed
   */
  public static void validate(Module module) {
    validate(module, EnumSet.allOf(Feature.class));
  }

  /**
   * Validates a module; large ones in parallel, which reports the same error as one thread does:
   * that of the first function in order.
   *
   * @param features what the module may use; {@link Feature#MVP} is always included
   * @throws InvalidException if it is invalid or uses a feature that is not included
   * @throws MalformedException if an instruction is malformed
   */
  public static void validate(Module module, Set<Feature> features) {
    Validator validator = new Validator(module, features);
    long code = 0;
    for (FunctionBody body : module.bodies()) {
      code += body.code().length();
    }
    if (code > PARALLEL_CODE) {
      validator.functionsInParallel();
    } else {
      for (int i = module.importedFuncs(); i < module.funcCount(); i++) {
        validator.validateFunction(i);
      }
    }
  }

  /**
   * Validates the body of one function that the module defines.
   *
   * @throws InvalidException if it is invalid
   * @throws MalformedException if an instruction is malformed
   */
  public void validateFunction(int index) {
    OperandTyper typer = OperandTyper.forFunction(module, index, rules, declared);
    InstructionReader in = new InstructionReader(module, module.body(index).code());
    while (!in.atEnd()) {
      in.next();
      typer.apply(in);
    }
    if (!typer.finished()) {
      throw in.malformed("unexpected end of section or function", in.position());
    }
  }

  /** Functions behind the first failure that is known need no look. */
  private void functionsInParallel() {
    AtomicReference<Failure> first = new AtomicReference<>();
    IntStream.range(module.importedFuncs(), module.funcCount())
        .parallel()
        .forEach(
            i -> {
              Failure known = first.get();
              if (known == null || i < known.function) {
                try {
                  validateFunction(i);
                } catch (WasmFormatException e) {
                  first.accumulateAndGet(new Failure(i, e), Failure::earlier);
                }
              }
            });
    if (first.get() != null) {
      throw first.get().cause;
    }
  }

  private record Failure(int function, WasmFormatException cause) {
    static Failure earlier(Failure a, Failure b) {
      return a != null && a.function < b.function ? a : b;
    }
  }
}

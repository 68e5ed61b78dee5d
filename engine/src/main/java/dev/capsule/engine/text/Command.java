package dev.capsule.engine.text;

import java.util.List;
import java.util.Optional;

/** A command of a script; {@code line} counts from 1. */
public sealed interface Command {
  int line();

  /** Defines a module, and instantiates it unless it is only a {@code definition}. */
  record DefineModule(int line, Optional<String> id, ModuleSource module, boolean definition)
      implements Command {}

  /** Instantiates a module defined before: the named one, or the last. */
  record Instantiate(int line, Optional<String> id, Optional<String> module) implements Command {}

  /** Makes an instance's exports importable under a module name. */
  record Register(int line, String name, Optional<String> instance) implements Command {}

  /** Does something whose result does not matter. */
  record Perform(int line, Action action) implements Command {}

  record AssertReturn(int line, Action action, List<Pattern> results) implements Command {}

  record AssertTrap(int line, Action action, String message) implements Command {}

  record AssertExhaustion(int line, Action action, String message) implements Command {}

  record AssertException(int line, Action action) implements Command {}

  /** {@code custom}: the fault is in a custom section or annotation. */
  record AssertMalformed(int line, ModuleSource module, String message, boolean custom)
      implements Command {}

  /** {@code custom}: the fault is in a custom section or annotation. */
  record AssertInvalid(int line, ModuleSource module, String message, boolean custom)
      implements Command {}

  record AssertUnlinkable(int line, ModuleSource module, String message) implements Command {}

  /** Instantiation traps. */
  record AssertUninstantiable(int line, ModuleSource module, String message) implements Command {}

  /** Runs commands in a thread of its own, which sees the instances named in {@code shared}. */
  record StartThread(int line, String id, List<String> shared, List<Command> commands)
      implements Command {}

  /** Waits for a thread's end. */
  record AwaitThread(int line, String id) implements Command {}
}

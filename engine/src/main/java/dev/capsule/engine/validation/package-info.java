/**
 * Validation (WebAssembly 3.0, chapter 3 and appendix A.3): {@code Validator} judges modules, and
 * {@code OperandTyper}, the abstract machine that it drives over each function, also tells the
 * tiers the types of operands in valid code. Depends on {@code module} and {@code types}.
 */
package dev.capsule.engine.validation;

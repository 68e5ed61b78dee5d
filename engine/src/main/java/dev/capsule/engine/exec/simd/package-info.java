/**
 * Vector arithmetic (spec 4.3.5), on halves: a {@code v128} is two longs, low and high. Methods are
 * named after their instruction. An operation whose halves do not depend on each other is one
 * method that is applied to each half; the others are pairs of methods ending in {@code Low} and
 * {@code High} that take both halves of every operand. So nothing is allocated, and the JIT inlines
 * everything. {@link dev.capsule.engine.exec.simd.VectorShape} tells which is which.
 */
package dev.capsule.engine.exec.simd;

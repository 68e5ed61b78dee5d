/**
 * The compiling tier: Wasm functions to JVM bytecode. A function becomes basic blocks of linear
 * code ({@code ir}-like classes here), gets its fuel charges placed, is split into regions where
 * HotSpot would not compile it whole, and is written with ASM. Depends on {@code exec} and {@code
 * validation}.
 */
package dev.capsule.engine.compiler;

/**
 * The embedder's API: engines, stores, instances and what they hold (WebAssembly 3.0, section 4.2,
 * in the vocabulary of the field). The state behind it, which the tiers share, lives in {@code
 * exec}.
 */
package dev.capsule.engine.runtime;

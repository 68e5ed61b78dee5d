/** Randomness as in {@code wasi:random}: the host's, or a sequence that a seed determines. */
package dev.capsule.wasi.random;

/**
 * Preview 1 ({@code wasi_snapshot_preview1}, and its elder {@code wasi_unstable}) as a translation
 * to the services of WASI 0.2. Everything a guest passes is checked here: wrong values are answered
 * with an errno, pointers outside the memory trap.
 */
package dev.capsule.wasi.p1;

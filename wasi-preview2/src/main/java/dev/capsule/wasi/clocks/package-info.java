/**
 * Clocks as in {@code wasi:clocks}: the host's, or a virtual one that moves only when the guest
 * reads it or waits for it.
 */
package dev.capsule.wasi.clocks;

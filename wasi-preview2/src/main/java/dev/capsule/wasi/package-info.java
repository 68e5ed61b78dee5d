/**
 * The WASI host: one implementation of clocks, files, sockets and the rest, under the façades for
 * preview 1 and preview 2. Refuses what it was not granted.
 */
package dev.capsule.wasi;

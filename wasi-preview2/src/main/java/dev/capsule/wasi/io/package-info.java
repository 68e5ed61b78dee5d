/**
 * Streams and polling as in {@code wasi:io}: every resource that can be waited for hands out a
 * {@link dev.capsule.wasi.io.Pollable}, and one {@link dev.capsule.wasi.io.Poller} waits for them.
 * Nothing here knows the engine or a file system.
 */
package dev.capsule.wasi.io;

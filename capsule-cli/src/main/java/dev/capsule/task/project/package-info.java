/**
 * A project on disk: its root, {@code capsule.toml}, {@code .env} files, source files, and the
 * cache of builds in {@code .capsule}. Reads and writes the host's files; runs nothing.
 */
package dev.capsule.task.project;

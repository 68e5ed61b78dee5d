package dev.capsule.task.guest.sandbox;

import dev.capsule.engine.snapshot.Snapshot;

/**
 * An interpreter that has started.
 *
 * @param snapshot its state
 * @param handle what the host has to know of it: the address of an object, or 0
 */
public record Kept(Snapshot snapshot, int handle) {}

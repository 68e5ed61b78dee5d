package dev.capsule.engine.types;

/**
 * A heap type: what a reference points to (spec 2.3.3). {@link AbsHeapType} and {@link DefType} are
 * complete; {@link RecVar} occurs only inside a recursive group before it is interned, and {@link
 * UnknownType} stands for a type index that does not exist (validation reports it).
 */
public sealed interface HeapType permits AbsHeapType, DefType, RecVar, UnknownType {}

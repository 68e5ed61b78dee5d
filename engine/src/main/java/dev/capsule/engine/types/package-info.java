/**
 * Value, reference, function and aggregate types, recursive groups and their canonical form, and
 * the subtyping relation (WebAssembly 3.0, sections 2.3 and 3.3). Depends on nothing else.
 */
package dev.capsule.engine.types;

/**
 * The component model: components are decoded, typed, linked and called here. May use the engine,
 * and knows nothing of WASI.
 */
package dev.capsule.component;

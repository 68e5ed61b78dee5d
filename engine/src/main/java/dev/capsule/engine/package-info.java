/** WebAssembly in pure Java: see the packages below this one. */
package dev.capsule.engine;

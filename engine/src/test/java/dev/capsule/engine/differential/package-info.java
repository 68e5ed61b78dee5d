/**
 * Random valid modules, run on every tier and on the reference interpreter: whatever a guest or a
 * host can see has to be the same. Generators, the comparison, and the tests that use them.
 */
package dev.capsule.engine.differential;

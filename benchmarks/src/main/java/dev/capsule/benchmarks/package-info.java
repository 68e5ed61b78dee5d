/**
 * Measurements side by side with other engines: whole programs in one process per engine, and
 * kernels under JMH. May use every module; nothing depends on it.
 */
package dev.capsule.benchmarks;

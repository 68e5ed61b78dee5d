/** What {@code wasi:cli} gives a program: its standard streams and its exit. */
package dev.capsule.wasi.cli;

/**
 * The {@code capsule} command: a class for each sub-command, and nothing that is not about
 * arguments.
 */
package dev.capsule.cli;

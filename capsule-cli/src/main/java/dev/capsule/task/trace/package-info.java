/**
 * The record of every attempt of every task: written while tasks run, readable from other processes
 * meanwhile, and whole after a crash.
 */
package dev.capsule.task.trace;

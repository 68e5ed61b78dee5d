/**
 * The report of a task's execution: its shape, its text, and what is blacked out in it. Knows JSON
 * and nothing of how tasks run.
 */
package dev.capsule.task.envelope;

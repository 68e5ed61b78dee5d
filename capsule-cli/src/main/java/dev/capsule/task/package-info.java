/**
 * Running Python and JavaScript tasks in sandboxes, from Java: {@link dev.capsule.task.Capsule}.
 * The packages below are how it is done.
 */
package dev.capsule.task;

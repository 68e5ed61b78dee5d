/**
 * Runs tasks: which may start when, on which thread, until when, with which grants, and what
 * becomes of their sub-tasks. Interpreters are below, behind {@link
 * dev.capsule.task.guest.GuestRuntime}.
 */
package dev.capsule.task.schedule;

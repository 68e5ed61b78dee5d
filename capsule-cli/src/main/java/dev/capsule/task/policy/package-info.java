/**
 * What a task may use: the values of its configuration, the operator's ceilings, and how the two
 * make a policy. Everything here is parsed strictly; what cannot be understood is an error, never a
 * missing limit.
 */
package dev.capsule.task.policy;

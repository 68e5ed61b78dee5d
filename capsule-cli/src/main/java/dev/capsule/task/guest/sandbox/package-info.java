/** One guest's store, fuel, memory and WASI, the same for all interpreters. */
package dev.capsule.task.guest.sandbox;

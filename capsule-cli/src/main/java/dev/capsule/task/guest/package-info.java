/**
 * The seam between the task layer and the interpreters it runs: what a guest language offers
 * ({@link dev.capsule.task.guest.GuestRuntime}) and what a running guest may ask of its host
 * ({@link dev.capsule.task.guest.GuestHost}). Interfaces and records only; policies live above this
 * package, engines below it.
 */
package dev.capsule.task.guest;

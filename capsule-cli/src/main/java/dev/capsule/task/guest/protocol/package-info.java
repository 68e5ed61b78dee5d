/**
 * What interpreters of all languages share: the requests of a running guest
 * (docs/guest-protocol.md) and the host's answers. Knows nothing of engines.
 */
package dev.capsule.task.guest.protocol;

/**
 * Instances as data: the state of one, with the computation that waits in one of its host
 * functions, is taken, kept and put into other stores.
 */
package dev.capsule.engine.snapshot;

/**
 * Runs test scripts of the official suite against {@code runtime}: commands, expectations, and the
 * {@code spectest} module. Uses {@code exec} only to tell kinds of references apart.
 */
package dev.capsule.engine.script;

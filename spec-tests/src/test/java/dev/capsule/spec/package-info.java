/**
 * Runs the official test suites, and scripts of our own that cover what they do not, on all tiers.
 */
package dev.capsule.spec;

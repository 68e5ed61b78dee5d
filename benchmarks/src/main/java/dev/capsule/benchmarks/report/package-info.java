/**
 * From measurements to what people read: a page, Markdown tables, and the comparison of two runs.
 * Knows nothing of how measurements are taken.
 */
package dev.capsule.benchmarks.report;

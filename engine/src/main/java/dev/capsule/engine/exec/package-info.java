/**
 * The state of running code, shared by all tiers and by the API above: stores, module instances,
 * functions, memories, tables, globals, heap objects, and the operations on them that are too large
 * to be repeated in each tier. Nobody outside the engine sees it.
 */
package dev.capsule.engine.exec;

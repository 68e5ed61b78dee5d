/**
 * JavaScript and TypeScript tasks in QuickJS: module resolution by Node's rules, removal of types,
 * and the driver of the interpreter's C interface.
 */
package dev.capsule.task.guest.javascript;

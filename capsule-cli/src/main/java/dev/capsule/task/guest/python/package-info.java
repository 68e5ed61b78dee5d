/** Python tasks in CPython: the device it talks to its host through, and its imports. */
package dev.capsule.task.guest.python;

/**
 * HTTP for tasks: translates between the guests' requests and WASI's HTTP service, which does all
 * of the judging, counting and sending.
 */
package dev.capsule.task.http;

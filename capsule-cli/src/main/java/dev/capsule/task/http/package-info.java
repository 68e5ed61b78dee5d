/**
 * HTTP for tasks: a small client for HTTP/1.1 that connects only to addresses it has judged, stops
 * when the task stops, and reads no byte that is not paid for.
 */
package dev.capsule.task.http;

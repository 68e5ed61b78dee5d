/**
 * Outgoing HTTP in the vocabulary of {@code wasi:http}: an {@link
 * dev.capsule.wasi.http.OutgoingHandler} per guest sends requests as far as its {@link
 * dev.capsule.wasi.http.HttpPolicy} and {@link dev.capsule.wasi.http.HttpBudget} allow. Everything
 * a guest or a server says is judged here; nothing here knows the engine.
 */
package dev.capsule.wasi.http;

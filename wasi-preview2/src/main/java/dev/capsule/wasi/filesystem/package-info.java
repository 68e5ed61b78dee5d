/**
 * Files as in {@code wasi:filesystem}: descriptors over directories of the host, directories in
 * memory, virtual files and devices. Paths are resolved here, one component at a time, for all of
 * them; a back end only ever sees single names.
 */
package dev.capsule.wasi.filesystem;

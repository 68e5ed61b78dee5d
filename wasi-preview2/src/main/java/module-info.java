/** The WASI host. */
module dev.capsule.wasi {
  requires transitive dev.capsule.component;
  requires transitive dev.capsule.engine;
}

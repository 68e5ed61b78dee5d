/** The component model. */
module dev.capsule.component {
  requires transitive dev.capsule.engine;
}

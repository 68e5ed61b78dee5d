/** The WASI host. */
module dev.capsule.wasi {
  requires transitive dev.capsule.component;
  requires transitive dev.capsule.engine;
  requires org.apache.httpcomponents.core5.httpcore5;

  exports dev.capsule.wasi;
  exports dev.capsule.wasi.cli;
  exports dev.capsule.wasi.clocks;
  exports dev.capsule.wasi.filesystem;
  exports dev.capsule.wasi.http;
  exports dev.capsule.wasi.io;
  exports dev.capsule.wasi.p1;
  exports dev.capsule.wasi.random;
}

/** WebAssembly itself. ASM is needed by the compiling tier only; without it code is interpreted. */
module dev.capsule.engine {
  requires static org.objectweb.asm;

  exports dev.capsule.engine.binary;
  exports dev.capsule.engine.module;
  exports dev.capsule.engine.runtime;
  exports dev.capsule.engine.script;
  exports dev.capsule.engine.snapshot;
  exports dev.capsule.engine.text;
  exports dev.capsule.engine.types;
  exports dev.capsule.engine.validation;
}

/** The task sandbox and the {@code capsule} command. */
module dev.capsule.cli {
  requires com.google.gson;
  requires com.h2database.mvstore;
  requires transitive dev.capsule.wasi;
  requires info.picocli;
  requires org.tomlj;

  exports dev.capsule.task;
  exports dev.capsule.task.envelope;
  exports dev.capsule.task.guest;
  exports dev.capsule.task.policy;
  exports dev.capsule.task.project;
  exports dev.capsule.task.schedule;
  exports dev.capsule.task.trace;
}

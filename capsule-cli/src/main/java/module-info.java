/** The task sandbox and the {@code capsule} command. */
module dev.capsule.cli {
  requires com.google.gson;
  requires com.h2database.mvstore;
  requires transitive dev.capsule.wasi;
  requires info.picocli;
  requires org.tomlj;
}

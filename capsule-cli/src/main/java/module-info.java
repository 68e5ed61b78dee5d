/** The task sandbox and the {@code capsule} command. */
module dev.capsule.cli {
  requires com.google.gson;
  requires transitive dev.capsule.wasi;
  requires info.picocli;

  opens dev.capsule.cli to
      info.picocli;
}

package dev.capsule.task.project;

import dev.capsule.task.guest.Sources;
import java.nio.file.Path;
import java.util.Map;

/** Sources that remember what was asked of them and can tell whether the answers still hold. */
public sealed interface TrackedSources extends Sources permits SourceTree, InlineSources {

  /** The directory that paths are relative to; empty for a program without files. */
  Path root();

  /**
   * What was asked for so far and what was found: for each path with a letter in front (r read, f
   * file?, d directory?, l list) a digest of the answer.
   */
  Map<String, String> seen();

  /** Whether the files still give the answers of {@code answers}. */
  boolean stillGives(Map<String, String> answers);
}

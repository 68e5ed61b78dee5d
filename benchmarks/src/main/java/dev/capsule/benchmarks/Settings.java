package dev.capsule.benchmarks;

import java.nio.file.Path;
import java.util.OptionalInt;
import java.util.Set;

/**
 * What the command line asks for.
 *
 * @param quick fewer rounds and forks, and without what is slow
 * @param groups the groups to measure
 * @param engines the engines to measure; empty for all
 * @param programs the programs to measure, or the languages; empty for all
 * @param rounds how many rounds a program runs, where the command line says it
 * @param forks how many times each process is started anew, where the command line says it
 * @param quickJs the module of QuickJS
 * @param python the module of CPython
 * @param capsule the launcher
 * @param directory where logs and other things to look at later are written
 */
public record Settings(
    boolean quick,
    Set<String> groups,
    Set<String> engines,
    Set<String> programs,
    OptionalInt rounds,
    OptionalInt forks,
    Path quickJs,
    Path python,
    Path capsule,
    Path directory) {

  /** The same for one group, and quick if it has to be. */
  Settings only(String group, boolean quickly) {
    return new Settings(
        quick || quickly,
        Set.of(group),
        engines,
        programs,
        rounds,
        forks,
        quickJs,
        python,
        capsule,
        directory);
  }

  /** Whether an engine is to be measured. */
  public boolean wants(String engine) {
    return engines.isEmpty() || engines.contains(engine);
  }

  /** Whether a program is to be measured that goes by any of these names. */
  public boolean wantsProgram(String... names) {
    return programs.isEmpty() || Set.of(names).stream().anyMatch(programs::contains);
  }

  /** How many rounds, unless the command line says so. */
  public int rounds(int inQuick, int inFull) {
    return rounds.orElse(quick ? inQuick : inFull);
  }

  /** How many forks, unless the command line says so. */
  public int forks(int inQuick, int inFull) {
    return forks.orElse(quick ? inQuick : inFull);
  }
}

package dev.capsule.task;

import dev.capsule.task.guest.Build;
import dev.capsule.task.guest.Grants;
import dev.capsule.task.guest.GuestRuntime;
import dev.capsule.task.guest.OutputSink;
import dev.capsule.task.guest.Program;
import dev.capsule.task.policy.Limits;
import dev.capsule.task.policy.Quantities;
import dev.capsule.task.project.BuildCache;
import dev.capsule.task.project.InlineSources;
import dev.capsule.task.project.Project;
import dev.capsule.task.project.ProjectException;
import dev.capsule.task.project.SourceTree;
import dev.capsule.task.project.TrackedSources;
import dev.capsule.task.schedule.SandboxPool;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * Turns files into programs that are ready to run: from memory, from the build cache, or by
 * building.
 */
final class ProgramLoader {
  private static final Duration LONGEST_LOAD = Duration.ofMinutes(2);

  private final Runtimes runtimes;
  private final SandboxPool pool;
  private final Map<Path, Kept> kept = new ConcurrentHashMap<>();
  private final Map<Path, Object> locks = new ConcurrentHashMap<>();

  ProgramLoader(Runtimes runtimes, SandboxPool pool) {
    this.runtimes = runtimes;
    this.pool = pool;
  }

  /**
   * A program that is ready to run.
   *
   * @param runtime its interpreter
   * @param program the program, sealed
   * @param build what is known of it
   * @param files the source files that were read to build it
   * @param built whether it was built just now
   */
  record Loaded(
      GuestRuntime runtime, Program program, Build build, List<String> files, boolean built) {}

  private record Kept(String identity, BuildCache.Entry entry) {}

  /** The program of a file, built only if it or anything it read has changed. */
  Loaded load(Path file, Project project, Limits limits, boolean rebuild) {
    return load(
        Project.real(file),
        () -> SourceTree.program(file, project.root()),
        project,
        limits,
        rebuild);
  }

  /** The program that is a text, kept with the project's builds like any other. */
  Loaded load(TaskRequest.Inline inline, Project project, Limits limits) {
    return load(
        project.root().resolve(inline.name()),
        () -> InlineSources.program(inline.language(), inline.name(), inline.text()),
        project,
        limits,
        false);
  }

  private Loaded load(
      Path key, Supplier<Program> sources, Project project, Limits limits, boolean rebuild) {
    Program program = sources.get();
    GuestRuntime runtime = runtimes.of(program.language());
    synchronized (locks.computeIfAbsent(key, path -> new Object())) {
      Optional<BuildCache.Entry> found =
          rebuild ? Optional.empty() : find(key, program, runtime, project);
      // What was asked of the sources while looking for an older build says nothing about a new
      // one, so a new one starts with sources that were not asked anything.
      BuildCache.Entry entry =
          found.orElseGet(() -> build(sources.get(), runtime, project, limits));
      kept.put(key, new Kept(runtime.identity(), entry));
      Program sealed = SourceTree.sealed(program, entry.answers().keySet());
      return new Loaded(runtime, sealed, entry.build(), files(entry), found.isEmpty());
    }
  }

  private static List<String> files(BuildCache.Entry entry) {
    return entry.answers().entrySet().stream()
        .filter(answer -> answer.getKey().startsWith("r") && !answer.getValue().isEmpty())
        .map(answer -> answer.getKey().substring(1))
        .sorted()
        .toList();
  }

  private Optional<BuildCache.Entry> find(
      Path real, Program program, GuestRuntime runtime, Project project) {
    Kept inMemory = kept.get(real);
    if (inMemory != null
        && inMemory.identity.equals(runtime.identity())
        && ((TrackedSources) program.sources()).stillGives(inMemory.entry.answers())) {
      return Optional.of(inMemory.entry);
    }
    return new BuildCache(project.privateDirectory()).find(program, runtime.identity());
  }

  private BuildCache.Entry build(
      Program program, GuestRuntime runtime, Project project, Limits limits) {
    Build build = runtime.build(program, buildGrants(limits));
    BuildCache.Entry entry =
        new BuildCache.Entry(build, ((TrackedSources) program.sources()).seen());
    try {
      new BuildCache(project.privateDirectory()).store(program, runtime.identity(), entry);
    } catch (ProjectException e) {
      // A project that cannot be written to is built each time; nothing else depends on it.
      return entry;
    }
    return entry;
  }

  /** Loading a program may compute and last so long, and gets nothing else. */
  private Grants buildGrants(Limits limits) {
    return new Grants(
        Quantities.HIGH,
        limits.ram(),
        limits.maxResult(),
        List.of(),
        Map.of(),
        OutputSink.discard(),
        OutputSink.discard(),
        OptionalLong.of(0),
        pool.cancelAfter(LONGEST_LOAD));
  }
}

package dev.capsule.task.policy;

import dev.capsule.wasi.http.HostRules;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What one task may use: its own configuration within the operator's ceilings. The host makes it
 * from the program's declarations; nothing that a running guest says can widen it.
 *
 * @param task the task's name
 * @param fuel for each attempt
 * @param ram bytes
 * @param timeout for each attempt, if any
 * @param maxRetries attempts after the first
 * @param files directories
 * @param hosts allowed hosts
 * @param env names of environment variables
 * @param maxRequests HTTP requests, sub-tasks included
 * @param maxDownload bytes, likewise
 * @param maxUpload bytes, likewise
 */
public record Policy(
    String task,
    long fuel,
    long ram,
    Optional<Duration> timeout,
    int maxRetries,
    List<PathSpec> files,
    HostRules hosts,
    List<String> env,
    int maxRequests,
    long maxDownload,
    long maxUpload) {
  /** Keeps its own copy of the lists. */
  public Policy {
    files = List.copyOf(files);
    env = List.copyOf(env);
  }

  /**
   * The policy of a task: each key from the task, else from the defaults, else built in (MEDIUM,
   * the ceiling's ram, nothing else granted), and none above its ceiling.
   */
  public static Policy of(String task, TaskConfig own, TaskConfig defaults, Limits limits) {
    TaskConfig config = own.orElse(defaults);
    HostRules hosts = HostRules.of(config.hosts().orElse(List.of()));
    List<PathSpec> files = config.files().orElse(List.of());
    List<String> env = config.env().orElse(List.of());
    return new Policy(
        task,
        Math.min(config.compute().orElse(Quantities.MEDIUM), limits.compute()),
        Math.min(config.ram().orElse(limits.ram()), limits.ram()),
        earlier(config.timeout(), limits.timeout()),
        config.maxRetries().orElse(0),
        limits.files().map(ceiling -> within(files, ceiling)).orElse(files),
        limits.hosts().map(hosts::and).orElse(hosts),
        limits.env().map(ceiling -> common(env, ceiling)).orElse(env),
        Math.min(config.maxRequests().orElse(limits.maxRequests()), limits.maxRequests()),
        Math.min(config.maxDownload().orElse(limits.maxDownload()), limits.maxDownload()),
        Math.min(config.maxUpload().orElse(limits.maxUpload()), limits.maxUpload()));
  }

  /**
   * This policy, narrowed by a configuration from the guest: the smaller of two numbers, what both
   * lists grant. What the guest asks for beyond this policy it does not get.
   */
  public Policy narrowedBy(TaskConfig asked) {
    return new Policy(
        task,
        min(asked.compute(), fuel),
        min(asked.ram(), ram),
        earlier(asked.timeout(), timeout),
        Math.min(asked.maxRetries().orElse(maxRetries), maxRetries),
        asked.files().map(wish -> within(wish, files)).orElse(files),
        asked.hosts().map(hosts::and).orElse(hosts),
        asked.env().map(wish -> common(wish, env)).orElse(env),
        Math.min(asked.maxRequests().orElse(maxRequests), maxRequests),
        min(asked.maxDownload(), maxDownload),
        min(asked.maxUpload(), maxUpload));
  }

  private static long min(OptionalLong asked, long granted) {
    return Math.min(asked.orElse(granted), granted);
  }

  private static Optional<Duration> earlier(Optional<Duration> one, Optional<Duration> other) {
    if (one.isPresent() && other.isPresent()) {
      return one.get().compareTo(other.get()) <= 0 ? one : other;
    }
    return one.or(() -> other);
  }

  private static List<String> common(List<String> wish, List<String> ceiling) {
    Set<String> allowed = new HashSet<>(ceiling);
    return wish.stream().filter(allowed::contains).toList();
  }

  /**
   * The directories of {@code wish} that lie in one of {@code ceiling}, for writing only if that
   * one may be written. Judged by the text of the paths; links are judged when they are resolved.
   */
  private static List<PathSpec> within(List<PathSpec> wish, List<PathSpec> ceiling) {
    List<PathSpec> granted = new ArrayList<>();
    for (PathSpec spec : wish) {
      boolean readable = false;
      boolean writable = false;
      for (PathSpec limit : ceiling) {
        if (contains(limit, spec)) {
          readable = true;
          writable |= limit.writable();
        }
      }
      if (readable) {
        granted.add(writable ? spec : spec.readOnly());
      }
    }
    return granted;
  }

  private static boolean contains(PathSpec outer, PathSpec inner) {
    return inner.hostPath().startsWith(outer.hostPath()) || outer.hostPath().toString().isEmpty();
  }
}

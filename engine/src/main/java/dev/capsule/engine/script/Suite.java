package dev.capsule.engine.script;

import dev.capsule.engine.module.Feature;
import dev.capsule.engine.module.SyntaxException;
import dev.capsule.engine.runtime.Engine;
import dev.capsule.engine.runtime.Tier;
import dev.capsule.engine.text.Script;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** Finds and runs the script files of a test suite on one tier. */
public final class Suite {
  /** A proposal that the engine does not implement; its folder is left out. */
  private static final Path EXCLUDED = Path.of("proposals", "custom-descriptors");

  /** The scripts of this proposal say that there is one memory and one table. */
  private static final Path SINGLE = Path.of("proposals", "threads");

  private final Tier tier;
  private final Map<Set<Feature>, ScriptRunner> runners = new HashMap<>();
  private final List<Engine> engines = new ArrayList<>();

  public Suite(Tier tier) {
    this.tier = tier;
  }

  /**
   * What there is to run.
   *
   * @param scripts files, in order of their paths within each folder
   * @param excluded folders left out because their proposal is not implemented
   */
  public record Selection(List<Path> scripts, List<Path> excluded) {
    public Selection {
      scripts = List.copyOf(scripts);
      excluded = List.copyOf(excluded);
    }
  }

  /**
   * The files among {@code paths} and the {@code .wast} files in the folders among them.
   *
   * @throws UncheckedIOException if a folder cannot be read
   */
  public static Selection select(List<Path> paths) {
    List<Path> scripts = new ArrayList<>();
    List<Path> excluded = new ArrayList<>();
    for (Path path : paths) {
      if (!Files.isDirectory(path)) {
        scripts.add(path);
        continue;
      }
      try (Stream<Path> files = Files.walk(path)) {
        files
            .sorted()
            .forEach(
                file -> {
                  if (file.endsWith(EXCLUDED) && !file.equals(path)) {
                    excluded.add(file);
                  } else if (file.toString().endsWith(".wast")
                      && excluded.stream().noneMatch(file::startsWith)) {
                    scripts.add(file);
                  }
                });
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return new Selection(scripts, excluded);
  }

  /**
   * Runs one file.
   *
   * @throws UncheckedIOException if it cannot be read
   */
  public ScriptReport run(Path script) {
    byte[] text;
    try {
      text = Files.readAllBytes(script);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    try {
      return runner(script).run(Script.parse(text));
    } catch (SyntaxException e) {
      return ScriptReport.unreadable(e.line(), e.getMessage());
    }
  }

  private ScriptRunner runner(Path script) {
    Set<Feature> features = EnumSet.allOf(Feature.class);
    Path folder = script.toAbsolutePath().getParent();
    if (folder != null && folder.endsWith(SINGLE)) {
      features.remove(Feature.MULTI_MEMORY);
      features.remove(Feature.REFERENCE_TYPES);
    }
    return runners.computeIfAbsent(
        features,
        set -> {
          Engine engine = Engine.builder().tier(tier).features(set).build();
          engines.add(engine);
          return new ScriptRunner(engine);
        });
  }

  /** The functions that could not be compiled so far, and why. */
  public List<String> compilationFailures() {
    return engines.stream().flatMap(engine -> engine.statistics().failures().stream()).toList();
  }
}

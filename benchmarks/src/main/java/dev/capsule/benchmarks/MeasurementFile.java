package dev.capsule.benchmarks;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonParseException;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The measurements of a run, as they are kept in JSON.
 *
 * @param machine what the run was taken on, and with: see {@link Machine}
 * @param groups how each group was measured
 * @param measurements what was measured
 * @param omissions what was not, and why
 */
public record MeasurementFile(
    Map<String, String> machine,
    Map<String, GroupRun> groups,
    List<Measurement> measurements,
    List<Omission> omissions) {
  private static final Gson GSON = new GsonBuilder().setPrettyPrinting().create();

  public MeasurementFile {
    machine = machine == null ? Map.of() : machine;
    groups = groups == null ? Map.of() : groups;
    measurements = measurements == null ? List.of() : List.copyOf(measurements);
    omissions = omissions == null ? List.of() : List.copyOf(omissions);
  }

  /** Measurements alone. */
  public static MeasurementFile of(List<Measurement> measurements) {
    return new MeasurementFile(Map.of(), Map.of(), measurements, List.of());
  }

  /** Reads what {@link #write} has written; throws BenchmarkException when it is something else. */
  public static MeasurementFile read(Path file) {
    try (Reader in = Files.newBufferedReader(file)) {
      MeasurementFile run = GSON.fromJson(in, MeasurementFile.class);
      if (run == null) {
        throw new BenchmarkException(file + ": empty");
      }
      return run;
    } catch (JsonParseException e) {
      throw new BenchmarkException(file + ": not a file of measurements: " + e.getMessage());
    } catch (IOException e) {
      throw new UncheckedIOException(file + ": cannot be read", e);
    }
  }

  /**
   * This run with what another has measured in the place of the same of its own. Where that is only
   * a part of a group, the rest stays, and so does how the group was measured.
   */
  public MeasurementFile with(MeasurementFile newer) {
    Set<List<String>> replaced = new HashSet<>();
    newer.measurements.forEach(each -> replaced.add(key(each)));
    newer.omissions.forEach(each -> replaced.add(key(each)));
    List<Measurement> all = new ArrayList<>(measurements);
    all.removeIf(each -> replaced.contains(key(each)));
    all.addAll(newer.measurements);
    Set<String> whole = new HashSet<>();
    Map<String, GroupRun> runs = new LinkedHashMap<>(groups);
    newer.groups.forEach(
        (group, run) -> {
          if (!run.isPartial() || !groups.containsKey(group)) {
            runs.put(group, run);
            whole.add(group);
          }
        });
    List<Omission> missing = new ArrayList<>(omissions);
    missing.removeIf(each -> whole.contains(each.group()) || replaced.contains(key(each)));
    missing.addAll(newer.omissions);
    return new MeasurementFile(newer.machine, runs, all, missing);
  }

  private static List<String> key(Omission omission) {
    return List.of(omission.group(), omission.name(), omission.engine());
  }

  private static List<String> key(Measurement measurement) {
    return List.of(measurement.group(), measurement.name(), measurement.engine());
  }

  /** Writes the file, and its folder where there is none. */
  public void write(Path file) {
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      Files.writeString(file, GSON.toJson(this) + "\n");
    } catch (IOException e) {
      throw new UncheckedIOException(file + ": cannot be written", e);
    }
  }
}

package dev.capsule.task.guest;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Sources in memory: paths and texts. */
public record MapSources(Map<String, String> files) implements Sources {
  @Override
  public Optional<byte[]> read(String path) {
    return Optional.ofNullable(files.get(path)).map(text -> text.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public boolean isFile(String path) {
    return files.containsKey(path);
  }

  @Override
  public boolean isDirectory(String path) {
    return path.isEmpty() || files.keySet().stream().anyMatch(it -> it.startsWith(path + "/"));
  }

  @Override
  public List<String> list(String path) {
    String prefix = path.isEmpty() ? "" : path + "/";
    Map<String, String> names = new TreeMap<>();
    for (String file : files.keySet()) {
      if (file.startsWith(prefix)) {
        String rest = file.substring(prefix.length());
        names.put(rest.contains("/") ? rest.substring(0, rest.indexOf('/')) : rest, "");
      }
    }
    return List.copyOf(names.keySet());
  }
}

package dev.capsule.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import dev.capsule.task.trace.TraceEntry;
import dev.capsule.task.trace.TraceState;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Attempts as a table for people, sub-tasks indented below their callers. */
final class TraceTable {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss").withZone(ZoneId.systemDefault());
  private static final String ROW = "%-14s  %-19s  %-28s  %-11s  %9s  %15s  %9s  %s";

  private final Streams streams;
  private final boolean requests;

  TraceTable(Streams streams, boolean requests) {
    this.streams = streams;
    this.requests = requests;
  }

  void header() {
    println(
        String.format(
            Locale.ROOT, ROW, "ID", "STARTED", "TASK", "STATE", "TIME", "FUEL", "MEMORY", "ERROR"));
  }

  /** Prints attempts; one whose caller is not among them stands at the left. */
  void print(List<TraceEntry> entries) {
    Map<String, List<TraceEntry>> children = new LinkedHashMap<>();
    Map<String, TraceEntry> byId = new LinkedHashMap<>();
    entries.forEach(entry -> byId.put(entry.id(), entry));
    List<TraceEntry> roots = new ArrayList<>();
    for (TraceEntry entry : entries) {
      if (entry.parent().filter(byId::containsKey).isPresent()) {
        children.computeIfAbsent(entry.parent().get(), id -> new ArrayList<>()).add(entry);
      } else {
        roots.add(entry);
      }
    }
    roots.forEach(root -> tree(root, 0, children));
  }

  private void tree(TraceEntry entry, int depth, Map<String, List<TraceEntry>> children) {
    line(entry, depth);
    children.getOrDefault(entry.id(), List.of()).forEach(child -> tree(child, depth + 1, children));
  }

  /** Prints one attempt. */
  void line(TraceEntry entry, int depth) {
    String task = "  ".repeat(depth) + entry.task();
    if (entry.attempt() > 0) {
      task += " (retry " + entry.attempt() + ")";
    }
    String error =
        entry
            .errorType()
            .map(type -> type + entry.errorMessage().map(m -> ": " + firstLine(m)).orElse(""))
            .orElseGet(() -> entry.errorMessage().map(TraceTable::firstLine).orElse(""));
    println(
        String.format(
                Locale.ROOT,
                ROW,
                entry.id(),
                TIME.format(Instant.ofEpochMilli(entry.createdAt())),
                task,
                entry.state().wireName(),
                duration(entry),
                entry.state().isFinal()
                    ? String.format(Locale.ROOT, "%,d", entry.fuelConsumed())
                    : "",
                entry.state().isFinal() ? (entry.ramUsed() >> 10) + "K" : "",
                depth == 0 && entry.parent().isEmpty() ? append(entry.program(), error) : error)
            .stripTrailing());
    if (requests) {
      JsonArray list = JsonParser.parseString(entry.hostRequests()).getAsJsonArray();
      for (JsonElement request : list) {
        println(
            " ".repeat(37 + 2 * depth)
                + request.getAsJsonObject().get("method").getAsString()
                + " "
                + request.getAsJsonObject().get("url").getAsString());
      }
    }
  }

  private static String append(String program, String error) {
    return error.isEmpty() ? "(" + program + ")" : error + " (" + program + ")";
  }

  private static String duration(TraceEntry entry) {
    if (entry.durationMs().isPresent()) {
      return Reporter.duration(TimeUnit.MILLISECONDS.toNanos(entry.durationMs().getAsLong()));
    }
    return entry.state() == TraceState.RUNNING ? "…" : "";
  }

  private static String firstLine(String text) {
    String line = text.lines().findFirst().orElse("");
    return line.length() > 100 ? line.substring(0, 100) + "…" : line;
  }

  /**
   * Prints a line that guests may have had a say in: control characters do not reach a terminal.
   */
  private void println(String line) {
    StringBuilder clean = new StringBuilder(line.length());
    line.codePoints()
        .map(c -> Character.isISOControl(c) ? '\ufffd' : c)
        .forEach(clean::appendCodePoint);
    streams.out().println(clean);
  }
}

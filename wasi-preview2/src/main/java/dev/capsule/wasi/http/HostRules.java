package dev.capsule.wasi.http;

import dev.capsule.wasi.http.HostPattern.Match;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Which hosts may be asked: a request must pass every list, and passes a list if one of its entries
 * lets it through. The first list is the guest's own, further ones are ceilings.
 *
 * @param lists at least one
 */
public record HostRules(List<List<HostPattern>> lists) {
  /** Keeps its own copy. */
  public HostRules {
    lists = lists.stream().map(List::copyOf).toList();
  }

  /** The rules of one list. */
  public static HostRules of(List<HostPattern> list) {
    return new HostRules(List.of(list));
  }

  /**
   * The rules of one list of entries.
   *
   * @throws IllegalArgumentException if one is malformed
   */
  public static HostRules of(String... entries) {
    List<HostPattern> list = new ArrayList<>();
    for (String entry : entries) {
      list.add(
          HostPattern.parse(entry)
              .orElseThrow(
                  () ->
                      new IllegalArgumentException(
                          "allowed host \"" + entry + "\" is not " + HostPattern.FORMS)));
    }
    return of(list);
  }

  /** These rules and one more list to pass. */
  public HostRules and(List<HostPattern> list) {
    List<List<HostPattern>> all = new ArrayList<>(lists);
    all.add(list);
    return new HostRules(all);
  }

  /** How a request gets through: the strictest answer of all lists. */
  public Match match(HttpUrl url) {
    Match strictest = Match.NAMED;
    for (List<HostPattern> list : lists) {
      Match best = Match.NONE;
      for (HostPattern pattern : list) {
        Match match = pattern.match(url);
        best = match.compareTo(best) > 0 ? match : best;
      }
      strictest = best.compareTo(strictest) < 0 ? best : strictest;
    }
    return strictest;
  }

  /** Whether every list names this very address for requests like this one. */
  public boolean grants(InetAddress address, HttpUrl url) {
    return lists.stream()
        .allMatch(list -> list.stream().anyMatch(pattern -> pattern.grants(address, url)));
  }

  /** Whether nothing can pass. */
  public boolean isEmpty() {
    return lists.stream().anyMatch(List::isEmpty);
  }

  /** The entries, for messages. */
  @Override
  public String toString() {
    return lists.stream()
        .map(
            list ->
                list.isEmpty()
                    ? "none"
                    : list.stream().map(HostPattern::toString).collect(Collectors.joining(", ")))
        .collect(Collectors.joining("; within "));
  }
}

package dev.capsule.task.policy;

import dev.capsule.task.policy.HostPattern.Match;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;

/**
 * Which hosts may be asked: a request must pass every list, and passes a list if one of its entries
 * lets it through. The first list is the task's own, further ones are ceilings.
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

  /** These rules and one more list to pass. */
  public HostRules and(List<HostPattern> list) {
    List<List<HostPattern>> all = new ArrayList<>(lists);
    all.add(list);
    return new HostRules(all);
  }

  /** How a request gets through: the strictest answer of all lists. */
  public Match match(URI url) {
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

  /** Whether nothing can pass. */
  public boolean isEmpty() {
    return lists.stream().anyMatch(List::isEmpty);
  }
}

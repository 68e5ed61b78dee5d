package dev.capsule.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScheduleTest {
  private static final List<String> ALL =
      List.of(
          "python",
          "javascript",
          "warm-up",
          "kernels",
          "engine",
          "start",
          "commands",
          "tasks",
          "memory",
          "limits",
          "stops");

  private static Schedule schedule(boolean quick) {
    return new Schedule(ALL, quick, new Recorder());
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whatIsLeftGetsLess(boolean quick) {
    Schedule schedule = schedule(quick);
    for (int i = 1; i < ALL.size(); i++) {
      assertTrue(schedule.left(ALL.get(i)) < schedule.left(ALL.get(i - 1)), ALL.get(i));
    }
    assertTrue(schedule.left("stops") > 0);
  }

  @Test
  void aWholeRunIsAsShortAsTheHelpSays() {
    assertTrue(schedule(true).left("python") < 10 * 60);
    assertTrue(schedule(false).left("python") < 50 * 60);
  }

  @Test
  void aLateRunMeasuresItsLastGroupsQuicklyAndNotItsNext() {
    Schedule schedule = schedule(false);
    assertFalse(schedule.isLate("python", 0));
    assertFalse(schedule.isLate("javascript", 20 * 60));
    assertFalse(schedule.isLate("limits", 47 * 60));
    assertTrue(schedule.isLate("limits", 48 * 60));
    assertTrue(schedule.isLate("kernels", 40 * 60));
    assertFalse(schedule(true).isLate("limits", 48 * 60));
  }

  @Test
  void minutesAreAsOnAClock() {
    assertEquals("1:05 min", GroupRun.minutes(64.6));
  }
}

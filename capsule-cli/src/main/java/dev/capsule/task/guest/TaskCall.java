package dev.capsule.task.guest;

import java.util.Optional;

/**
 * A guest's wish to run another task.
 *
 * @param task its name, as the guest sent it
 * @param args text of a JSON array
 * @param kwargs text of a JSON object
 * @param config text of a JSON object that may narrow the task's own policy, never widen it
 */
public record TaskCall(String task, String args, String kwargs, Optional<String> config) {}

package dev.capsule.task.policy;

/**
 * A configuration value that is not accepted; the message names key, value and what is accepted.
 */
public final class InvalidConfigException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String key;

  /** An error whose message the caller has worded completely. */
  public InvalidConfigException(String key, String message) {
    super(message);
    this.key = key;
  }

  /** An error with the usual wording. */
  public static InvalidConfigException of(String key, String value, String accepted) {
    return new InvalidConfigException(
        key, key + ": " + value + " is not accepted; write " + accepted);
  }

  /** The offending key. */
  public String key() {
    return key;
  }

  /** The same error, saying where the value stands: {@code task "main"}, {@code capsule.toml}. */
  public InvalidConfigException in(String place) {
    return new InvalidConfigException(key, place + ": " + getMessage());
  }
}

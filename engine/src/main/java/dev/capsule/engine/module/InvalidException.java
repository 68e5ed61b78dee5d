package dev.capsule.engine.module;

/** A well-formed module that validation rejects (spec chapter 3). */
public final class InvalidException extends WasmFormatException {
  private static final long serialVersionUID = 1L;

  private final String reason;
  private final String place;

  /**
   * @param reason what is wrong, starting with the words of the official test suite
   * @param place where: section or function (index and name) and byte offset
   */
  public InvalidException(String reason, String place) {
    super(place.isEmpty() ? reason : reason + " (" + place + ")");
    this.reason = reason;
    this.place = place;
  }

  /** What is wrong, without the place. */
  public String reason() {
    return reason;
  }

  /** Where it is wrong; may be empty. */
  public String place() {
    return place;
  }
}

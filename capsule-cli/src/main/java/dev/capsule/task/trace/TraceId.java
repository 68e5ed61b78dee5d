package dev.capsule.task.trace;

import java.security.SecureRandom;

/** Names of attempts: 14 letters and digits that sort by time, then at random. */
public final class TraceId {
  private static final String DIGITS = "0123456789abcdefghjkmnpqrstvwxyz";
  private static final int TIME_DIGITS = 9;
  private static final int RANDOM_DIGITS = 5;

  private static long lastTime = -1;
  private static int lastRandom;

  private TraceId() {}

  /** A new name for something that begins now, in milliseconds of the epoch. */
  public static String next(long now) {
    int random = Holder.RANDOM.nextInt(1 << (5 * RANDOM_DIGITS - 1));
    synchronized (TraceId.class) {
      if (now == lastTime) {
        lastRandom++; // what this process begins in one millisecond sorts in order, too
      } else {
        lastTime = now;
        lastRandom = random;
      }
      return next(lastTime, lastRandom);
    }
  }

  static String next(long now, int random) {
    char[] id = new char[TIME_DIGITS + RANDOM_DIGITS];
    long time = now;
    for (int i = TIME_DIGITS - 1; i >= 0; i--) {
      id[i] = DIGITS.charAt((int) (time & 31));
      time >>>= 5;
    }
    for (int i = id.length - 1, rest = random; i >= TIME_DIGITS; i--) {
      id[i] = DIGITS.charAt(rest & 31);
      rest >>>= 5;
    }
    return new String(id);
  }

  private static final class Holder {
    static final SecureRandom RANDOM = new SecureRandom();
  }
}

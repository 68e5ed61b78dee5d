package dev.capsule.compatibility;

import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a test that holds a difference from the original. docs/compatibility.md is made of these;
 * texts are Markdown.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
@Repeatable(Differs.All.class)
public @interface Differs {
  /** The heading that the difference stands under. */
  String section();

  /** What differs. */
  String topic();

  /** How the original does it. */
  String original();

  /** How it is done here, which the test proves. */
  String here();

  /** Several differences that one test holds. */
  @Retention(RetentionPolicy.RUNTIME)
  @Target(ElementType.METHOD)
  @interface All {
    /** The differences. */
    Differs[] value();
  }
}

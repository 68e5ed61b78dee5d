package dev.capsule.engine.binary;

import static dev.capsule.engine.binary.Hex.module;
import static dev.capsule.engine.binary.Hex.section;

/** Modules that several tests use. */
public final class Samples {
  private Samples() {}

  /** A name section: module m, functions 0 f and 2 g, local 1 of function 0 x, tag 3 t. */
  static final String NAMES =
      section(
          0,
          "04 6e 61 6d 65 00 02 01 6d 01 07 02 00 01 66 02 01 67 02 06 01 00 01 01 01 78"
              + "0b 04 01 03 01 74");

  /** Every section, valid, in the shortest encoding. */
  public static final byte[] ALL_SECTIONS =
      module(
          section(
              1,
              "05 60 00 00 60 01 7f 01 7f 4e 02 50 00 5f 01 63 03 01 4f 01 02 5f 01 63 03 01"
                  + "5e 78 01 60 01 7f 00"),
          section(
              2,
              "05 01 6d 01 66 00 00 01 6d 01 74 01 70 00 01 01 6d 01 6d 02 00 01"
                  + "01 6d 01 67 03 7f 00 01 6d 01 65 04 00 05"),
          section(3, "02 00 01"),
          section(4, "02 70 00 01 40 00 64 70 00 01 d2 00 0b"),
          section(5, "02 05 01 02 0b 01 02 00"),
          section(13, "01 00 05"),
          section(6, "03 7f 01 41 05 0b 64 6c 00 41 01 fb 1c 0b 7f 00 23 00 41 01 6a 0b"),
          section(7, "02 01 61 00 01 01 62 02 01"),
          section(8, "01"),
          section(9, "03 00 41 00 0b 01 00 03 00 01 02 06 01 41 00 0b 64 70 01 d2 01 0b"),
          section(12, "02"),
          section(10, "02 04 01 02 7f 0b 0d 00 20 00 04 7f 41 01 05 42 00 a7 0b 0b"),
          section(11, "02 00 41 00 0b 02 68 69 01 01 21"),
          NAMES);
}

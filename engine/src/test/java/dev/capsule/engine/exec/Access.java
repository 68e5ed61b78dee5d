package dev.capsule.engine.exec;

/**
 * An instruction that reads or writes memory, to be tried at addresses.
 *
 * @param instruction its name
 * @param stored what it stores or adds, in the text format; empty for loads
 * @param bytes how many it accesses
 */
record Access(String instruction, String stored, int bytes) {
  /** The access at the address in {@code $x}, without what it gives. */
  String at(long offset) {
    String code = "(" + instruction + " offset=" + offset + " (local.get $x)" + stored + ")";
    return instruction.contains("store") ? code : "(drop " + code + ")";
  }
}

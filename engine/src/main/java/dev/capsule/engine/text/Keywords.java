package dev.capsule.engine.text;

import dev.capsule.engine.module.Opcode;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** The words of the text format: all other words are unknown operators. */
final class Keywords {
  private static final Map<String, Opcode> OPCODES = new HashMap<>();
  private static final Set<String> OTHERS = new HashSet<>();

  static {
    for (Opcode op : Opcode.values()) {
      // Of two instructions with one name the first is meant until the immediates decide.
      OPCODES.putIfAbsent(op.mnemonic(), op);
    }
    String words =
        """
        module binary quote definition instance
        type func start param result local global table memory elem data tag rec sub final
        struct array field mut null ref item offset declare import export shared pagesize
        then do
        i8 i16 i32 i64 f32 f64 v128 i8x16 i16x8 i32x4 i64x2 f32x4 f64x2
        any eq i31 extern exn none nofunc noextern noexn
        anyref eqref i31ref structref arrayref funcref externref exnref
        nullref nullfuncref nullexternref nullexnref
        catch_ref catch_all_ref
        before after first last code datacount
        register invoke get thread wait either
        assert_return assert_trap assert_exhaustion assert_exception assert_malformed
        assert_invalid assert_unlinkable assert_malformed_custom assert_invalid_custom
        nan:canonical nan:arithmetic ref.extern ref.host
        ref.array ref.struct ref.any ref.exn
        """;
    Collections.addAll(OTHERS, words.strip().split("\\s+"));
  }

  private Keywords() {}

  /** The instruction of this name, or null. */
  static Opcode opcode(String word) {
    return OPCODES.get(word);
  }

  static boolean known(String word) {
    return OPCODES.containsKey(word)
        || OTHERS.contains(word)
        || word.startsWith("offset=")
        || word.startsWith("align=");
  }
}

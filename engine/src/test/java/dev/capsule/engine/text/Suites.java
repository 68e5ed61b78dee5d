package dev.capsule.engine.text;

import dev.capsule.engine.module.Module;
import dev.capsule.engine.module.WasmFormatException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Modules to test with: a few of our own, and those of the official suite where it is there. */
final class Suites {
  /** Larger scripts hold the same few instructions over and over. */
  private static final long MAX_SCRIPT = 60_000;

  private Suites() {}

  /** Texts that use what printed modules do not: folding, abbreviations, annotations. */
  static List<String> texts() {
    return List.of(
        """
        (module $m (@name "other")
          (type $t (func (param $x i32) (result i32)))
          (import "env" "f" (func $imported (type $t)))
          (memory (export "m") (data "abc" "\\00\\u{1F600}"))
          (table $tab (export "t") funcref (elem $f $imported))
          (global $g (export "g") (mut i64) (i64.const -0x8000_0000_0000_0000))
          (func $f (export "f") (param $x i32) (result i32) (local $y f64) (local i32 i32)
            (if $l (result i32) (i32.eqz (local.get $x))
              (then (br $l (i32.const 1)))
              (else (call_indirect $tab (type $t) (local.get $x) (i32.const 0))))
            (@metadata.code.branch_hint "\\01")
            (if (local.get $x) (then (nop)) (else (return (i32.const 0x1))))
            block $b (param i32) (result i32) end $b)
          (@custom "c" (before code) "x" "y")
          (elem declare func $f)
          (elem (table $tab) (offset (i32.const 0)) (ref null func) (item ref.func $f))
          (start $s) (func $s))
        """,
        """
        (tag $e (param i32 f32))
        (rec (type $list (sub (struct (field $head i8) (field $tail (mut (ref null $list))))))
             (type (sub final $list (struct (field i8) (field (mut (ref null $list))) (field f64)))))
        (func (result i32 exnref)
          (block $h (result i32 f32 exnref)
            (try_table (catch_ref $e $h) (catch_all 0) (throw $e (i32.const 1) (f32.const nan:0x12)))
            unreachable)
          (try (do (nop)) (catch $e drop drop) (catch_all (rethrow 0)))
          (try (do) (delegate 0))
          try nop catch $e drop drop end)
        (memory $a i64 1 2 shared) (memory $b 0 (pagesize 1))
        (func (param v128)
          (v128.store64_lane $a offset=0x10 align=4 1 (i64.const 0) (local.get 0))
          (drop (v128.const f32x4 1.5 -0x1.8p-3 inf -nan))
          (memory.copy $a $b (i64.const 0) (i32.const 0) (i32.const 0))
          (br_table 0 0 0 (i32.const 7)))
        (; a (; nested ;) comment ;)
        """);
  }

  /** Modules of the suite's smaller scripts, valid or not; none where the suite is missing. */
  static List<Module> modules() {
    List<Module> modules = new ArrayList<>();
    for (Path script : scripts()) {
      modules(script, modules);
    }
    return modules;
  }

  private static List<Path> scripts() {
    String named = System.getProperty("capsule.suite", "");
    String root = System.getProperty("capsule.root", ".");
    Path suite = named.isEmpty() ? Path.of(root, "..", "shared", "testsuite") : Path.of(named);
    Path core = suite.resolve("core");
    if (!Files.isDirectory(core)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(core)) {
      return files.filter(f -> f.toString().endsWith(".wast")).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void modules(Path script, List<Module> modules) {
    try {
      if (Files.size(script) > MAX_SCRIPT) {
        return;
      }
      for (Command command : Script.parse(Files.readAllBytes(script)).commands()) {
        switch (command) {
          case Command.DefineModule c -> add(c.module(), modules);
          case Command.AssertInvalid c -> add(c.module(), modules);
          case Command.AssertUnlinkable c -> add(c.module(), modules);
          default -> {}
        }
      }
    } catch (WasmFormatException e) {
      // Scripts of proposals beyond this engine; the suite's own tests tell of those that matter.
      return;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void add(ModuleSource source, List<Module> modules) {
    switch (source) {
      case ModuleSource.Binary binary -> {}
      case ModuleSource.Quote quote -> modules.add(quote.parse());
      case ModuleSource.Text text -> modules.add(text.parse());
    }
  }
}

package dev.capsule.engine.binary;

import dev.capsule.engine.module.Module;
import dev.capsule.engine.module.WasmFormatException;
import dev.capsule.engine.text.Command;
import dev.capsule.engine.text.ModuleSource;
import dev.capsule.engine.text.Script;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Valid modules to start mutating from: a few of our own, and those of the official suite. */
final class Seeds {
  /** Scripts beyond this size hold the same few instructions over and over. */
  private static final long MAX_SCRIPT = 40_000;

  private static final int MAX_MODULE = 4_000;

  private static final List<String> OWN =
      List.of(
          """
          (module
            (memory (export "m") 1 2) (data $d "hello") (data (i32.const 8) "world")
            (func (export "f") (param i32 i64) (result i64)
              (block $a (result i64)
                (loop $b
                  (br_table $a $a $b (local.get 1) (local.get 0)))
                (unreachable))
              (memory.init $d (i32.const 0) (i32.const 0) (i32.const 5))
              (i64.add (i64.load32_u offset=4 (local.get 0)))))
          """,
          """
          (module
            (rec (type $n (sub (struct (field $v (mut i32)) (field $next (ref null $n)))))
                 (type $m (sub final $n (struct (field (mut i32)) (field (ref null $n)) (field i8)))))
            (type $bytes (array (mut i8)))
            (global $g (mut (ref null $n)) (struct.new $n (i32.const 1) (ref.null $n)))
            (func (param $x (ref null $n)) (result i32)
              (block $not (result (ref null $n))
                (br_on_cast_fail $not (ref null $n) (ref $m) (local.get $x))
                (struct.get_s $m 2)
                (return))
              (br_on_null 0 (i32.const 3))
              (struct.get $n $v)
              (array.len (array.new_fixed $bytes 2 (i32.const 1) (i32.const 2)))
              (i32.add)))
          """,
          """
          (module
            (tag $e (param i32)) (table $t 3 10 funcref) (elem (i32.const 0) func $f $f)
            (type $s (func (param i32) (result i32)))
            (func $f (type $s)
              (block $h (result i32 exnref)
                (try_table (catch_ref $e $h) (throw $e (local.get 0)))
                (return_call_indirect $t (type $s) (local.get 0) (i32.const 1)))
              (drop)
              (try (result i32) (do (call $f (i32.const 0))) (catch $e) (catch_all (rethrow 0)))
              (i32.mul)))
          """,
          """
          (module
            (memory $a i64 1 1 shared) (memory $b 0 10 (pagesize 1))
            (func (param v128 i64) (result v128)
              (v128.load64_lane $a offset=8 1 (local.get 1) (local.get 0))
              (i8x16.shuffle 0 1 2 3 4 5 6 7 31 30 29 28 27 26 25 24 (local.get 0))
              (drop (i32.atomic.rmw.cmpxchg $a (local.get 1) (i32.const 0) (i32.const 1)))
              (memory.copy $a $b (local.get 1) (i32.const 0) (i32.const 3))
              (drop (drop (i64.mul_wide_u (local.get 1) (i64.const -7))))))
          """);

  private Seeds() {}

  static List<byte[]> all() {
    List<byte[]> seeds = new ArrayList<>();
    seeds.add(Samples.ALL_SECTIONS);
    for (String text : OWN) {
      seeds.add(Module.parse(text).encode());
    }
    Path suite = suite().resolve("core");
    if (Files.isDirectory(suite)) {
      try (Stream<Path> files = Files.walk(suite)) {
        files
            .filter(file -> file.toString().endsWith(".wast"))
            .sorted()
            .forEach(f -> add(f, seeds));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return seeds;
  }

  private static Path suite() {
    String named = System.getProperty("capsule.suite", "");
    String root = System.getProperty("capsule.root", ".");
    return named.isEmpty() ? Path.of(root, "..", "shared", "testsuite") : Path.of(named);
  }

  private static void add(Path file, List<byte[]> seeds) {
    try {
      if (Files.size(file) > MAX_SCRIPT) {
        return;
      }
      for (Command command : Script.parse(Files.readAllBytes(file)).commands()) {
        if (command instanceof Command.DefineModule define) {
          byte[] bytes = bytes(define.module());
          if (bytes.length <= MAX_MODULE) {
            seeds.add(bytes);
          }
        }
      }
    } catch (WasmFormatException e) {
      // Scripts of proposals beyond this engine: the suite's own tests tell of those that matter.
      return;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] bytes(ModuleSource source) {
    return switch (source) {
      case ModuleSource.Binary binary -> binary.bytes();
      case ModuleSource.Quote quote -> quote.parse().encode();
      case ModuleSource.Text text -> text.parse().encode();
    };
  }
}

;; Forms of the text format that the official scripts do not use.

;; Fields before what they name; implicit types go behind all others, in order of use.
(module
  (export "f" (func $f))
  (start $start)
  (elem (table $t) (i32.const 0) funcref (item ref.func $f) (ref.func $g) (item (ref.null func)))
  (data (memory $m) (offset (i32.const 4)) "\78\56" "\34\12")
  (func $start (global.set $g (i32.load $m (i32.const 4))))
  (func $f (result i32) (global.get $g))
  (func $g (param i32 i32) (result i32)
    (local.get 0) (local.get 1) (block (type 1) (param i32 i32) (result i32) i32.add))
  (type (func (param i32)))
  (type (func (param i32 i32) (result i32)))
  (memory $m 1)
  (table $t 3 funcref)
  (global $g (mut i32) (i32.const 0)))
(assert_return (invoke "f") (i32.const 0x12345678))

;; Constant expressions, flat and folded.
(module
  (global (export "flat") i64 i64.const 6 i64.const 7 i64.mul)
  (global (export "folded") i64 (i64.sub (i64.mul (i64.const 6) (i64.const 7)) (i64.const 2)))
  (table (export "t") 2 funcref ref.null func))
(assert_return (get "flat") (i64.const 42))
(assert_return (get "folded") (i64.const 40))

;; A folded condition stands before the label of its if.
(module
  (func (export "f") (param i32) (result i32)
    (block $l (result i32)
      (if $l (result i32) (br_if $l (i32.const 7) (local.get 0))
        (then (br $l (i32.const 1)))
        (else (i32.const 2))))))
(assert_return (invoke "f" (i32.const 1)) (i32.const 7))
(assert_return (invoke "f" (i32.const 0)) (i32.const 1))

;; Catch clauses mean labels outside of their try_table.
(module
  (tag $e (param i32))
  (func (export "f") (result i32)
    (block $l (result i32)
      (try_table $l (result i32) (catch $e $l)
        (throw $e (i32.const 3))))))
(assert_return (invoke "f") (i32.const 3))

;; Legacy exceptions, folded and flat, nested with delegate.
(module
  (tag $e (param i32))
  (func (export "delegate") (result i32)
    (try $outer (result i32)
      (do
        (try (result i32)
          (do (try (result i32) (do (throw $e (i32.const 8))) (delegate $outer)))
          (catch $e (drop) (i32.const 1))))
      (catch $e)))
  (func (export "flat") (result i32)
    try $outer (result i32)
      i32.const 9
      throw $e
    catch $e
    catch_all $outer
      i32.const 0
    end $outer))
(assert_return (invoke "delegate") (i32.const 8))
(assert_return (invoke "flat") (i32.const 9))

;; Numbers.
(module
  (func (export "i32") (result i32) (i32.const +0xffff_ffff))
  (func (export "i64") (result i64) (i64.const -9_223_372_036_854_775_808))
  (func (export "f32 halfway") (result f32) (f32.const 1.00000017881393432617187499))
  (func (export "f32 hex sticky") (result f32) (f32.const 0x1.00000100000000000000000001p+0))
  (func (export "f32 least") (result f32) (f32.const 0x1.000001p-150))
  (func (export "f64 nan") (result f64) (f64.const -nan:0xf_ffff_ffff_ffff)))
(assert_return (invoke "i32") (i32.const -1))
(assert_return (invoke "i64") (i64.const 0x8000_0000_0000_0000))
(assert_return (invoke "f32 halfway") (f32.const 0x1.000002p0))
(assert_return (invoke "f32 hex sticky") (f32.const 0x1.000002p0))
(assert_return (invoke "f32 least") (f32.const 0x1p-149))
(assert_return (invoke "f64 nan") (f64.const -nan:0xfffffffffffff))

(assert_malformed (module quote "(func (if (then) (i32.const 0)))") "unexpected token")
(assert_malformed (module quote "(func (if (i32.const 0) (else)))") "unexpected token")
(assert_malformed (module quote "(func (if (i32.const 0) (then) (else) (else)))") "unexpected token")
(assert_malformed (module quote "(func (try (catch_all)))") "unexpected token")
(assert_malformed (module quote "(func (try (do) (catch_all) (catch_all)))") "unexpected token")
(assert_malformed (module quote "(func (i32.eqz i32.const 0))") "unexpected token")
(assert_malformed (module quote "(func end)") "unexpected token")
(assert_malformed (module quote "(func else)") "unexpected token")
(assert_malformed (module quote "(func (block (param $x i32)))") "unexpected token")
(assert_malformed (module quote "(func (br_table))") "unexpected token")
(assert_malformed (module quote "(memory (data \"x\") 1)") "unexpected token")
(assert_malformed (module quote "(func) (global (import \"a\" \"b\") i32)") "import after function")
(assert_malformed (module quote "(rec (func))") "unexpected token")
(assert_malformed (module quote "(@custom \"x\" (after first))") "@custom annotation: malformed section kind")

;; Identifiers and names with every kind of character, and where they may be used.

(module $"a module" (@name "with a name")
  (type $"t y p e" (func (param i32) (result i32)))
  (func $!#$%&'*+-./:<=>?@\^_`|~ (export "") (type $"t y p e") (local.get 0))
  (func $"\u{1F600}" (export "\u{1F600}") (result i32)
    (call $!#$%&'*+-./:<=>?@\^_`|~ (i32.const 1)))
  (func $"\f0\9f\98\81" (export "\00\"\\\t") (result i32) (call $"😀"))
  (func $a (@name "b") (export "b") (result i32)
    (local $"l o c" i32) (local (@name "l") i32)
    (local.set $"l o c" (i32.const 5))
    block $"l a b" (result i32)
      (br $"l a b" (local.get $"l o c"))
    end $"l a b"))

(assert_return (invoke $"a module" "" (i32.const 9)) (i32.const 9))
(assert_return (invoke "😀") (i32.const 1))
(assert_return (invoke "\00\22\5c\09") (i32.const 1))
(assert_return (invoke "b") (i32.const 5))

(register "registered under \u{0}" $"a module")
(module
  (import "registered under \00" "b" (func $b (result i32)))
  (func (export "again") (result i32) (call $b)))
(assert_return (invoke "again") (i32.const 5))

;; Name sections never decide about validity.
(module binary
  "\00asm" "\01\00\00\00"
  "\00\07\04name" "\01\ff")
(module binary
  "\00asm" "\01\00\00\00"
  "\00\0f\04name" "\01\08" "\01" "\ff\ff\ff\ff\0f" "\01" "x")

(assert_malformed (module quote "(func $a) (func $\"a\")") "duplicate func")
(assert_malformed (module quote "(func $a (param $x i32) (local $\"\\78\" i32))") "duplicate local")
(assert_malformed (module quote "(type (struct (field $x i32) (field $x i32)))") "duplicate field")
(assert_malformed (module quote "(tag $t) (tag $t)") "duplicate tag")
(assert_malformed (module quote "(data $d) (data $d)") "duplicate data segment")
(assert_malformed (module quote "(elem $e func) (elem $e func)") "duplicate elem segment")
(assert_malformed (module quote "(type $t (func)) (type $t (func))") "duplicate type")
(assert_malformed (module quote "(func (block $l) (br $l))") "unknown label")
(assert_malformed (module quote "(func (throw $t))") "unknown tag")
(assert_malformed (module quote "(func (data.drop $d))") "unknown data segment")

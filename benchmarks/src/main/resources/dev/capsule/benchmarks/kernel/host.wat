;; Asks the host n times for the number after this one.
(module
  (import "host" "next" (func $next (param i32) (result i32)))
  (func (export "run") (param $n i32) (result i32)
    (local $i i32) (local $a i32)
    (loop $calls
      (local.set $a (call $next (local.get $a)))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $calls (i32.lt_u (local.get $i) (local.get $n))))
    (local.get $a)))

;; The sum of 65,536 i32, n times over.
(module
  (memory 4)
  (start $fill)
  (func $fill
    (local $i i32) (local $x i32)
    (loop $words
      (local.set $x (i32.add
        (i32.mul (local.get $x) (i32.const 1664525)) (i32.const 1013904223)))
      (i32.store (local.get $i) (local.get $x))
      (br_if $words (i32.lt_u
        (local.tee $i (i32.add (local.get $i) (i32.const 4))) (i32.const 262144)))))

  (func (export "run") (param $n i32) (result i32)
    (local $p i32) (local $sum i32)
    (loop $passes
      (local.set $p (i32.const 0))
      (loop $words
        (local.set $sum (i32.add (local.get $sum) (i32.load (local.get $p))))
        (br_if $words (i32.lt_u
          (local.tee $p (i32.add (local.get $p) (i32.const 4))) (i32.const 262144))))
      (br_if $passes (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
    (local.get $sum)))

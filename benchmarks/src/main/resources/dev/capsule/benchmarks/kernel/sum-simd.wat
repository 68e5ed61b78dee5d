;; The sum of 65,536 i32, n times over, four at once.
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
    (local $p i32) (local $sum v128)
    (loop $passes
      (local.set $p (i32.const 0))
      (loop $vectors
        (local.set $sum (i32x4.add (local.get $sum) (v128.load (local.get $p))))
        (br_if $vectors (i32.lt_u
          (local.tee $p (i32.add (local.get $p) (i32.const 16))) (i32.const 262144))))
      (br_if $passes (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
    (i32.add
      (i32.add
        (i32x4.extract_lane 0 (local.get $sum)) (i32x4.extract_lane 1 (local.get $sum)))
      (i32.add
        (i32x4.extract_lane 2 (local.get $sum)) (i32x4.extract_lane 3 (local.get $sum))))))

;; Blurs a grey picture of 512 by 256 with the weights 1 2 1, 2 4 2, 1 2 1, n times from the same
;; input; answers a checksum of the output.
(module
  (memory 7)
  ;; The input at 0: 258 rows of 528, the output from 262,144 in rows of 512.
  (start $fill)
  (func $fill
    (local $i i32) (local $x i32)
    (loop $words
      (local.set $x (i32.add
        (i32.mul (local.get $x) (i32.const 1664525)) (i32.const 1013904223)))
      (i32.store (local.get $i) (local.get $x))
      (br_if $words (i32.lt_u
        (local.tee $i (i32.add (local.get $i) (i32.const 4))) (i32.const 136224)))))

  (func (export "run") (param $n i32) (result i32)
    (local $x i32) (local $y i32) (local $p i32) (local $q i32) (local $sum i32)
    (loop $passes
      (local.set $q (i32.const 0))
      (local.set $y (i32.const 0))
      (loop $rows
        (local.set $p (i32.mul (local.get $y) (i32.const 528)))
        (local.set $x (i32.const 0))
        (loop $columns
          (i32.store8 offset=262144 (local.get $q)
            (i32.shr_u
              (i32.add
                (i32.add
                  (i32.add
                    (i32.add (i32.load8_u offset=7 (local.get $p))
                      (i32.load8_u offset=9 (local.get $p)))
                    (i32.add (i32.load8_u offset=1063 (local.get $p))
                      (i32.load8_u offset=1065 (local.get $p))))
                  (i32.shl
                    (i32.add
                      (i32.add (i32.load8_u offset=8 (local.get $p))
                        (i32.load8_u offset=535 (local.get $p)))
                      (i32.add (i32.load8_u offset=537 (local.get $p))
                        (i32.load8_u offset=1064 (local.get $p))))
                    (i32.const 1)))
                (i32.shl (i32.load8_u offset=536 (local.get $p)) (i32.const 2)))
              (i32.const 4)))
          (local.set $p (i32.add (local.get $p) (i32.const 1)))
          (local.set $q (i32.add (local.get $q) (i32.const 1)))
          (br_if $columns (i32.lt_u
            (local.tee $x (i32.add (local.get $x) (i32.const 1))) (i32.const 512))))
        (br_if $rows (i32.lt_u
          (local.tee $y (i32.add (local.get $y) (i32.const 1))) (i32.const 256))))
      (br_if $passes (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
    ;; The checksum of what was written.
    (local.set $p (i32.const 262144))
    (loop $words
      (local.set $sum (i32.add
        (i32.mul (local.get $sum) (i32.const 31)) (i32.load (local.get $p))))
      (br_if $words (i32.lt_u
        (local.tee $p (i32.add (local.get $p) (i32.const 4))) (i32.const 393216))))
    (local.get $sum)))

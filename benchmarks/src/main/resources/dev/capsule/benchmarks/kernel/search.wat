;; Boyer, Moore and Horspool look for n patterns of 12 bytes in 1,000,000 bytes of 8 letters; each
;; pattern is a piece of the text. Answers the sum of the places where one was found first.
(module
  (memory 17)
  ;; The shifts at 0, 256 i32; the text at 4096.
  (start $fill)
  (func $fill
    (local $i i32) (local $x i32)
    (local.set $x (i32.const 42))
    (loop $letters
      (local.set $x (i32.add
        (i32.mul (local.get $x) (i32.const 1664525)) (i32.const 1013904223)))
      (i32.store8 offset=4096 (local.get $i)
        (i32.add (i32.const 97) (i32.shr_u (local.get $x) (i32.const 29))))
      (br_if $letters (i32.lt_u
        (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 1000000)))))

  (func $find (param $pattern i32) (result i32)
    (local $i i32) (local $k i32) (local $p i32)
    (loop $shifts
      (i32.store (local.get $i) (i32.const 12))
      (br_if $shifts (i32.lt_u
        (local.tee $i (i32.add (local.get $i) (i32.const 4))) (i32.const 1024))))
    (local.set $i (i32.const 0))
    (loop $letters
      (i32.store
        (i32.shl (i32.load8_u (i32.add (local.get $pattern) (local.get $i))) (i32.const 2))
        (i32.sub (i32.const 11) (local.get $i)))
      (br_if $letters (i32.lt_u
        (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 11))))
    (local.set $p (i32.const 4096))
    (loop $places
      (local.set $k (i32.const 11))
      (block $different
        (loop $compare
          (br_if $different (i32.ne
            (i32.load8_u (i32.add (local.get $p) (local.get $k)))
            (i32.load8_u (i32.add (local.get $pattern) (local.get $k)))))
          (br_if $compare (i32.ge_s
            (local.tee $k (i32.sub (local.get $k) (i32.const 1))) (i32.const 0))))
        (return (i32.sub (local.get $p) (i32.const 4096))))
      (local.set $p (i32.add (local.get $p)
        (i32.load (i32.shl (i32.load8_u offset=11 (local.get $p)) (i32.const 2)))))
      (br_if $places (i32.le_u (local.get $p) (i32.const 1004084))))
    (i32.const -1))

  (func (export "run") (param $n i32) (result i32)
    (local $pattern i32) (local $sum i32)
    (local.set $pattern (i32.const 1004084))
    (loop $patterns
      (local.set $sum (i32.add (local.get $sum) (call $find (local.get $pattern))))
      (local.set $pattern (i32.sub (local.get $pattern) (i32.const 7919)))
      (br_if $patterns (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
    (local.get $sum)))

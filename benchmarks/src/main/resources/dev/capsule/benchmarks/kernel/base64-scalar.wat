;; The base64 of 49,152 bytes, n times over; answers a checksum of it.
(module
  (memory 3)
  ;; The bytes at 0, the text at 65,536, the alphabet at 135,168.
  (data (i32.const 135168) "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
  (start $fill)
  (func $fill
    (local $i i32) (local $x i32)
    (loop $words
      (local.set $x (i32.add
        (i32.mul (local.get $x) (i32.const 1664525)) (i32.const 1013904223)))
      (i32.store (local.get $i) (local.get $x))
      (br_if $words (i32.lt_u
        (local.tee $i (i32.add (local.get $i) (i32.const 4))) (i32.const 49164)))))

  (func (export "run") (param $n i32) (result i32)
    (local $p i32) (local $q i32) (local $x i32) (local $sum i32)
    (loop $passes
      (local.set $p (i32.const 0))
      (local.set $q (i32.const 65536))
      (loop $triples
        (local.set $x (i32.or
          (i32.or
            (i32.shl (i32.load8_u (local.get $p)) (i32.const 16))
            (i32.shl (i32.load8_u offset=1 (local.get $p)) (i32.const 8)))
          (i32.load8_u offset=2 (local.get $p))))
        (i32.store8 (local.get $q)
          (i32.load8_u offset=135168 (i32.shr_u (local.get $x) (i32.const 18))))
        (i32.store8 offset=1 (local.get $q)
          (i32.load8_u offset=135168
            (i32.and (i32.shr_u (local.get $x) (i32.const 12)) (i32.const 63))))
        (i32.store8 offset=2 (local.get $q)
          (i32.load8_u offset=135168
            (i32.and (i32.shr_u (local.get $x) (i32.const 6)) (i32.const 63))))
        (i32.store8 offset=3 (local.get $q)
          (i32.load8_u offset=135168 (i32.and (local.get $x) (i32.const 63))))
        (local.set $q (i32.add (local.get $q) (i32.const 4)))
        (br_if $triples (i32.lt_u
          (local.tee $p (i32.add (local.get $p) (i32.const 3))) (i32.const 49152))))
      (br_if $passes (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
    ;; The checksum of what was written.
    (local.set $p (i32.const 65536))
    (loop $words
      (local.set $sum (i32.add
        (i32.mul (local.get $sum) (i32.const 31)) (i32.load (local.get $p))))
      (br_if $words (i32.lt_u
        (local.tee $p (i32.add (local.get $p) (i32.const 4))) (i32.const 131072))))
    (local.get $sum)))

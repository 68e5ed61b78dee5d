;; The base64 of 49,152 bytes, n times over, twelve bytes at once; answers a checksum of it.
(module
  (memory 3)
  ;; The bytes at 0, the text at 65,536.
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
    (local $p i32) (local $q i32) (local $sum i32)
    (local $x v128) (local $class v128)
    (loop $passes
      (local.set $p (i32.const 0))
      (local.set $q (i32.const 65536))
      (loop $dozens
        ;; Three bytes in each lane, the first one highest.
        (local.set $x
          (i8x16.shuffle 2 1 0 16 5 4 3 16 8 7 6 16 11 10 9 16
            (v128.load (local.get $p)) (v128.const i64x2 0 0)))
        ;; Six bits in each byte, the first ones lowest.
        (local.set $x
          (v128.or
            (v128.or
              (v128.and
                (i32x4.shr_u (local.get $x) (i32.const 18))
                (v128.const i32x4 0x3f 0x3f 0x3f 0x3f))
              (v128.and
                (i32x4.shr_u (local.get $x) (i32.const 4))
                (v128.const i32x4 0x3f00 0x3f00 0x3f00 0x3f00)))
            (v128.or
              (v128.and
                (i32x4.shl (local.get $x) (i32.const 10))
                (v128.const i32x4 0x3f0000 0x3f0000 0x3f0000 0x3f0000))
              (v128.and
                (i32x4.shl (local.get $x) (i32.const 24))
                (v128.const i32x4 0x3f000000 0x3f000000 0x3f000000 0x3f000000)))))
        ;; What to add: 0 for a-z, 1 to 10 for the digits, 11 and 12 for + and /, 13 for A-Z.
        (local.set $class
          (v128.or
            (i8x16.sub_sat_u (local.get $x)
              (v128.const i8x16 51 51 51 51 51 51 51 51 51 51 51 51 51 51 51 51))
            (v128.and
              (i8x16.lt_u (local.get $x)
                (v128.const i8x16 26 26 26 26 26 26 26 26 26 26 26 26 26 26 26 26))
              (v128.const i8x16 13 13 13 13 13 13 13 13 13 13 13 13 13 13 13 13))))
        (v128.store (local.get $q)
          (i8x16.add (local.get $x)
            (i8x16.swizzle
              (v128.const i8x16 71 -4 -4 -4 -4 -4 -4 -4 -4 -4 -4 -19 -16 65 0 0)
              (local.get $class))))
        (local.set $q (i32.add (local.get $q) (i32.const 16)))
        (br_if $dozens (i32.lt_u
          (local.tee $p (i32.add (local.get $p) (i32.const 12))) (i32.const 49152))))
      (br_if $passes (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
    ;; The checksum of what was written.
    (local.set $p (i32.const 65536))
    (loop $words
      (local.set $sum (i32.add
        (i32.mul (local.get $sum) (i32.const 31)) (i32.load (local.get $p))))
      (br_if $words (i32.lt_u
        (local.tee $p (i32.add (local.get $p) (i32.const 4))) (i32.const 131072))))
    (local.get $sum)))

;; Kernels of one idea each. Every export answers a number that the benchmark checks.
(module
  (import "host" "next" (func $next (param i32) (result i32)))
  (memory 4)
  (type $unary (func (param i32) (result i32)))
  (table $few 4 funcref)
  (elem (table $few) (i32.const 0) func $add1 $add3 $xor5 $mul7)
  (func $add1 (param i32) (result i32) (i32.add (local.get 0) (i32.const 1)))
  (func $add3 (param i32) (result i32) (i32.add (local.get 0) (i32.const 3)))
  (func $xor5 (param i32) (result i32) (i32.xor (local.get 0) (i32.const 5)))
  (func $mul7 (param i32) (result i32) (i32.mul (local.get 0) (i32.const 7)))

  (func $fib (export "fib") (param $n i32) (result i32)
    (if (result i32) (i32.lt_s (local.get $n) (i32.const 2))
      (then (local.get $n))
      (else (i32.add
        (call $fib (i32.sub (local.get $n) (i32.const 1)))
        (call $fib (i32.sub (local.get $n) (i32.const 2)))))))

  ;; How many primes are below n, n at most 65536.
  (func (export "sieve") (param $n i32) (result i32)
    (local $i i32) (local $j i32) (local $count i32)
    (memory.fill (i32.const 0) (i32.const 0) (local.get $n))
    (local.set $i (i32.const 2))
    (loop $candidates
      (if (i32.eqz (i32.load8_u (local.get $i)))
        (then
          (local.set $count (i32.add (local.get $count) (i32.const 1)))
          (local.set $j (i32.shl (local.get $i) (i32.const 1)))
          (block $struck
            (loop $multiples
              (br_if $struck (i32.ge_u (local.get $j) (local.get $n)))
              (i32.store8 (local.get $j) (i32.const 1))
              (local.set $j (i32.add (local.get $j) (local.get $i)))
              (br $multiples)))))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $candidates (i32.lt_u (local.get $i) (local.get $n))))
    (local.get $count))

  ;; FNV-1a over n steps of a counter.
  (func (export "hash") (param $n i32) (result i32)
    (local $i i32) (local $h i32)
    (local.set $h (i32.const 0x811c9dc5))
    (loop $bytes
      (local.set $h (i32.mul
        (i32.xor (local.get $h) (i32.and (local.get $i) (i32.const 255)))
        (i32.const 0x01000193)))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $bytes (i32.lt_u (local.get $i) (local.get $n))))
    (local.get $h))

  ;; The sum of the iterations of all points of an n by n picture, at most 50 each.
  (func (export "mandelbrot") (param $n i32) (result i32)
    (local $px i32) (local $py i32) (local $k i32) (local $sum i32)
    (local $cx f64) (local $cy f64) (local $x f64) (local $y f64) (local $t f64)
    (loop $rows
      (local.set $px (i32.const 0))
      (local.set $cy (f64.sub
        (f64.div (f64.mul (f64.const 2) (f64.convert_i32_s (local.get $py)))
          (f64.convert_i32_s (local.get $n)))
        (f64.const 1)))
      (loop $columns
        (local.set $cx (f64.sub
          (f64.div (f64.mul (f64.const 3) (f64.convert_i32_s (local.get $px)))
            (f64.convert_i32_s (local.get $n)))
          (f64.const 2)))
        (local.set $x (f64.const 0))
        (local.set $y (f64.const 0))
        (local.set $k (i32.const 0))
        (block $escaped
          (loop $steps
            (br_if $escaped (f64.gt
              (f64.add (f64.mul (local.get $x) (local.get $x))
                (f64.mul (local.get $y) (local.get $y)))
              (f64.const 4)))
            (local.set $t (f64.add
              (f64.sub (f64.mul (local.get $x) (local.get $x))
                (f64.mul (local.get $y) (local.get $y)))
              (local.get $cx)))
            (local.set $y (f64.add
              (f64.mul (f64.mul (f64.const 2) (local.get $x)) (local.get $y))
              (local.get $cy)))
            (local.set $x (local.get $t))
            (local.set $k (i32.add (local.get $k) (i32.const 1)))
            (br_if $steps (i32.lt_s (local.get $k) (i32.const 50)))))
        (local.set $sum (i32.add (local.get $sum) (local.get $k)))
        (local.set $px (i32.add (local.get $px) (i32.const 1)))
        (br_if $columns (i32.lt_s (local.get $px) (local.get $n))))
      (local.set $py (i32.add (local.get $py) (i32.const 1)))
      (br_if $rows (i32.lt_s (local.get $py) (local.get $n))))
    (local.get $sum))

  (func (export "indirect") (param $n i32) (result i32)
    (local $i i32) (local $a i32)
    (loop $calls
      (local.set $a (call_indirect $few (type $unary)
        (local.get $a) (i32.and (local.get $i) (i32.const 3))))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $calls (i32.lt_u (local.get $i) (local.get $n))))
    (local.get $a))

  (func (export "host") (param $n i32) (result i32)
    (local $i i32) (local $a i32)
    (loop $calls
      (local.set $a (call $next (local.get $a)))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $calls (i32.lt_u (local.get $i) (local.get $n))))
    (local.get $a))

  ;; Copies 64 KiB n times; answers the last byte of the copy, which was 42.
  (func (export "copy") (param $n i32) (result i32)
    (i32.store8 (i32.const 65535) (i32.const 42))
    (loop $copies
      (memory.copy (i32.const 65536) (i32.const 0) (i32.const 65536))
      (local.set $n (i32.sub (local.get $n) (i32.const 1)))
      (br_if $copies (local.get $n)))
    (i32.load8_u (i32.const 131071)))

  ;; The dot product of n times the vector (1 2 3 4) with itself.
  (func (export "dot") (param $n i32) (result i32)
    (local $sum v128)
    (i64.store (i32.const 0) (i64.const 0x0000000200000001))
    (i64.store (i32.const 8) (i64.const 0x0000000400000003))
    (loop $vectors
      (local.set $sum (i32x4.add (local.get $sum)
        (i32x4.mul (v128.load (i32.const 0)) (v128.load (i32.const 0)))))
      (local.set $n (i32.sub (local.get $n) (i32.const 1)))
      (br_if $vectors (local.get $n)))
    (i32.add
      (i32.add (i32x4.extract_lane 0 (local.get $sum)) (i32x4.extract_lane 1 (local.get $sum)))
      (i32.add (i32x4.extract_lane 2 (local.get $sum)) (i32x4.extract_lane 3 (local.get $sum))))))

;; The product of two n by n matrices of f64, n at most 256, as C compiles to: a pointer walks along
;; a row, another down a column. Answers the bits of the sum of the product, high half xor low half.
(module
  (memory 24)
  ;; a at 0, b at 524,288, c at 1,048,576; a[i][j] = (i - j) / 7, b[i][j] = (i + j) / 3
  (func $fill (param $n i32)
    (local $i i32) (local $j i32) (local $p i32)
    (loop $rows
      (local.set $j (i32.const 0))
      (loop $columns
        (f64.store (local.get $p)
          (f64.div (f64.convert_i32_s (i32.sub (local.get $i) (local.get $j))) (f64.const 7)))
        (f64.store offset=524288 (local.get $p)
          (f64.div (f64.convert_i32_s (i32.add (local.get $i) (local.get $j))) (f64.const 3)))
        (local.set $p (i32.add (local.get $p) (i32.const 8)))
        (local.set $j (i32.add (local.get $j) (i32.const 1)))
        (br_if $columns (i32.lt_u (local.get $j) (local.get $n))))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $rows (i32.lt_u (local.get $i) (local.get $n)))))
  (func (export "run") (param $n i32) (result i32)
    (local $i i32) (local $j i32) (local $k i32) (local $row i32)
    (local $pa i32) (local $pb i32) (local $pc i32) (local $stride i32)
    (local $dot f64) (local $sum f64)
    (call $fill (local.get $n))
    (local.set $stride (i32.shl (local.get $n) (i32.const 3)))
    (local.set $pc (i32.const 1048576))
    (loop $rows
      (local.set $j (i32.const 0))
      (loop $columns
        (local.set $dot (f64.const 0))
        (local.set $pa (local.get $row))
        (local.set $pb (i32.add (i32.const 524288) (i32.shl (local.get $j) (i32.const 3))))
        (local.set $k (local.get $n))
        (loop $products
          (local.set $dot (f64.add (local.get $dot)
            (f64.mul (f64.load (local.get $pa)) (f64.load (local.get $pb)))))
          (local.set $pa (i32.add (local.get $pa) (i32.const 8)))
          (local.set $pb (i32.add (local.get $pb) (local.get $stride)))
          (br_if $products (local.tee $k (i32.sub (local.get $k) (i32.const 1)))))
        (f64.store (local.get $pc) (local.get $dot))
        (local.set $sum (f64.add (local.get $sum) (f64.load (local.get $pc))))
        (local.set $pc (i32.add (local.get $pc) (i32.const 8)))
        (local.set $j (i32.add (local.get $j) (i32.const 1)))
        (br_if $columns (i32.lt_u (local.get $j) (local.get $n))))
      (local.set $row (i32.add (local.get $row) (local.get $stride)))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $rows (i32.lt_u (local.get $i) (local.get $n))))
    (i32.xor
      (i32.wrap_i64 (i64.reinterpret_f64 (local.get $sum)))
      (i32.wrap_i64 (i64.shr_u (i64.reinterpret_f64 (local.get $sum)) (i64.const 32))))))

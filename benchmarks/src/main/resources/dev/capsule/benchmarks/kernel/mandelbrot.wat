;; The sum of the iterations of all points of an n by n picture, at most 50 each.
(module
  (func (export "run") (param $n i32) (result i32)
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
    (local.get $sum)))

;; Pancake flips over all permutations of n, at most 12. Answers 100 times the checksum plus the
;; most flips.
(module
  (memory 1)
  ;; perm at 0, perm1 at 64, count at 128, each of i32
  (func (export "run") (param $n i32) (result i32)
    (local $i i32) (local $j i32) (local $k i32) (local $r i32) (local $t i32)
    (local $flips i32) (local $most i32) (local $sum i32) (local $odd i32) (local $first i32)
    (loop $identity
      (i32.store offset=64 (i32.shl (local.get $i) (i32.const 2)) (local.get $i))
      (br_if $identity (i32.lt_u
        (local.tee $i (i32.add (local.get $i) (i32.const 1))) (local.get $n))))
    (local.set $r (local.get $n))
    (loop $permutations
      (block $counted
        (loop $counts
          (br_if $counted (i32.eq (local.get $r) (i32.const 1)))
          (i32.store offset=124 (i32.shl (local.get $r) (i32.const 2)) (local.get $r))
          (local.set $r (i32.sub (local.get $r) (i32.const 1)))
          (br $counts)))
      (local.set $i (i32.const 0))
      (loop $copy
        (i32.store (i32.shl (local.get $i) (i32.const 2))
          (i32.load offset=64 (i32.shl (local.get $i) (i32.const 2))))
        (br_if $copy (i32.lt_u
          (local.tee $i (i32.add (local.get $i) (i32.const 1))) (local.get $n))))
      (local.set $flips (i32.const 0))
      (block $sorted
        (loop $flip
          (br_if $sorted (i32.eqz (local.tee $k (i32.load (i32.const 0)))))
          (local.set $i (i32.const 0))
          (local.set $j (i32.shl (local.get $k) (i32.const 2)))
          (loop $swap
            (local.set $t (i32.load (local.get $i)))
            (i32.store (local.get $i) (i32.load (local.get $j)))
            (i32.store (local.get $j) (local.get $t))
            (br_if $swap (i32.lt_u
              (local.tee $i (i32.add (local.get $i) (i32.const 4)))
              (local.tee $j (i32.sub (local.get $j) (i32.const 4))))))
          (local.set $flips (i32.add (local.get $flips) (i32.const 1)))
          (br $flip)))
      (if (i32.gt_u (local.get $flips) (local.get $most))
        (then (local.set $most (local.get $flips))))
      (local.set $sum (i32.add (local.get $sum)
        (select
          (i32.sub (i32.const 0) (local.get $flips)) (local.get $flips) (local.get $odd))))
      (local.set $odd (i32.xor (local.get $odd) (i32.const 1)))
      (loop $next
        (if (i32.eq (local.get $r) (local.get $n))
          (then (return
            (i32.add (i32.mul (local.get $sum) (i32.const 100)) (local.get $most)))))
        (local.set $first (i32.load offset=64 (i32.const 0)))
        (local.set $i (i32.const 0))
        (loop $rotate
          (i32.store offset=64 (i32.shl (local.get $i) (i32.const 2))
            (i32.load offset=68 (i32.shl (local.get $i) (i32.const 2))))
          (br_if $rotate (i32.lt_u
            (local.tee $i (i32.add (local.get $i) (i32.const 1))) (local.get $r))))
        (local.set $j (i32.shl (local.get $r) (i32.const 2)))
        (i32.store offset=64 (local.get $j) (local.get $first))
        (i32.store offset=128 (local.get $j)
          (local.tee $t (i32.sub (i32.load offset=128 (local.get $j)) (i32.const 1))))
        (br_if $permutations (i32.gt_s (local.get $t) (i32.const 0)))
        (local.set $r (i32.add (local.get $r) (i32.const 1)))
        (br $next)))
    (unreachable)))

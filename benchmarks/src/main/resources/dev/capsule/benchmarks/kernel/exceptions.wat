;; Calls a function n times, which throws every other time. Answers the sum of what was returned
;; less the sum of what was thrown.
(module
  (tag $odd (param i32))
  (func $checked (param $i i32) (result i32)
    (if (i32.and (local.get $i) (i32.const 1))
      (then (throw $odd (local.get $i))))
    (local.get $i))
  (func $signed (param $i i32) (result i32)
    (local.set $i (block $caught (result i32)
      (return
        (try_table (result i32) (catch $odd $caught)
          (call $checked (local.get $i))))))
    (i32.sub (i32.const 0) (local.get $i)))
  (func (export "run") (param $n i32) (result i32)
    (local $sum i32)
    (loop $calls
      (local.set $sum (i32.add (local.get $sum) (call $signed (local.get $n))))
      (br_if $calls (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
    (local.get $sum)))

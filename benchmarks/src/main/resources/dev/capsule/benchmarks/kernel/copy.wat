;; Copies 64 KiB n times, at most 65,536; answers the last byte of the copy, which was 42.
(module
  (memory 3)
  (func (export "run") (param $n i32) (result i32)
    (i32.store8 (i32.const 65535) (i32.const 42))
    (loop $copies
      (memory.copy
        (i32.add (i32.const 65536) (local.get $n)) (local.get $n) (i32.const 65536))
      (local.set $n (i32.sub (local.get $n) (i32.const 1)))
      (br_if $copies (local.get $n)))
    (i32.load8_u (i32.const 131071))))

;; Makes n binary trees of 4,095 nodes each and counts the nodes: the allocation of structs.
(module
  (type $node (struct (field $left (ref null $node)) (field $right (ref null $node))))
  (func $make (param $depth i32) (result (ref $node))
    (if (result (ref $node)) (i32.eqz (local.get $depth))
      (then (struct.new $node (ref.null $node) (ref.null $node)))
      (else (struct.new $node
        (call $make (i32.sub (local.get $depth) (i32.const 1)))
        (call $make (i32.sub (local.get $depth) (i32.const 1)))))))
  (func $count (param $node (ref null $node)) (result i32)
    (if (result i32) (ref.is_null (local.get $node))
      (then (i32.const 0))
      (else (i32.add (i32.const 1) (i32.add
        (call $count (struct.get $node $left (local.get $node)))
        (call $count (struct.get $node $right (local.get $node))))))))
  (func (export "run") (param $n i32) (result i32)
    (local $sum i32)
    (loop $trees
      (local.set $sum (i32.add (local.get $sum) (call $count (call $make (i32.const 11)))))
      (br_if $trees (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
    (local.get $sum)))

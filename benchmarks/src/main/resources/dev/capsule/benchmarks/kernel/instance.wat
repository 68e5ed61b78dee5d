;; What is instantiated: a module with one of everything, each small.
(module
  (type $unary (func (param i32) (result i32)))
  (memory (export "memory") 1)
  (table 8 funcref)
  (global $base (mut i32) (i32.const 1000))
  (elem (i32.const 0) func $run $double $double $double)
  (data (i32.const 16) "as small as it gets")
  (func $double (type $unary) (i32.mul (local.get 0) (i32.const 2)))
  (func $run (export "run") (type $unary)
    (i32.add
      (i32.add (local.get 0) (i32.load8_u (i32.const 16)))
      (global.get $base))))

;; Host threads on one shared memory: mutual exclusion, waiting and waking.

(module $mem (memory (export "m") 1 1 shared))

(thread $waiter (shared (module $mem))
  (register "mem" $mem)
  (module
    (memory (import "mem" "m") 1 1 shared)
    (func (export "wait") (result i32)
      ;; Say that we are about to wait, so that nobody wakes us too early for good.
      (i32.atomic.store (i32.const 4) (i32.const 1))
      (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const 30_000_000_000))))
  ;; 0: woken; 1: the value had changed before.
  (assert_return (invoke "wait") (either (i32.const 0) (i32.const 1))))

(thread $waker (shared (module $mem))
  (register "mem" $mem)
  (module
    (memory (import "mem" "m") 1 1 shared)
    (func (export "wake")
      (loop $until_waiting
        (br_if $until_waiting (i32.eqz (i32.atomic.load (i32.const 4)))))
      (i32.atomic.store (i32.const 0) (i32.const 1))
      (drop (memory.atomic.notify (i32.const 0) (i32.const -1)))))
  (assert_return (invoke "wake")))

(wait $waiter)
(wait $waker)

;; Two threads add under a spin lock and with rmw.
(module $counters (memory (export "m") 1 1 shared)
  (func (export "locked") (result i32) (i32.load (i32.const 4)))
  (func (export "atomic") (result i64) (i64.atomic.load (i32.const 8))))

(thread $a (shared (module $counters))
  (register "counters" $counters)
  (module
    (memory (import "counters" "m") 1 1 shared)
    (func (export "add") (param $n i32)
      (loop $next
        (loop $spin
          (br_if $spin (i32.atomic.rmw.cmpxchg (i32.const 0) (i32.const 0) (i32.const 1))))
        (i32.store (i32.const 4) (i32.add (i32.load (i32.const 4)) (i32.const 1)))
        (i32.atomic.store (i32.const 0) (i32.const 0))
        (drop (i64.atomic.rmw.add (i32.const 8) (i64.const 3)))
        (br_if $next (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))))
  (assert_return (invoke "add" (i32.const 20000))))

(thread $b (shared (module $counters))
  (register "counters" $counters)
  (module
    (memory (import "counters" "m") 1 1 shared)
    (func (export "add") (param $n i32)
      (loop $next
        (loop $spin
          (br_if $spin (i32.atomic.rmw.cmpxchg (i32.const 0) (i32.const 0) (i32.const 1))))
        (i32.store (i32.const 4) (i32.add (i32.load (i32.const 4)) (i32.const 1)))
        (i32.atomic.store (i32.const 0) (i32.const 0))
        (drop (i64.atomic.rmw.add (i32.const 8) (i64.const 3)))
        (br_if $next (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))))
  (assert_return (invoke "add" (i32.const 20000))))

(wait $a)
(wait $b)
(assert_return (invoke $counters "locked") (i32.const 40000))
(assert_return (invoke $counters "atomic") (i64.const 120000))

;; A memory that is not shared has no waiters, and nobody may wait on it.
(module
  (memory 1)
  (func (export "notify") (result i32) (memory.atomic.notify (i32.const 0) (i32.const 1)))
  (func (export "wait") (result i32)
    (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const 0))))
(assert_return (invoke "notify") (i32.const 0))
(assert_trap (invoke "wait") "expected shared memory")

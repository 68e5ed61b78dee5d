;; n steps of the Sun and the four giant planets, attracting one another. Answers the bits of the
;; energy afterwards, high half xor low half.
(module
  (memory 1)
  ;; A body is x y z, velocity x y z, mass: seven f64, 56 bytes; the Sun is the first.
  (func $body (param $p i32) (param $x f64) (param $y f64) (param $z f64)
    (param $vx f64) (param $vy f64) (param $vz f64) (param $mass f64)
    (f64.store (local.get $p) (local.get $x))
    (f64.store offset=8 (local.get $p) (local.get $y))
    (f64.store offset=16 (local.get $p) (local.get $z))
    (f64.store offset=24 (local.get $p) (f64.mul (local.get $vx) (f64.const 365.24)))
    (f64.store offset=32 (local.get $p) (f64.mul (local.get $vy) (f64.const 365.24)))
    (f64.store offset=40 (local.get $p) (f64.mul (local.get $vz) (f64.const 365.24)))
    (f64.store offset=48 (local.get $p) (f64.mul (local.get $mass) (f64.const 39.47841760435743))))

  (func $fill
    (local $p i32) (local $px f64) (local $py f64) (local $pz f64)
    (call $body (i32.const 0) (f64.const 0) (f64.const 0) (f64.const 0)
      (f64.const 0) (f64.const 0) (f64.const 0) (f64.const 1))
    (call $body (i32.const 56)
      (f64.const 4.84143144246472090) (f64.const -1.16032004402742839)
      (f64.const -0.103622044471123109) (f64.const 0.00166007664274403694)
      (f64.const 0.00769901118419740425) (f64.const -0.0000690460016972063023)
      (f64.const 0.000954791938424326609))
    (call $body (i32.const 112)
      (f64.const 8.34336671824457987) (f64.const 4.12479856412430479)
      (f64.const -0.403523417114321381) (f64.const -0.00276742510726411899)
      (f64.const 0.00499852801234917238) (f64.const 0.0000230417297573763929)
      (f64.const 0.000285885980666130812))
    (call $body (i32.const 168)
      (f64.const 12.8943695621391310) (f64.const -15.1111514016986312)
      (f64.const -0.223307578892655734) (f64.const 0.00296460137564761618)
      (f64.const 0.00237847173959480950) (f64.const -0.0000296589568540237556)
      (f64.const 0.0000436624404335156298))
    (call $body (i32.const 224)
      (f64.const 15.3796971148509165) (f64.const -25.9193146099879641)
      (f64.const 0.179258772950371181) (f64.const 0.00268067772490389322)
      (f64.const 0.00162824170038242295) (f64.const -0.0000951592254519715870)
      (f64.const 0.0000515138902046611451))
    ;; The whole stands still.
    (loop $bodies
      (local.set $px (f64.add (local.get $px)
        (f64.mul (f64.load offset=24 (local.get $p)) (f64.load offset=48 (local.get $p)))))
      (local.set $py (f64.add (local.get $py)
        (f64.mul (f64.load offset=32 (local.get $p)) (f64.load offset=48 (local.get $p)))))
      (local.set $pz (f64.add (local.get $pz)
        (f64.mul (f64.load offset=40 (local.get $p)) (f64.load offset=48 (local.get $p)))))
      (br_if $bodies (i32.lt_u
        (local.tee $p (i32.add (local.get $p) (i32.const 56))) (i32.const 280))))
    (f64.store (i32.const 24) (f64.div (f64.neg (local.get $px)) (f64.const 39.47841760435743)))
    (f64.store (i32.const 32) (f64.div (f64.neg (local.get $py)) (f64.const 39.47841760435743)))
    (f64.store (i32.const 40) (f64.div (f64.neg (local.get $pz)) (f64.const 39.47841760435743))))

  (func $advance
    (local $p i32) (local $q i32)
    (local $dx f64) (local $dy f64) (local $dz f64) (local $square f64) (local $mag f64)
    (local $m f64)
    (loop $bodies
      (local.set $q (i32.add (local.get $p) (i32.const 56)))
      (block $paired
        (loop $pairs
          (br_if $paired (i32.ge_u (local.get $q) (i32.const 280)))
          (local.set $dx (f64.sub (f64.load (local.get $p)) (f64.load (local.get $q))))
          (local.set $dy
            (f64.sub (f64.load offset=8 (local.get $p)) (f64.load offset=8 (local.get $q))))
          (local.set $dz
            (f64.sub (f64.load offset=16 (local.get $p)) (f64.load offset=16 (local.get $q))))
          (local.set $square (f64.add
            (f64.add
              (f64.mul (local.get $dx) (local.get $dx))
              (f64.mul (local.get $dy) (local.get $dy)))
            (f64.mul (local.get $dz) (local.get $dz))))
          (local.set $mag (f64.div (f64.const 0.01)
            (f64.mul (local.get $square) (f64.sqrt (local.get $square)))))
          (local.set $m (f64.mul (f64.load offset=48 (local.get $q)) (local.get $mag)))
          (f64.store offset=24 (local.get $p) (f64.sub (f64.load offset=24 (local.get $p))
            (f64.mul (local.get $dx) (local.get $m))))
          (f64.store offset=32 (local.get $p) (f64.sub (f64.load offset=32 (local.get $p))
            (f64.mul (local.get $dy) (local.get $m))))
          (f64.store offset=40 (local.get $p) (f64.sub (f64.load offset=40 (local.get $p))
            (f64.mul (local.get $dz) (local.get $m))))
          (local.set $m (f64.mul (f64.load offset=48 (local.get $p)) (local.get $mag)))
          (f64.store offset=24 (local.get $q) (f64.add (f64.load offset=24 (local.get $q))
            (f64.mul (local.get $dx) (local.get $m))))
          (f64.store offset=32 (local.get $q) (f64.add (f64.load offset=32 (local.get $q))
            (f64.mul (local.get $dy) (local.get $m))))
          (f64.store offset=40 (local.get $q) (f64.add (f64.load offset=40 (local.get $q))
            (f64.mul (local.get $dz) (local.get $m))))
          (local.set $q (i32.add (local.get $q) (i32.const 56)))
          (br $pairs)))
      (f64.store (local.get $p) (f64.add (f64.load (local.get $p))
        (f64.mul (f64.const 0.01) (f64.load offset=24 (local.get $p)))))
      (f64.store offset=8 (local.get $p) (f64.add (f64.load offset=8 (local.get $p))
        (f64.mul (f64.const 0.01) (f64.load offset=32 (local.get $p)))))
      (f64.store offset=16 (local.get $p) (f64.add (f64.load offset=16 (local.get $p))
        (f64.mul (f64.const 0.01) (f64.load offset=40 (local.get $p)))))
      (br_if $bodies (i32.lt_u
        (local.tee $p (i32.add (local.get $p) (i32.const 56))) (i32.const 280)))))

  (func $energy (result f64)
    (local $p i32) (local $q i32) (local $dx f64) (local $dy f64) (local $dz f64) (local $e f64)
    (loop $bodies
      (local.set $e (f64.add (local.get $e)
        (f64.mul
          (f64.mul (f64.const 0.5) (f64.load offset=48 (local.get $p)))
          (f64.add
            (f64.add
              (f64.mul (f64.load offset=24 (local.get $p)) (f64.load offset=24 (local.get $p)))
              (f64.mul (f64.load offset=32 (local.get $p)) (f64.load offset=32 (local.get $p))))
            (f64.mul (f64.load offset=40 (local.get $p)) (f64.load offset=40 (local.get $p)))))))
      (local.set $q (i32.add (local.get $p) (i32.const 56)))
      (block $paired
        (loop $pairs
          (br_if $paired (i32.ge_u (local.get $q) (i32.const 280)))
          (local.set $dx (f64.sub (f64.load (local.get $p)) (f64.load (local.get $q))))
          (local.set $dy
            (f64.sub (f64.load offset=8 (local.get $p)) (f64.load offset=8 (local.get $q))))
          (local.set $dz
            (f64.sub (f64.load offset=16 (local.get $p)) (f64.load offset=16 (local.get $q))))
          (local.set $e (f64.sub (local.get $e)
            (f64.div
              (f64.mul (f64.load offset=48 (local.get $p)) (f64.load offset=48 (local.get $q)))
              (f64.sqrt (f64.add
                (f64.add
                  (f64.mul (local.get $dx) (local.get $dx))
                  (f64.mul (local.get $dy) (local.get $dy)))
                (f64.mul (local.get $dz) (local.get $dz)))))))
          (local.set $q (i32.add (local.get $q) (i32.const 56)))
          (br $pairs)))
      (br_if $bodies (i32.lt_u
        (local.tee $p (i32.add (local.get $p) (i32.const 56))) (i32.const 280))))
    (local.get $e))

  (func (export "run") (param $n i32) (result i32)
    (local $bits i64)
    (call $fill)
    (loop $steps
      (call $advance)
      (br_if $steps (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
    (local.set $bits (i64.reinterpret_f64 (call $energy)))
    (i32.xor
      (i32.wrap_i64 (local.get $bits))
      (i32.wrap_i64 (i64.shr_u (local.get $bits) (i64.const 32))))))

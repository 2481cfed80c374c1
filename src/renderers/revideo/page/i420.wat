;; Colours into brightness and two colour differences, sixteen pixels of two rows at a time. What it computes, and why,
;; is in i420.ts; test/unit/revideo/i420.test.ts compares it with the same written plainly.
(module
  (memory (export "memory") 1)

  ;; Sixteen bytes of four pixels: the sum of each pixel's four components times their weights, as 32-bit numbers.
  (func $weigh (param $pixels v128) (param $weights v128) (result v128)
    (call $pairs
      (i32x4.dot_i16x8_s (i16x8.extend_low_i8x16_u (local.get $pixels)) (local.get $weights))
      (i32x4.dot_i16x8_s (i16x8.extend_high_i8x16_u (local.get $pixels)) (local.get $weights))))

  ;; Sums of neighbours: 0+1 and 2+3 of one, then of the other.
  (func $pairs (param $one v128) (param $other v128) (result v128)
    (i32x4.add
      (i8x16.shuffle 0 1 2 3 8 9 10 11 16 17 18 19 24 25 26 27 (local.get $one) (local.get $other))
      (i8x16.shuffle 4 5 6 7 12 13 14 15 20 21 22 23 28 29 30 31 (local.get $one) (local.get $other))))

  ;; Brightness of four pixels; the offset is 16.5 in 1/32768, which also rounds.
  (func $luma (param $pixels v128) (param $weights v128) (result v128)
    (i32x4.shr_s
      (i32x4.add (i32x4.splat (i32.const 540672)) (call $weigh (local.get $pixels) (local.get $weights)))
      (i32.const 15)))

  ;; Brightness of sixteen pixels, as bytes.
  (func $row (param $at i32) (param $weights v128) (result v128)
    (i8x16.narrow_i16x8_u
      (i16x8.narrow_i32x4_s
        (call $luma (v128.load (local.get $at)) (local.get $weights))
        (call $luma (v128.load offset=16 (local.get $at)) (local.get $weights)))
      (i16x8.narrow_i32x4_s
        (call $luma (v128.load offset=32 (local.get $at)) (local.get $weights))
        (call $luma (v128.load offset=48 (local.get $at)) (local.get $weights)))))

  ;; Four pixels above four others: the components of two squares of four pixels, summed, as 16-bit numbers.
  (func $squares (param $above v128) (param $below v128) (result v128)
    (local $left v128) (local $right v128)
    (local.set $left (i16x8.add
      (i16x8.extend_low_i8x16_u (local.get $above)) (i16x8.extend_low_i8x16_u (local.get $below))))
    (local.set $right (i16x8.add
      (i16x8.extend_high_i8x16_u (local.get $above)) (i16x8.extend_high_i8x16_u (local.get $below))))
    (i16x8.add
      (i8x16.shuffle 0 1 2 3 4 5 6 7 16 17 18 19 20 21 22 23 (local.get $left) (local.get $right))
      (i8x16.shuffle 8 9 10 11 12 13 14 15 24 25 26 27 28 29 30 31 (local.get $left) (local.get $right))))

  ;; One colour difference of four squares; the offset is 128.5 in 1/131072: a square is a sum of four pixels.
  (func $chroma (param $one v128) (param $other v128) (param $weights v128) (result v128)
    (i32x4.shr_s
      (i32x4.add (i32x4.splat (i32.const 16842752))
        (call $pairs
          (i32x4.dot_i16x8_s (local.get $one) (local.get $weights))
          (i32x4.dot_i16x8_s (local.get $other) (local.get $weights))))
      (i32.const 17)))

  ;; One colour difference of eight squares, as bytes, twice.
  (func $eight (param $a v128) (param $b v128) (param $c v128) (param $d v128) (param $weights v128) (result v128)
    (local $numbers v128)
    (local.set $numbers (i16x8.narrow_i32x4_s
      (call $chroma (local.get $a) (local.get $b) (local.get $weights))
      (call $chroma (local.get $c) (local.get $d) (local.get $weights))))
    (i8x16.narrow_i16x8_u (local.get $numbers) (local.get $numbers)))

  ;; $width is in pixels, a multiple of 16; $height one of 2. The rest are addresses: of the weights (three times eight
  ;; 16-bit numbers), of the pixels, and of the three planes to write.
  (func (export "convert")
    (param $width i32) (param $height i32)
    (param $weights i32) (param $pixels i32) (param $y i32) (param $u i32) (param $v i32)
    (local $column i32) (local $below i32)
    (local $forY v128) (local $forU v128) (local $forV v128)
    (local $a v128) (local $b v128) (local $c v128) (local $d v128)
    (local.set $forY (v128.load (local.get $weights)))
    (local.set $forU (v128.load offset=16 (local.get $weights)))
    (local.set $forV (v128.load offset=32 (local.get $weights)))
    (loop $rows
      (local.set $column (i32.const 0))
      (loop $columns
        (local.set $below (i32.add (local.get $pixels) (i32.shl (local.get $width) (i32.const 2))))
        (v128.store (local.get $y) (call $row (local.get $pixels) (local.get $forY)))
        (v128.store (i32.add (local.get $y) (local.get $width)) (call $row (local.get $below) (local.get $forY)))
        (local.set $a (call $squares (v128.load (local.get $pixels)) (v128.load (local.get $below))))
        (local.set $b (call $squares (v128.load offset=16 (local.get $pixels)) (v128.load offset=16 (local.get $below))))
        (local.set $c (call $squares (v128.load offset=32 (local.get $pixels)) (v128.load offset=32 (local.get $below))))
        (local.set $d (call $squares (v128.load offset=48 (local.get $pixels)) (v128.load offset=48 (local.get $below))))
        (v128.store64_lane 0 (local.get $u)
          (call $eight (local.get $a) (local.get $b) (local.get $c) (local.get $d) (local.get $forU)))
        (v128.store64_lane 0 (local.get $v)
          (call $eight (local.get $a) (local.get $b) (local.get $c) (local.get $d) (local.get $forV)))
        (local.set $pixels (i32.add (local.get $pixels) (i32.const 64)))
        (local.set $y (i32.add (local.get $y) (i32.const 16)))
        (local.set $u (i32.add (local.get $u) (i32.const 8)))
        (local.set $v (i32.add (local.get $v) (i32.const 8)))
        (local.set $column (i32.add (local.get $column) (i32.const 16)))
        (br_if $columns (i32.lt_u (local.get $column) (local.get $width))))
      ;; Two rows at a time: the second one is done already.
      (local.set $pixels (i32.add (local.get $pixels) (i32.shl (local.get $width) (i32.const 2))))
      (local.set $y (i32.add (local.get $y) (local.get $width)))
      (local.set $height (i32.sub (local.get $height) (i32.const 2)))
      (br_if $rows (local.get $height)))))

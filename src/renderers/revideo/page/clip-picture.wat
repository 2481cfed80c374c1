;; Brightness and two colour differences into red, green, blue and alpha, sixteen pixels of a row at a time. What it
;; computes, and why, is in clip-picture.ts; test/unit/revideo/clip-picture.test.ts compares it with the same written plainly.
;;
;; Numbers are 16 bits wide: bytes are shifted left by 7, multiplied by a quarter of a weight in 1/32768, which leaves
;; 1/32, summed, rounded, and shifted right by 5.
(module
  (memory (export "memory") 1)

  ;; Eight bytes of a colour difference, around 0.
  (func $difference (param $at i32) (result v128)
    (i16x8.shl
      (i16x8.sub (i16x8.extend_low_i8x16_u (v128.load64_zero (local.get $at))) (i16x8.splat (i32.const 128)))
      (i32.const 7)))

  ;; Eight pixels' brightness, weighed, with a half to round.
  (func $brightness (param $bytes v128) (param $black v128) (param $weight v128) (result v128)
    (i16x8.add (i16x8.splat (i32.const 16))
      (i16x8.q15mulr_sat_s
        (i16x8.shl (i16x8.sub (local.get $bytes) (local.get $black)) (i32.const 7))
        (local.get $weight))))

  ;; Sixteen bytes of one colour: each of eight differences stands for two neighbouring pixels.
  (func $colour (param $left v128) (param $right v128) (param $difference v128) (result v128)
    (i8x16.narrow_i16x8_u
      (i16x8.shr_s
        (i16x8.add (local.get $left)
          (i8x16.shuffle 0 1 0 1 2 3 2 3 4 5 4 5 6 7 6 7 (local.get $difference) (local.get $difference)))
        (i32.const 5))
      (i16x8.shr_s
        (i16x8.add (local.get $right)
          (i8x16.shuffle 8 9 8 9 10 11 10 11 12 13 12 13 14 15 14 15 (local.get $difference) (local.get $difference)))
        (i32.const 5))))

  ;; $width and $height are in pixels. The rest are addresses: of the weights (six 16-bit numbers: black, brightness, red
  ;; of V, green of U, green of V, blue of U), of the pixels to write, and of the three planes, without gaps between rows.
  ;; Up to 64 bytes behind each are read or written as well; those within the picture are written again by the next row.
  (func (export "convert")
    (param $width i32) (param $height i32)
    (param $weights i32) (param $pixels i32) (param $y i32) (param $u i32) (param $v i32)
    (local $row i32) (local $column i32) (local $half i32) (local $atY i32) (local $atU i32) (local $atV i32) (local $at i32)
    (local $black v128) (local $forY v128) (local $redOfV v128) (local $greenOfU v128) (local $greenOfV v128)
    (local $blueOfU v128) (local $differenceU v128) (local $differenceV v128) (local $left v128) (local $right v128)
    (local $red v128) (local $green v128) (local $blue v128) (local $opaque v128) (local $one v128) (local $other v128)
    (local.set $black (v128.load16_splat (local.get $weights)))
    (local.set $forY (v128.load16_splat offset=2 (local.get $weights)))
    (local.set $redOfV (v128.load16_splat offset=4 (local.get $weights)))
    (local.set $greenOfU (v128.load16_splat offset=6 (local.get $weights)))
    (local.set $greenOfV (v128.load16_splat offset=8 (local.get $weights)))
    (local.set $blueOfU (v128.load16_splat offset=10 (local.get $weights)))
    (local.set $opaque (i8x16.splat (i32.const 255)))
    (local.set $half (i32.shr_u (i32.add (local.get $width) (i32.const 1)) (i32.const 1)))
    (loop $rows
      (local.set $atY (i32.add (local.get $y) (i32.mul (local.get $row) (local.get $width))))
      (local.set $column (i32.mul (i32.shr_u (local.get $row) (i32.const 1)) (local.get $half)))
      (local.set $atU (i32.add (local.get $u) (local.get $column)))
      (local.set $atV (i32.add (local.get $v) (local.get $column)))
      (local.set $at (i32.add (local.get $pixels) (i32.shl (i32.mul (local.get $row) (local.get $width)) (i32.const 2))))
      (local.set $column (i32.const 0))
      (loop $columns
        (local.set $differenceU (call $difference (local.get $atU)))
        (local.set $differenceV (call $difference (local.get $atV)))
        (local.set $one (v128.load (local.get $atY)))
        (local.set $left (call $brightness
          (i16x8.extend_low_i8x16_u (local.get $one)) (local.get $black) (local.get $forY)))
        (local.set $right (call $brightness
          (i16x8.extend_high_i8x16_u (local.get $one)) (local.get $black) (local.get $forY)))
        (local.set $red (call $colour (local.get $left) (local.get $right)
          (i16x8.q15mulr_sat_s (local.get $differenceV) (local.get $redOfV))))
        (local.set $green (call $colour (local.get $left) (local.get $right)
          (i16x8.add
            (i16x8.q15mulr_sat_s (local.get $differenceU) (local.get $greenOfU))
            (i16x8.q15mulr_sat_s (local.get $differenceV) (local.get $greenOfV)))))
        (local.set $blue (call $colour (local.get $left) (local.get $right)
          (i16x8.q15mulr_sat_s (local.get $differenceU) (local.get $blueOfU))))
        ;; Pairs of red and green, pairs of blue and alpha; then the pairs in turns.
        (local.set $one
          (i8x16.shuffle 0 16 1 17 2 18 3 19 4 20 5 21 6 22 7 23 (local.get $red) (local.get $green)))
        (local.set $other
          (i8x16.shuffle 0 16 1 17 2 18 3 19 4 20 5 21 6 22 7 23 (local.get $blue) (local.get $opaque)))
        (v128.store (local.get $at)
          (i8x16.shuffle 0 1 16 17 2 3 18 19 4 5 20 21 6 7 22 23 (local.get $one) (local.get $other)))
        (v128.store offset=16 (local.get $at)
          (i8x16.shuffle 8 9 24 25 10 11 26 27 12 13 28 29 14 15 30 31 (local.get $one) (local.get $other)))
        (local.set $one
          (i8x16.shuffle 8 24 9 25 10 26 11 27 12 28 13 29 14 30 15 31 (local.get $red) (local.get $green)))
        (local.set $other
          (i8x16.shuffle 8 24 9 25 10 26 11 27 12 28 13 29 14 30 15 31 (local.get $blue) (local.get $opaque)))
        (v128.store offset=32 (local.get $at)
          (i8x16.shuffle 0 1 16 17 2 3 18 19 4 5 20 21 6 7 22 23 (local.get $one) (local.get $other)))
        (v128.store offset=48 (local.get $at)
          (i8x16.shuffle 8 9 24 25 10 11 26 27 12 13 28 29 14 15 30 31 (local.get $one) (local.get $other)))
        (local.set $atY (i32.add (local.get $atY) (i32.const 16)))
        (local.set $atU (i32.add (local.get $atU) (i32.const 8)))
        (local.set $atV (i32.add (local.get $atV) (i32.const 8)))
        (local.set $at (i32.add (local.get $at) (i32.const 64)))
        (local.set $column (i32.add (local.get $column) (i32.const 16)))
        (br_if $columns (i32.lt_u (local.get $column) (local.get $width))))
      (local.set $row (i32.add (local.get $row) (i32.const 1)))
      (br_if $rows (i32.lt_u (local.get $row) (local.get $height))))))

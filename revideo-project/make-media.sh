#!/bin/sh
# Makes public/clip.mp4 and public/music.mp3 from formulas alone, so both are free to use and to change.
# Takes a minute or two. Any ffmpeg with libx264 and libmp3lame will do: FFMPEG_PATH=/path/to/ffmpeg ./make-media.sh
set -eu
cd "$(dirname "$0")/public"
ffmpeg=${FFMPEG_PATH:-ffmpeg}

# --- clip.mp4: four lights in flowing silk, 12 s; every motion turns whole rounds, so it loops without a jump.

# Variables of geq: 0 is the angle of the round, 1 and 2 are the point. 3 and 4 are the same point after the
# silk has moved it.
silk='st(0,2*PI*T/12);st(1,1.78*X/W);st(2,Y/H);
st(3,ld(1)+0.16*sin(4.1*ld(2)+ld(0))+0.07*sin(7*ld(2)-3*ld(1)-2*ld(0)));
st(4,ld(2)+0.13*sin(3.3*ld(1)-ld(0)+1)+0.06*sin(6*ld(1)+4*ld(2)+2*ld(0)))'
folds='(0.8+0.2*sin(11*(ld(3)+0.7*ld(4))+ld(0)))'

light() { # x y size
  echo "exp(-(pow(ld(3)-($1),2)+pow(ld(4)-($2),2))/$3)"
}
violet=$(light '0.35+0.25*cos(ld(0))' '0.75+0.2*sin(ld(0))' 0.22)
teal=$(light '1.45+0.2*sin(ld(0)+2)' '0.85+0.2*cos(ld(0))' 0.16)
peach=$(light '1.25+0.3*cos(ld(0)+4)' '0.02+0.12*sin(ld(0)+1)' 0.09)
azure=$(light '0.6+0.3*sin(ld(0)+1)' '0.1+0.15*cos(ld(0)+3)' 0.2)

channel() { # night violet teal peach azure: how much of each is in this channel
  echo "$silk;1023*(1-exp(-($1+$folds*($2*$violet+$3*$teal+$4*$peach+$5*$azure))/200))"
}
red=$(channel 14 130 12 260 30)
green=$(channel 16 36 140 110 62)
blue=$(channel 44 180 150 105 180)

# Drawn small and in 10 bits, then enlarged: fast, and without bands. One filter thread, because the threads of
# older geq filters share their variables; one x264 thread, because the number of threads shows in the bytes.
"$ffmpeg" -y -loglevel error -f lavfi -i color=black:s=256x144:r=30:d=12 -filter_threads 1 \
  -vf "format=gbrp10,geq=r='$red':g='$green':b='$blue',scale=1280:720:flags=bicubic:out_color_matrix=bt709,format=yuv420p" \
  -c:v libx264 -preset slow -crf 19 -g 60 -x264-params aq-mode=3 -threads 1 \
  -colorspace bt709 -color_primaries bt709 -color_trc bt709 -color_range tv \
  -fflags +bitexact -flags:v +bitexact -movflags +faststart clip.mp4

# --- music.mp3: F, G, Am, C, 2.5 s each: a soft pad, and above it a harp of eighth notes.

pitch() { # MIDI note -> angular frequency
  echo "2*PI*440*exp(0.0577622650*($1-69))"
}
left=0 right=0 start=0
for chord in '41 57 60 64 67' '43 59 62 64 67' '45 60 64 67 71' '48 60 64 67 71'; do
  swell="clip((t-$start)/0.5,0,1)*clip(($start+3.1-t)/0.8,0,1)"
  pad_left=0 pad_right=0
  for note in $chord; do
    pad_left="$pad_left+sin($(pitch "$note-0.04")*t)"
    pad_right="$pad_right+sin($(pitch "$note+0.04")*t)"
  done
  left="$left+0.05*$swell*($pad_left)"
  right="$right+0.05*$swell*($pad_right)"

  set -- $chord
  step=0
  for note in $2 $3 $4 $5 $2+12 $5 $4 $3; do
    at="(t-$start-$step*0.3125)"
    pluck="gte($at,0)*min($at*200,1)*exp(-3.5*abs($at))*(sin($(pitch "$note+12")*$at)+0.25*sin(2*$(pitch "$note+12")*$at))"
    if [ $((step % 2)) = 0 ]; then near=0.10 far=0.05; else near=0.05 far=0.10; fi
    left="$left+$near*$pluck"
    right="$right+$far*$pluck"
    step=$((step + 1))
  done
  start=$start+2.5
done

"$ffmpeg" -y -loglevel error -f lavfi -i "aevalsrc='$left|$right':c=stereo:s=48000:d=10.2" \
  -af "aecho=0.8:0.8:190|310:0.3|0.2,lowpass=f=6000,volume=2dB,afade=t=in:d=0.3,afade=t=out:st=8.4:d=1.7" \
  -c:a libmp3lame -b:a 128k -fflags +bitexact -flags:a +bitexact music.mp3

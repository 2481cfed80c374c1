import {faults} from './support/faults.ts';
import {DIE} from './support/tools.ts';

faults('ffmpeg', [
  {
    name: 'killed while it makes the sound',
    arrange: ({tools}) => tools.ffmpeg({matching: '*.wav*', does: DIE}),
    expect: {film: {rendered: 3, retried: 0}, again: 0},
  },
  {
    name: 'killed while it encodes a chunk',
    arrange: ({tools}) => tools.ffmpeg({matching: '*/20-25.h264', does: DIE}),
    expect: {film: {rendered: 3, retried: 1}, again: 1},
  },
  {
    name: 'killed while it merges',
    arrange: ({tools}) => tools.ffmpeg({matching: '*/film.mp4', does: DIE}),
    expect: {film: {rendered: 3, retried: 0}, again: 0},
  },
]);

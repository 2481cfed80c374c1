import {faults} from './support/faults.ts';
import {DIE} from './support/tools.ts';

faults('ffmpeg', [
  {
    name: 'killed while it makes the sound',
    arrange: ({tools}) => tools.ffmpeg({matching: '*.wav*', does: DIE}),
    expect: {error: 'FfmpegFailed', afterwards: 'film'},
  },
  {
    name: 'killed while it merges',
    arrange: ({tools}) => tools.ffmpeg({matching: '*/film.mp4', does: DIE}),
    expect: {error: 'FfmpegFailed', afterwards: 'film'},
  },
]);

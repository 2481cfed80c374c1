import {fileURLToPath} from 'node:url';
import {faults} from './support/faults.ts';

/** The deployed entry, in a process for which some files lie on a disk that is full. */
const entry = fileURLToPath(new URL('./entries/full-disk.ts', import.meta.url));
const fullFor = (files: string) => ({entry, environment: {FULL_DISK: files}});

faults('disk', [
  {
    name: "full under a worker's chunk",
    stage: fullFor('/15-30\\.h264$'),
    // In this quality it is not ffmpeg that writes it.
    event: {quality: 'cheapest'},
    expect: {error: 'DiskFailed', afterwards: 'DiskFailed', again: 0},
  },
  {
    name: 'full when a chunk is fetched',
    stage: fullFor('/chunk-1\\.h264$'),
    expect: {error: 'DiskFailed', afterwards: 'DiskFailed', again: 0},
  },
  {
    name: 'full when chunks are joined',
    stage: fullFor('/joined\\.h264$'),
    expect: {error: 'DiskFailed', afterwards: 'DiskFailed', again: 0},
  },
  {
    // ulimit counts blocks of 512 bytes, and a second of sound has 375. Ignored, the signal becomes an error of the
    // write, as on a full disk. Not around the browser: its shared memory counts too.
    name: 'has no room for the sound (RLIMIT_FSIZE)',
    arrange: ({tools}) => tools.ffmpeg({matching: '*.wav*', does: "trap '' XFSZ; ulimit -f 100"}),
    expect: {error: 'FfmpegFailed', afterwards: 'film'},
  },
  {
    name: 'has no room for the film (RLIMIT_FSIZE)',
    arrange: ({tools}) => tools.ffmpeg({matching: '*/film.mp4', does: "trap '' XFSZ; ulimit -f 8"}),
    expect: {error: 'FfmpegFailed', afterwards: 'film', again: 0},
  },
]);

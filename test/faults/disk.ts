import {fileURLToPath} from 'node:url';
import {faults} from './support/faults.ts';

/** The deployed entry, in a process for which some files lie on a disk that is full. */
const entry = fileURLToPath(new URL('./entries/full-disk.ts', import.meta.url));
const fullFor = (files: string) => ({entry, environment: {FULL_DISK: files}});

faults('disk', [
  {
    name: "full under a worker's chunk",
    stage: fullFor('/15-30\\.h264$'),
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
    // ulimit counts blocks of 512 bytes: enough for a chunk and a browser's profile, not for a second of sound.
    // Ignored, the signal becomes an error of the write, as on a full disk; node and ffmpeg inherit that.
    name: 'has no room for the sound (RLIMIT_FSIZE)',
    stage: {beforeRuntime: "trap '' XFSZ\nulimit -f 256"},
    expect: {error: 'FfmpegFailed', afterwards: 'FfmpegFailed'},
  },
]);

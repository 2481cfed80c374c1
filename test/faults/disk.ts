import {fileURLToPath} from 'node:url';
import {faults} from './support/faults.ts';

/** The deployed entry, in a process for which some files lie on a disk that is full. */
const entry = fileURLToPath(new URL('./entries/full-disk.ts', import.meta.url));
const fullFor = (files: string) => ({entry, environment: {FULL_DISK: files}});

faults('disk', [
  {
    name: "full under a worker's segment",
    stage: fullFor('/20-25\\.h264$'),
    // In this quality it is not ffmpeg that writes it.
    event: {quality: 'cheapest'},
    expect: {error: 'DiskFailed', afterwards: 'DiskFailed'},
  },
  {
    name: 'full when a chunk is packed',
    stage: fullFor('/15-30\\.pack$'),
    expect: {error: 'DiskFailed', afterwards: 'DiskFailed'},
  },
  {
    name: 'full when a chunk is fetched',
    stage: fullFor('/15-30-[^/]*\\.h264$'),
    expect: {error: 'DiskFailed', afterwards: 'DiskFailed'},
  },
  {
    name: 'full when chunks are joined',
    stage: fullFor('/joined\\.h264$'),
    expect: {error: 'DiskFailed', afterwards: 'DiskFailed'},
  },
  {
    name: 'full when the sound is made',
    stage: fullFor('/soundtrack\\.wav$'),
    expect: {error: 'DiskFailed', afterwards: 'DiskFailed'},
  },
  {
    // ulimit counts blocks of 512 bytes. Ignored, the signal becomes an error of the write, as on a full disk. Not
    // around the whole function: a browser's shared memory counts too.
    name: 'has no room for the film (RLIMIT_FSIZE)',
    arrange: ({tools}) =>
      tools.ffmpeg({matching: '*/film.mp4', does: "trap '' XFSZ; ulimit -f 8", each: true}),
    expect: {error: 'DiskFailed', afterwards: 'film', again: 0},
  },
]);

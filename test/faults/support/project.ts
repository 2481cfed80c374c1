import {ffmpeg} from '../../support/media.ts';
import {makePublicFiles} from '../../support/project-media.ts';

const source = ['-f', 'lavfi', '-i'];
const clip = [...source, 'testsrc=size=160x90:rate=30:duration=2'];
const h264 = ['-c:v', 'libx264', '-g', '15', '-pix_fmt', 'yuv420p'];

/** Makes what test/projects/faults shows and plays, where it is not there yet. */
export const makeMedia = (): Promise<void> =>
  makePublicFiles('faults', {
    'tone.wav': (path) => ffmpeg(...source, 'aevalsrc=sin(880*PI*t*t)/2:duration=1.5', path),
    'clip.mp4': (path) => ffmpeg(...clip, ...h264, path),
  });

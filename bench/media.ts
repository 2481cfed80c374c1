import {mkdir, mkdtemp, rename, rm, stat} from 'node:fs/promises';
import {join} from 'node:path';
import {findFfmpeg, runFfmpeg} from '../src/media/ffmpeg.ts';

/** Seconds of media: a little more than the film. */
const SECONDS = 32;

/**
 * Makes the scene's clip and music on first use. The clip has 720p at about 8 Mbit/s, and every frame differs
 * from its neighbours, so that numbers show a wrong one. The music is three minor sevenths.
 */
export async function makeMedia(folder: string, signal: AbortSignal): Promise<void> {
  const clip = join(folder, 'clip.mp4');
  if (await stat(clip).catch(() => undefined)) return;
  await mkdir(folder, {recursive: true});
  const making = await mkdtemp(join(folder, '.making-'));
  const ffmpeg = await findFfmpeg();
  const source = (filter: string) => ['-f', 'lavfi', '-i', filter];
  const picture = [
    '-vf',
    `crop=1280:720:mod(n*13\\,640):mod(n*7\\,360),noise=alls=9:allf=t`,
    '-pix_fmt',
    'yuv420p',
  ];
  const encoder = ['-c:v', 'libx264', '-preset', 'veryfast', '-g', '60'];
  const rate = ['-b:v', '8M', '-maxrate', '8M', '-bufsize', '8M'];
  const chord = 'sin(2*PI*220*t)*0.2+sin(2*PI*262*t)*0.2+sin(2*PI*392*t)*0.1';
  try {
    const film = join(making, 'clip.mp4');
    const music = join(making, 'music.mp3');
    const what = 'making the media of the benchmark';
    const pattern = source(`testsrc2=s=1920x1080:r=30:d=${SECONDS}`);
    await runFfmpeg([...pattern, ...picture, ...encoder, ...rate, film], {ffmpeg, what, signal});
    const sound = source(`aevalsrc=${chord}|${chord}:s=48000:d=${SECONDS}`);
    await runFfmpeg([...sound, '-c:a', 'libmp3lame', '-b:a', '192k', music], {ffmpeg, what, signal});
    await rename(music, join(folder, 'music.mp3'));
    await rename(film, clip);
  } finally {
    await rm(making, {recursive: true, force: true});
  }
}

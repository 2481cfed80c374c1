import type {TestProject} from 'vitest/node';
import {ffmpeg} from '../../support/media.ts';
import {makePublicFiles} from '../../support/project-media.ts';
import {type Film, readFilm} from './film.ts';
import {type JobRequest, openScene, type Wishes} from './scene.ts';
import {startStage} from './stage.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Films that nothing disturbed: by the number of their chunks, and one with a clip. */
    films: Record<string, Film>;
  }
}

/** Renders what every row is compared with, before the first of them. */
export async function setup({provide}: TestProject): Promise<void> {
  const source = ['-f', 'lavfi', '-i'];
  await makePublicFiles('faults', {
    'tone.wav': (path) => ffmpeg(...source, 'aevalsrc=sin(880*PI*t*t)/2:duration=1.5', path),
    'clip.mp4': (path) =>
      ffmpeg(
        ...source,
        'testsrc=size=160x90:rate=30:duration=2',
        '-c:v',
        'libx264',
        '-g',
        '15',
        '-pix_fmt',
        'yuv420p',
        path,
      ),
  });
  const stage = await startStage({concurrency: 3});
  try {
    const films: Record<string, Film> = {};
    const wishes: Record<string, Wishes> = {3: {}, 10: {}, clip: {clip: '/clip.mp4'}};
    for (const [kind, wish] of Object.entries(wishes)) {
      const numWorkers = Number(kind) || 3;
      const variables = {wishes: wish};
      const event: JobRequest = {
        jobType: 'fullRender',
        jobId: `undisturbed-${kind}`,
        numWorkers,
        frameHashes: true,
        quality: 'balanced',
        variables,
      };
      const {result, error} = await openScene(stage, event).send();
      if (error) throw new Error(`${error.errorType}: ${error.errorMessage}`);
      films[kind] = await readFilm(stage.bucket.direct, result);
    }
    provide('films', films);
  } finally {
    await stage.close();
  }
}

import type {TestProject} from 'vitest/node';
import {type Film, readFilm} from './film.ts';
import {makeMedia} from './project.ts';
import {type JobRequest, openScene, type Wishes} from './scene.ts';
import {startStage} from './stage.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Films that nothing disturbed, without and with a clip: the same for any number of chunks. */
    films: Record<string, Film>;
  }
}

/** Renders what every row is compared with, before the first of them. */
export async function setup({provide}: TestProject): Promise<void> {
  await makeMedia();
  const stage = await startStage({concurrency: 3});
  try {
    const films: Record<string, Film> = {};
    const wishes: Record<string, Wishes> = {shapes: {}, clip: {clip: '/clip.mp4'}};
    for (const [kind, wish] of Object.entries(wishes)) {
      const variables = {wishes: wish};
      const event: JobRequest = {
        jobType: 'fullRender',
        jobId: `undisturbed-${kind}`,
        numWorkers: 3,
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

import {mkdtemp, rm} from 'node:fs/promises';
import {join} from 'node:path';
import {mp4} from '../../src/media/formats/formats.ts';
import {mergeFilm} from '../../src/media/join/merge.ts';
import {makeSoundtrack} from '../../src/media/sound/soundtrack.ts';
import {verifyFilm} from '../../src/media/verify-film.ts';
import {revideoRenderer} from '../../src/renderers/revideo/renderer.ts';
import {lap} from './lap.ts';

/** A film whose chunks are all the same one. */
export interface SameChunkFilm {
  variables: Record<string, unknown>;
  path: string;
  /** Frames of the chunk. */
  frames: number;
}

/** Seconds by the wall clock of what the first invocation does itself, and the film's length. */
export interface OwnSeconds {
  frames: number;
  plan: number;
  sound: number;
  merge: number;
}

/**
 * The first invocation's own work, for one film after the other. It counts the film, mixes its sound, joins
 * it from one repeated chunk, and checks it. It prints `lap` after a first plan that starts everything, and
 * after each of the three.
 */
const [cache = '', bundle = '', work = '', films = '[]'] = process.argv.slice(2);
const renderer = revideoRenderer({project: '', bundle, cache});
const {signal} = new AbortController();
const results: OwnSeconds[] = [];

try {
  const all = JSON.parse(films) as SameChunkFilm[];
  await lap(() => renderer.plan(all[0]?.variables ?? {}, {directory: work, signal}));
  for (const {variables, path, frames} of all) {
    const directory = await mkdtemp(join(work, 'film-'));
    const plan = await lap(() => renderer.plan(variables, {directory, signal}));
    // A whole number of chunks: at most one chunk less than the project has.
    const count = Math.floor(plan.result.frames / frames);
    const timeline = {...plan.result, frames: count * frames};
    const locate = (src: string) => renderer.locate(src);
    const sound = await lap(() => makeSoundtrack({...timeline, locate, directory, signal}));
    const merge = await lap(async () => {
      const chunks = Array.from({length: count}, () => ({path, frames}));
      const soundtrack = sound.result.silent ? undefined : sound.result.path;
      const film = await mergeFilm({chunks, soundtrack, timeline, format: mp4, directory, signal});
      await verifyFilm({path: film, timeline, sound: Boolean(soundtrack)});
    });
    results.push({
      frames: timeline.frames,
      plan: plan.seconds,
      sound: sound.seconds,
      merge: merge.seconds,
    });
    await rm(directory, {recursive: true});
  }
  console.log(JSON.stringify(results));
} finally {
  await renderer.close();
}

import {readdirSync} from 'node:fs';
import {join} from 'node:path';
import {afterEach, beforeEach, expect} from 'vitest';
import type {JobOptions, JobTools} from '../../src/job/job-tools.ts';
import {renderJob} from '../../src/job/render-job.ts';
import type {FullRender} from '../../src/model/event.ts';
import type {ChunkFile} from '../../src/model/timeline.ts';
import {writeReport} from '../../src/observers/report/write-report.ts';
import type {Renderer} from '../../src/renderers/renderer.ts';
import {directoryStorage} from '../../src/storage/directory/directory.ts';
import type {Storage} from '../../src/storage/storage.ts';
import {framesOf} from '../support/film.ts';
import {ownTemporaryDirectory, scratch} from '../support/processes.ts';
import {filmEvent, inProcess, testPicture} from '../support/test-picture.ts';

/** A new one for each test. */
export let temporary = '';
export let storage: Storage;
/** Chunks that were drawn, as `start-end`. */
export let drawn: string[] = [];
beforeEach(() => {
  temporary = ownTemporaryDirectory();
  storage = directoryStorage({root: scratch()});
  drawn = [];
});
// Whatever came of it.
afterEach(() => expect(readdirSync(temporary)).toEqual([]));

/** Notes which chunks are drawn. */
export function watched(change: (file: ChunkFile, times: number) => ChunkFile = (file) => file): Renderer {
  const real = testPicture();
  return {
    ...real,
    async renderChunk(chunk, options) {
      const name = `${chunk.start}-${chunk.end}`;
      drawn.push(name);
      const file = await real.renderChunk(chunk, options);
      return change(file, drawn.filter((other) => other === name).length);
    },
  };
}

/** Sends a request. */
export function send(
  request: Partial<FullRender> = {},
  tools: Partial<JobTools> = {},
  options: Partial<JobOptions> = {},
) {
  const renderer = tools.renderer ?? watched();
  const all = {renderer, storage, engine: inProcess({renderer, storage}), writeReport, ...tools};
  return renderJob(filmEvent(request), all, {signal: new AbortController().signal, ...options});
}

export const film = () => framesOf(join(storage.bucket, 'renders/film.mp4'));
export const filmKeys = async () => (await storage.list('renders/')).map(({key}) => key);

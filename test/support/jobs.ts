import {readdirSync} from 'node:fs';
import {join} from 'node:path';
import {afterEach, beforeEach, expect} from 'vitest';
import type {JobContext} from '../../src/job/context.ts';
import type {JobPolicy} from '../../src/job/policy.ts';
import type {JobPorts} from '../../src/job/ports.ts';
import {renderJob} from '../../src/job/render-job.ts';
import {ffmpegMedia} from '../../src/media/media.ts';
import type {FullRender} from '../../src/model/event.ts';
import type {SegmentFile} from '../../src/model/segment-file.ts';
import {writeReport} from '../../src/observers/report/write-report.ts';
import type {Renderer, SegmentOrder} from '../../src/renderers/renderer.ts';
import {directoryStorage} from '../../src/storage/directory/directory.ts';
import {listAll} from '../../src/storage/list-all.ts';
import type {Storage} from '../../src/storage/storage.ts';
import {framesOf} from './film.ts';
import {ownTemporaryDirectory, scratch} from './processes.ts';
import {filmEvent, inProcess, testPicture} from './test-picture.ts';

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

/** Which segments are drawn, for the how manieth time. */
interface Drawing {
  order: SegmentOrder;
  times: number;
}

/** Notes which chunks are drawn. */
export function watched(
  change: (file: SegmentFile, drawing: Drawing) => SegmentFile = (file) => file,
): Renderer {
  const real = testPicture();
  return {
    ...real,
    async *render(order, options) {
      const name = `${order.start}-${order.end}`;
      drawn.push(name);
      const times = drawn.filter((other) => other === name).length;
      for await (const file of real.render(order, options)) yield change(file, {times, order});
    },
  };
}

/** Sends a request. */
export function send(
  request: Partial<FullRender> = {},
  tools: Partial<JobPorts & JobPolicy> = {},
  options: Partial<JobContext> = {},
) {
  const renderer = tools.renderer ?? watched();
  const all = {
    renderer,
    storage,
    engine: inProcess({renderer, storage}),
    media: ffmpegMedia,
    writeReport,
    ...tools,
  };
  return renderJob(filmEvent(request), all, tools, {signal: new AbortController().signal, ...options});
}

export const film = () => framesOf(join(storage.bucket, 'renders/film.mp4'));
export const filmKeys = async () => (await listAll('renders/', {storage})).map(({key}) => key);

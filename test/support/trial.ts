import {readdirSync} from 'node:fs';
import {afterEach, beforeEach, expect} from 'vitest';
import {renderJob} from '../../src/job/render-job.ts';
import {ffmpegMedia} from '../../src/media/media.ts';
import type {FullRender} from '../../src/model/event.ts';
import type {JobEvent} from '../../src/model/job-events.ts';
import type {FullResult} from '../../src/model/result.ts';
import {writeReport} from '../../src/observers/report/write-report.ts';
import type {Renderer} from '../../src/renderers/renderer.ts';
import {directoryStorage} from '../../src/storage/directory/directory.ts';
import {listAll} from '../../src/storage/list-all.ts';
import type {Storage} from '../../src/storage/storage.ts';
import {outlivesJob} from './outlives.ts';
import {ownTemporaryDirectory, scratch} from './processes.ts';
import {filmEvent, inProcess, testPicture} from './test-picture.ts';

/** A request, and what its job works with. */
export interface Trial extends Partial<FullRender> {
  renderer?: Renderer;
  /** Puts something between the job and its directory. */
  storage?: (real: Storage) => Storage;
  signal?: AbortSignal;
  onEvent?: (event: JobEvent) => void;
}

let temporary = '';
beforeEach(() => {
  temporary = ownTemporaryDirectory();
});
// Whatever came of it.
afterEach(() => expect(readdirSync(temporary)).toEqual([]));

/** Renders into a directory of its own, and says what is in it afterwards. */
export async function render({
  renderer = testPicture(),
  storage: wrap,
  signal,
  onEvent,
  ...request
}: Trial = {}) {
  const real = directoryStorage({root: scratch()});
  const storage = wrap?.(real) ?? real;
  const tools = {
    renderer,
    storage,
    media: ffmpegMedia,
    engine: inProcess({renderer, storage}),
    onEvent,
    writeReport,
  };
  const options = {signal: signal ?? new AbortController().signal};
  const outcome = await renderJob(filmEvent(request), tools, {}, options).then(
    (result) => ({result: result as FullResult, error: undefined}),
    (error: Error) => ({result: undefined, error}),
  );
  const all = (await listAll('', {storage: real})).map(({key}) => key);
  const keys = all.filter((key) => !outlivesJob(key));
  return {...outcome, keys, storage: real};
}

/** A storage whose `put` is another for keys that start with `prefix`. */
export const putting =
  (prefix: string, put: (real: Storage, ...args: Parameters<Storage['put']>) => Promise<void>) =>
  (real: Storage): Storage => ({
    ...real,
    put: (key, ...rest) => (key.startsWith(prefix) ? put(real, key, ...rest) : real.put(key, ...rest)),
  });

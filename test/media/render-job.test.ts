import {readdirSync} from 'node:fs';
import {stat} from 'node:fs/promises';
import {join} from 'node:path';
import {Readable} from 'node:stream';
import {buffer, json} from 'node:stream/consumers';
import {fileURLToPath} from 'node:url';
import {afterEach, beforeEach, expect, test} from 'vitest';
import {RenderError} from '../../src/base/errors.ts';
import {renderJob} from '../../src/job/render-job.ts';
import {ffmpegMedia} from '../../src/media/media.ts';
import type {FullRender} from '../../src/model/event.ts';
import type {JobEvent} from '../../src/model/job-events.ts';
import {CONTENT, contentHash} from '../../src/model/keys.ts';
import {planChunks} from '../../src/model/plan.ts';
import {ENCODINGS, QUALITIES} from '../../src/model/quality.ts';
import type {FullResult} from '../../src/model/result.ts';
import {writeReport} from '../../src/observers/report/write-report.ts';
import type {Renderer} from '../../src/renderers/renderer.ts';
import {directoryStorage} from '../../src/storage/directory/directory.ts';
import {listAll} from '../../src/storage/list-all.ts';
import type {Storage} from '../../src/storage/storage.ts';
import {framesOf} from '../support/film.ts';
import {ffmpeg} from '../support/media.ts';
import {outlivesJob} from '../support/outlives.ts';
import {ownTemporaryDirectory, scratch} from '../support/processes.ts';
import {FRAMES, filmEvent, hashOf, inProcess, SIZE, testPicture} from '../support/test-picture.ts';

interface Trial extends Partial<FullRender> {
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
async function render({renderer = testPicture(), storage: wrap, signal, onEvent, ...request}: Trial = {}) {
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

test('makes one film of all chunks, says what it is, and leaves nothing else', async () => {
  const {result, keys, storage} = await render();
  expect(keys).toEqual(['renders/film.mp4']);
  const path = join(storage.bucket, 'renders/film.mp4');
  expect(result).toEqual({
    jobId: 'film',
    state: 'finished',
    resultUrl: expect.stringMatching(/^file:.*\/renders\/film\.mp4$/),
    bucket: storage.bucket,
    key: 'renders/film.mp4',
    frames: FRAMES,
    durationSeconds: FRAMES / 30,
    bytes: (await stat(path)).size,
    workers: 3,
    chunks: {rendered: 3, reused: 0, retried: 0, doubled: 0},
    handedOver: 0,
    drawnWith: 'Revideo 0.11.0',
    reportKey: 'jobs/film/report.html',
    seconds: {
      total: expect.any(Number),
      planning: expect.any(Number),
      rendering: expect.any(Number),
      merging: expect.any(Number),
      publishing: expect.any(Number),
    },
    warnings: [],
  });
  expect(fileURLToPath(result?.resultUrl ?? '')).toBe(path);
  expect(await framesOf(path)).toBe(FRAMES);
});

test.each([
  [1, 1],
  [FRAMES, FRAMES],
  [1000, FRAMES],
  [undefined, 1],
])('%s workers make the same film, in %i chunks', async (numWorkers, workers) => {
  const {result, storage} = await render({numWorkers});
  expect(result).toMatchObject({frames: FRAMES, workers});
  expect(await framesOf(join(storage.bucket, 'renders/film.mp4'))).toBe(FRAMES);
});

test('a job without a name gets one of its own', async () => {
  const [one, two] = [await render({jobId: undefined}), await render({jobId: undefined})];
  expect(one.keys).toEqual([`renders/${one.result?.jobId}.mp4`]);
  expect(one.result?.jobId).not.toBe(two.result?.jobId);
});

test("the hashes of all frames are kept in the film's order, where they are asked for", async () => {
  const {result, keys, storage} = await render({frameHashes: true, numWorkers: 4});
  expect(keys).toEqual(['jobs/film/frame-hashes.json', 'renders/film.mp4']);
  expect(result?.hashesKey).toBe('jobs/film/frame-hashes.json');
  const hashes = await json(await storage.get('jobs/film/frame-hashes.json'));
  expect(hashes).toEqual(Array.from({length: FRAMES}, (_, frame) => hashOf(frame)));
});

test.each([true, false])('a film in which nothing sounds, silentTrack %s', async (silentTrack) => {
  const {storage} = await render({silentTrack});
  const copied = ffmpeg('-i', join(storage.bucket, 'renders/film.mp4'), '-map', '0:a', '-f', 'null', '-');
  if (silentTrack) await copied;
  else await expect(copied).rejects.toThrow('matches no streams');
});

test.each(QUALITIES)('every chunk is encoded in the quality of the job: %s', async (quality) => {
  const asked: unknown[] = [];
  const drawn = testPicture();
  const renderer: Renderer = {
    ...drawn,
    renderChunk: (chunk, options) => {
      asked.push(chunk.encoding);
      return drawn.renderChunk(chunk, options);
    },
  };
  const {error} = await render({renderer, quality, numWorkers: 2});
  expect(error).toBeUndefined();
  expect(asked).toEqual([ENCODINGS[quality], ENCODINGS[quality]]);
});

test('a chunk is named by all that decides its pixels, and by nothing else', () => {
  const [one, ...others] = [
    {},
    {fingerprint: 'g'},
    {variables: {a: 1}},
    {variables: undefined},
    {encoding: ENCODINGS.balanced},
    {encoding: ENCODINGS.best},
    {frameHashes: true},
  ].map((change) =>
    contentHash({
      fingerprint: 'f',
      variables: {},
      encoding: ENCODINGS.cheapest,
      frameHashes: false,
      ...change,
    }),
  );
  expect(one).toMatch(CONTENT);
  expect(new Set([one, ...others]).size).toBe(7);
  const again = {fingerprint: 'f', variables: {}, encoding: ENCODINGS.cheapest, frameHashes: false};
  expect(contentHash(again)).toBe(one);
});

test('tells what it is at, in order', async () => {
  const events: JobEvent[] = [];
  const {result} = await render({onEvent: (event) => events.push(event)});
  const phases = events.filter(
    ({state}) => !['started', 'drawing', 'tried', 'done', 'sound'].includes(state),
  );
  expect(phases).toEqual([
    {state: 'planning', jobId: 'film'},
    {
      state: 'rendering',
      timeline: {frames: FRAMES, fps: 30, size: SIZE, sounds: [], revideo: '0.11.0'},
      chunks: planChunks(FRAMES, 3),
    },
    {state: 'merging'},
    {state: 'publishing'},
    {state: 'finished', result},
  ]);
  expect(events.filter(({state}) => state === 'done')).toHaveLength(3);
});

test('a film of the same name is replaced whole', async () => {
  const kept = directoryStorage({root: scratch()});
  await kept.put('renders/film.mp4', 'an older film');
  const {error} = await render({storage: () => kept});
  expect(error).toBeUndefined();
  expect(await framesOf(join(kept.bucket, 'renders/film.mp4'))).toBe(FRAMES);
});

/** A storage whose `put` is another for keys that start with `prefix`. */
const putting =
  (prefix: string, put: (real: Storage, ...args: Parameters<Storage['put']>) => Promise<void>) =>
  (real: Storage): Storage => ({
    ...real,
    put: (key, ...rest) => (key.startsWith(prefix) ? put(real, key, ...rest) : real.put(key, ...rest)),
  });

/** Writes only the first half of chunks. */
const halved = putting('chunks/', async (real, key, body) => {
  if (key.endsWith('.json')) return real.put(key, body);
  const whole = await buffer(Readable.from(body as Readable));
  await real.put(key, whole.subarray(0, whole.length / 2));
});
const refused = async () => {
  throw new RenderError('StorageRefused', 'no');
};
const oneLess = (asked: number) => asked - 1;

test.each<[string, Trial, string, RegExp]>([
  [
    'a chunk that is a frame short',
    {renderer: testPicture((asked) => ({drawn: oneLess(asked), said: oneLess(asked)}))},
    'ChunkMismatch',
    /^Job film, chunk \d of 3 \(frames \d+ to \d+\), attempt 3: .*[78] in all; [67] were drawn/,
  ],
  [
    'a chunk that is a frame short and says it is not',
    {renderer: testPicture((asked) => ({drawn: oneLess(asked), said: asked}))},
    'FilmMismatch',
    /expected 23 frames, found 20/,
  ],
  [
    'chunks that are cut in storage',
    {storage: halved},
    'ChunkMismatch',
    /attempt 3: .*\.h264".* says \d+ bytes/,
  ],
  [
    'chunks that cannot be stored',
    {storage: putting('chunks/', refused)},
    'StorageRefused',
    /^Job film, chunk/,
  ],
  ['a film that cannot be stored', {storage: putting('renders/', refused)}, 'StorageRefused', /^no$/],
  [
    'chunks that are gone',
    {storage: putting('chunks/', async () => {})},
    'ChunkMismatch',
    /^Job film, chunk \d of 3.*attempt 3: .*they are not in/,
  ],
])('%s: a named error, and nothing is left', async (_, trial, name, message) => {
  const {error, keys} = await render(trial);
  expect(error).toMatchObject({name, message: expect.stringMatching(message)});
  expect(keys).toEqual([]);
});

test('a storage that refuses is found out before anything is drawn', async () => {
  const renderer = {...testPicture(), fingerprint: () => Promise.reject(new Error('drawn'))};
  const {error} = await render({renderer, storage: (real) => ({...real, head: refused})});
  expect(error).toMatchObject({name: 'StorageRefused'});
});

test.each(['report.html', 'runs/0001/trace.json', 'progress.json'])(
  'a job whose %s cannot be written, or takes for ever, has its film all the same',
  async (record) => {
    const down = new RenderError('StorageUnavailable', 'S3 does not answer.');
    const ways: Parameters<typeof putting>[1][] = [
      async () => {
        throw down;
      },
      // As a request does that is never answered.
      (_, __, ___, options) =>
        new Promise((_resolve, reject) => {
          options?.signal?.addEventListener('abort', () => reject(options.signal?.reason));
        }),
    ];
    for (const way of ways) {
      const events: JobEvent[] = [];
      const storage = putting(`jobs/film/${record}`, way);
      const {result, error} = await render({storage, onEvent: (event) => void events.push(event)});
      expect(error).toBeUndefined();
      expect(result).toMatchObject({state: 'finished', frames: FRAMES});
      expect(result?.reportKey).toBe(record === 'report.html' ? undefined : 'jobs/film/report.html');
      const told = events.some(({state}) => state === 'unreported');
      expect(told).toBe(record !== 'progress.json');
    }
  },
);

test.each(['planning', 'rendering', 'started', 'drawing', 'done', 'merging', 'publishing'] as const)(
  'an abort while it is %s leaves nothing',
  async (state) => {
    const caller = new AbortController();
    const reason = new RenderError('Aborted', 'enough');
    const onEvent = (event: JobEvent) => event.state === state && caller.abort(reason);
    const {error, keys} = await render({signal: caller.signal, onEvent, frameHashes: true});
    expect(error).toMatchObject({name: 'Aborted'});
    expect(keys).toEqual([]);
  },
);

test('two jobs of the same content share their chunks', async () => {
  const storage = directoryStorage({root: scratch()});
  const one = await render({jobId: 'one', storage: () => storage});
  const two = await render({jobId: 'two', storage: () => storage});
  expect(one.result?.chunks).toMatchObject({rendered: 3, reused: 0});
  expect(two.result?.chunks).toMatchObject({rendered: 0, reused: 3});
});

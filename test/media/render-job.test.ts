import {stat} from 'node:fs/promises';
import {join} from 'node:path';
import {json} from 'node:stream/consumers';
import {fileURLToPath} from 'node:url';
import {expect, test} from 'vitest';
import type {JobEvent} from '../../src/model/job-events.ts';
import {CONTENT, contentHash} from '../../src/model/keys.ts';
import {planChunks} from '../../src/model/plan.ts';
import {ENCODINGS, QUALITIES} from '../../src/model/quality.ts';
import type {Renderer} from '../../src/renderers/renderer.ts';
import {directoryStorage} from '../../src/storage/directory/directory.ts';
import {framesOf} from '../support/film.ts';
import {ffmpeg} from '../support/media.ts';
import {scratch} from '../support/processes.ts';
import {everyFrame} from '../support/segments.ts';
import {FRAMES, hashOf, SIZE, testPicture} from '../support/test-picture.ts';
import {render} from '../support/trial.ts';

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
    segments: FRAMES,
    segmentsReused: 0,
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
    render: (order, options) => {
      asked.push(order.encoding);
      return drawn.render(order, options);
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
      timeline: {
        frames: FRAMES,
        segments: everyFrame(FRAMES),
        fps: 30,
        size: SIZE,
        sounds: [],
        revideo: '0.11.0',
      },
      chunks: planChunks(everyFrame(FRAMES), 3),
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

test('two jobs of the same content share their chunks', async () => {
  const storage = directoryStorage({root: scratch()});
  const one = await render({jobId: 'one', storage: () => storage});
  const two = await render({jobId: 'two', storage: () => storage});
  expect(one.result?.chunks).toMatchObject({rendered: 3, reused: 0});
  expect(two.result?.chunks).toMatchObject({rendered: 0, reused: 3});
});

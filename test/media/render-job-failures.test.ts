import {Readable} from 'node:stream';
import {buffer} from 'node:stream/consumers';
import {expect, test} from 'vitest';
import {RenderError} from '../../src/base/errors.ts';
import type {JobEvent} from '../../src/model/job-events.ts';
import {FRAMES, testPicture} from '../support/test-picture.ts';
import {putting, render, type Trial} from '../support/trial.ts';

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
    /^Job film, chunk \d of 3 \(frames \d+ to \d+\), attempt 3: .*1 in all; 0 were drawn/,
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
    /attempt 3: .*\.pack" in .* is not what was stored there/,
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
    /^Job film, chunk \d of 3.*attempt 3: .*is not what was stored there: nothing is there/,
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

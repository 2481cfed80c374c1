import {readdirSync} from 'node:fs';
import {join} from 'node:path';
import {json} from 'node:stream/consumers';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {cancelJob} from '../src/cancel-job.ts';
import type {Engine} from '../src/engines/engine.ts';
import {RenderError} from '../src/errors.ts';
import type {FullRender, FullResult} from '../src/event.ts';
import type {JobOptions, JobTools} from '../src/job-tools.ts';
import {runKey, variablesKey} from '../src/keys.ts';
import {renderJob} from '../src/render-job.ts';
import type {ChunkFile, Renderer} from '../src/renderer.ts';
import {directoryStorage} from '../src/storage/directory.ts';
import type {Storage} from '../src/storage/storage.ts';
import {framesOf} from './support/film.ts';
import {writeWav} from './support/media.ts';
import {ownTemporaryDirectory, scratch} from './support/processes.ts';
import {FRAMES, filmEvent, inProcess, SIZE, testPicture} from './support/test-picture.ts';

let temporary = '';
let storage: Storage;
let drawn: string[] = [];
beforeEach(() => {
  temporary = ownTemporaryDirectory();
  storage = directoryStorage({root: scratch()});
  drawn = [];
});
// Whatever came of it.
afterEach(() => expect(readdirSync(temporary)).toEqual([]));

/** Notes which chunks are drawn. */
function watched(change: (file: ChunkFile, times: number) => ChunkFile = (file) => file): Renderer {
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
function send(
  request: Partial<FullRender> = {},
  tools: Partial<JobTools> = {},
  options: Partial<JobOptions> = {},
) {
  const renderer = tools.renderer ?? watched();
  const all = {renderer, storage, engine: inProcess({renderer, storage}), ...tools};
  return renderJob(filmEvent(request), all, {signal: new AbortController().signal, ...options});
}

const film = () => framesOf(join(storage.bucket, 'renders/film.mp4'));
const filmKeys = async () => (await storage.list('renders/')).map(({key}) => key);

describe('the same jobId again', () => {
  it('gives the same result, and draws nothing', async () => {
    const first = await send();
    expect(drawn).toHaveLength(3);
    const again = await send();
    expect(again).toEqual(first);
    expect(drawn).toHaveLength(3);
  });

  it('with another request is refused; the difference is named, and no value of a variable is told', async () => {
    await send({variables: {message: 'a secret', kept: 1}});
    const other = {variables: {message: 'another secret', kept: 1}, numWorkers: 4, quality: 'best'} as const;
    const refusal = await send(other).catch((error: unknown) => error);
    expect(refusal).toMatchObject({
      name: 'JobConflict',
      retryable: false,
      message:
        'jobId film belongs to another request, which differs in numWorkers (3 then, 4 now), quality (cheapest then, best now), variables.message (another one now). Use another jobId.',
    });
    const renderer = {...watched(), fingerprint: async () => 'another project'};
    await expect(send({variables: {message: 'a secret', kept: 1}}, {renderer})).rejects.toThrow(
      'differs in project (another one now)',
    );
    const records = await Promise.all(
      (await storage.list('jobs/')).map(async ({key}) => JSON.stringify(await json(await storage.get(key)))),
    );
    expect(records.join()).not.toContain('secret');
  });

  it('at the same moment: one renders, both have the film', async () => {
    const [one, two] = await Promise.all([send(), send()]);
    expect(two).toEqual(one);
    expect(drawn.toSorted()).toEqual([...new Set(drawn)].toSorted());
    expect(await film()).toBe(FRAMES);
  });

  it('after a failure may ask for something else, and finds the chunks that are the same', async () => {
    const broken = watched((file) => {
      throw new RenderError('SceneFailed', `no ${file.frames}`);
    });
    await expect(send({}, {renderer: broken})).rejects.toMatchObject({name: 'SceneFailed'});
    expect(await filmKeys()).toEqual([]);
    expect(await send({numWorkers: 2})).toMatchObject({workers: 2, chunks: {rendered: 2}});
  });

  it('renders again what somebody has deleted, from the chunks that are there', async () => {
    await send();
    await storage.delete(['renders/film.mp4']);
    expect(await send()).toMatchObject({state: 'finished', chunks: {rendered: 0, reused: 3}});
    expect(await film()).toBe(FRAMES);
  });

  it('fails as the run failed that it waited for', async () => {
    const renderer = watched(() => {
      throw new RenderError('SceneFailed', 'the paint ran out');
    });
    const outcomes = await Promise.allSettled([send({}, {renderer}), send({}, {renderer})]);
    for (const outcome of outcomes)
      expect(outcome).toMatchObject({
        reason: {name: 'SceneFailed', message: expect.stringContaining('paint')},
      });
    expect(new Set(drawn).size).toBe(drawn.length);
  });
});

describe('records that make no sense', () => {
  it.each([
    ['claim', '{"owner":"x"}'],
    ['claim', '[]'],
    ['claim', '{bro'],
    ['claim', ''],
    ['outcome', '{bro'],
    ['outcome', '{"owner":5}'],
    ['outcome', '[]'],
  ] as const)('a %s that is %j ends a job and its cancelling, and is named', async (record, text) => {
    const here = inProcess({renderer: watched(), storage});
    const engine = {...here, run: () => Promise.reject(new RenderError('SceneFailed', 'no'))};
    await expect(send({}, {engine})).rejects.toMatchObject({name: 'SceneFailed'});
    const key = runKey('film', 1, record);
    await storage.put(key, text);
    const named = {name: 'StorageGarbled', message: expect.stringContaining(`"${key}"`)};
    await expect(send()).rejects.toMatchObject(named);
    const cancelling = cancelJob({jobType: 'cancel', jobId: 'film'}, {storage}, new AbortController().signal);
    await expect(cancelling).rejects.toMatchObject(named);
  });

  it.each([
    ['another key', {key: 'renders/film.mp4'}],
    ['a way out', {key: '../../etc/passwd'}],
    ['a length that cannot be', {bytes: 9e15}],
    ['no length', {bytes: 0}],
    ['no sum', {sha256: 'x'}],
    ['other frames', {frames: 1}],
  ])("a chunk's record with %s is drawn anew", async (_, change) => {
    await send();
    const records = (await storage.list('chunks/')).filter(({key}) => key.endsWith('.json'));
    const key = records[0]?.key ?? '';
    const record = (await json(await storage.get(key))) as object;
    await storage.put(key, JSON.stringify({...record, ...change}));
    expect(await send({jobId: 'other'})).toMatchObject({chunks: {rendered: 1, reused: 2}});
  });
});

describe('a chunk', () => {
  const black = {first: Buffer.alloc(576).toString('base64'), last: Buffer.alloc(576).toString('base64')};

  it('that does not begin with the picture that was drawn is drawn once more', async () => {
    const renderer = watched((file, times) =>
      times === 1 && file.frames === 7 ? {...file, borders: black} : file,
    );
    const result = await send({}, {renderer});
    expect(drawn.toSorted()).toEqual(['0-7', '0-7', '15-23', '7-15']);
    expect(result).toMatchObject({chunks: {rendered: 3, retried: 1}});
    expect(await film()).toBe(FRAMES);
  });

  it('that does so twice fails the job, and names its frames', async () => {
    const renderer = watched((file) => (file.frames === 7 ? {...file, borders: black} : file));
    await expect(send({}, {renderer})).rejects.toMatchObject({
      name: 'ChunkMismatch',
      message: expect.stringMatching(/^Chunk 1 of 3 .* drawn twice/),
    });
    expect(await filmKeys()).toEqual([]);
  });

  const clip = (etag: string) => [{id: 'clip', name: 'https://media.example/clip.mp4', length: 9, etag}];

  it('that was drawn before a clip was replaced is drawn anew', async () => {
    await send({}, {renderer: watched((file) => ({...file, media: clip('old')}))});
    await storage.delete([(await storage.list('chunks/'))[1]?.key ?? '']);
    drawn = [];
    const silence = {rate: 48_000, channels: [new Float32Array(48_000)]};
    const wav = await writeWav(join(scratch(), 'clip.wav'), silence);
    let heard = 0;
    const renderer: Renderer = {
      ...watched((file) => ({...file, media: clip('new')})),
      plan: async () => ({
        ...{frames: FRAMES, fps: 30, size: SIZE},
        sounds: [{src: 'clip', startFrame: 0, frames: FRAMES, mediaTime: 0, playbackRate: 1, volume: 1}],
      }),
      locate: async () => {
        heard++;
        return wav;
      },
    };
    const result = await send({jobId: 'other'}, {renderer});
    expect(drawn).toHaveLength(3);
    // And the sound with it.
    expect(heard).toBe(2);
    expect(result).toMatchObject({chunks: {rendered: 3, reused: 0, retried: 2}});
  });

  it('and its neighbour that see a clip replaced again and again end the job, and the clip is named', async () => {
    const renderer = watched((file) => ({...file, media: clip(`${drawn.length}`)}));
    await expect(send({}, {renderer})).rejects.toMatchObject({
      name: 'MediaFailed',
      message: expect.stringContaining('https://media.example/clip.mp4 was replaced'),
    });
    expect(await filmKeys()).toEqual([]);
  });

  it('that takes far too long is begun a second time, if that is wished', async () => {
    const renderer = watched();
    const here = inProcess({renderer, storage});
    let begun = 0;
    const engine: Engine = {
      ...here,
      concurrency: 30,
      async run(event, options) {
        if (event.workerId === 22 && begun++ === 0) {
          await new Promise((_, reject) => {
            options.signal.addEventListener('abort', () => reject(options.signal.reason));
          });
        }
        return here.run(event, options);
      },
    };
    const result = await send({numWorkers: FRAMES}, {renderer, engine});
    expect(result).toMatchObject({chunks: {rendered: FRAMES, retried: 0, doubled: 1}});
    expect(await film()).toBe(FRAMES);

    begun = 0;
    const stop = new AbortController();
    setTimeout(() => stop.abort(new RenderError('Aborted', 'enough')), 15_000);
    const alone = send(
      {jobId: 'b', numWorkers: FRAMES, variables: {b: 1}},
      {renderer, engine, doubling: false},
      {signal: stop.signal},
    );
    await expect(alone).rejects.toMatchObject({name: 'Aborted'});
    expect(begun).toBe(1);
  });
});

describe('a job that is handed over', () => {
  it('goes on where it was, and says so to who waits', async () => {
    const renderer = watched();
    const late = new AbortController();
    const started: FullRender[] = [];
    const handOver = {
      signal: late.signal,
      start: async (event: FullRender) => void started.push(event),
    };
    let states: string[] = [];
    const onEvent = ({state}: {state: string}) => {
      states.push(state);
      if (state === 'done') late.abort(new RenderError('TimedOut', 'late'));
    };
    const engine = {...inProcess({renderer, storage}), concurrency: 1};
    const said = await send({}, {renderer, engine, onEvent}, {handOver});
    expect(said).toEqual({
      jobId: 'film',
      state: 'continues',
      bucket: storage.bucket,
      key: 'renders/film.mp4',
      message: expect.stringContaining('Send the same event again'),
    });
    expect(started).toEqual([filmEvent()]);
    expect(await filmKeys()).toEqual([]);
    states = [];
    const result = await send(started[0], {renderer, engine});
    expect(result).toMatchObject({state: 'finished', handedOver: 1, chunks: {reused: expect.any(Number)}});
    expect((result as FullResult).chunks.reused).toBeGreaterThan(0);
    expect(await film()).toBe(FRAMES);
  });
});

describe('a job with a time limit', () => {
  const never = new AbortController().signal;
  const late = new RenderError('TimedOut', 'The time limit is near.');

  it('that waits for another leaves, where that one finds no room for its workers', async () => {
    let full = true;
    const renderer = watched();
    const here = inProcess({renderer, storage});
    const throttled = new RenderError('InvokeThrottled', 'Rate exceeded.');
    const engine: Engine = {
      ...here,
      run: (event, options) => (full ? Promise.reject(throttled) : here.run(event, options)),
    };
    const begun = Promise.withResolvers<void>();
    const onEvent = ({state}: {state: string}) => state === 'refused' && begun.resolve();
    const first = send({}, {renderer, engine, onEvent});
    await begun.promise;
    const handOver = {signal: never, start: async () => {}};
    expect(await send({}, {renderer, engine}, {handOver})).toMatchObject({state: 'continues'});
    full = false;
    expect(await first).toMatchObject({state: 'finished'});
    expect(drawn).toHaveLength(3);
  });

  it('is not handed over before it is known how long the film is', async () => {
    const renderer: Renderer = {
      ...watched(),
      plan: (_, {signal}) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason));
        }),
    };
    const [soon, end] = [new AbortController(), new AbortController()];
    let started = 0;
    const handOver = {signal: soon.signal, start: async () => void started++};
    const outcome = send({}, {renderer}, {handOver, signal: end.signal}).catch((error: unknown) => error);
    setTimeout(() => soon.abort(late), 300);
    setTimeout(() => end.abort(late), 600);
    expect(await outcome).toMatchObject({
      name: 'TimedOut',
      message: expect.stringContaining('To count the frames of the film alone'),
    });
    expect(started).toBe(0);
  });
});

describe('cancel', () => {
  const {signal} = new AbortController();
  const cancel = (jobId = 'film') => cancelJob({jobType: 'cancel', jobId}, {storage}, signal);

  it.each(['planning', 'rendering', 'started', 'done', 'merging', 'publishing'])(
    'while it is %s: no film, and never again',
    async (state) => {
      let cancelling: ReturnType<typeof cancel> | undefined;
      const onEvent = async (event: {state: string}) => {
        if (event.state === state) cancelling ??= cancel();
      };
      const outcome = await send({}, {onEvent}).catch((error: unknown) => error);
      expect(await cancelling).toMatchObject({jobId: 'film', state: 'cancelled'});
      expect(outcome).toMatchObject({name: 'Cancelled', retryable: false});
      expect(await filmKeys()).toEqual([]);
      await expect(send()).rejects.toMatchObject({name: 'Cancelled'});
      expect(await filmKeys()).toEqual([]);
      expect(await cancel()).toMatchObject({state: 'cancelled'});
    },
  );

  it('before anybody has heard of it holds too', async () => {
    expect(await cancel()).toMatchObject({state: 'cancelled'});
    await expect(send()).rejects.toMatchObject({name: 'Cancelled'});
    expect(drawn).toEqual([]);
  });

  it('leaves a finished film alone, and says so', async () => {
    await send();
    expect(await cancel()).toMatchObject({state: 'finished'});
    expect(await film()).toBe(FRAMES);
    expect(await send()).toMatchObject({state: 'finished'});
  });

  it('stops workers that nobody waits for', async () => {
    const real = testPicture();
    let stopped = false;
    const begun = Promise.withResolvers<void>();
    const renderer: Renderer = {
      ...real,
      async renderChunk(_, options) {
        begun.resolve();
        await new Promise<void>((resolve) => options.signal.addEventListener('abort', () => resolve()));
        stopped = true;
        throw options.signal.reason;
      },
    };
    const here = inProcess({renderer, storage});
    // Lambda tells its workers nothing.
    const engine: Engine = {...here, run: (event) => here.run(event, {signal: new AbortController().signal})};
    const outcome = send({numWorkers: 1}, {renderer, engine}).catch((error: unknown) => error);
    await begun.promise;
    await cancel();
    expect(await outcome).toMatchObject({name: 'Cancelled'});
    expect(stopped).toBe(true);
  });
});

describe('variables', () => {
  const large = {text: 'x'.repeat(300_000)};

  it('that are large travel through storage', async () => {
    const sizes: number[] = [];
    const renderer = watched();
    const seen: unknown[] = [];
    const reading: Renderer = {
      ...renderer,
      renderChunk: (chunk, options) => {
        seen.push(chunk.variables);
        return renderer.renderChunk(chunk, options);
      },
    };
    const here = inProcess({renderer: reading, storage});
    const engine: Engine = {
      ...here,
      run: (event, options) => {
        sizes.push(JSON.stringify(event).length);
        return here.run(event, options);
      },
    };
    await send({variables: large}, {renderer: reading, engine});
    expect(Math.max(...sizes)).toBeLessThan(1_000);
    expect(seen).toEqual([large, large, large]);
    // And the same request may name them itself.
    expect(await send({variablesStored: true})).toMatchObject({state: 'finished', chunks: {rendered: 3}});
    expect(drawn).toHaveLength(3);
  });

  it('that are said to be in storage and are not are a bad event', async () => {
    const message = expect.stringContaining(`"${variablesKey('film')}"`);
    await expect(send({variablesStored: true})).rejects.toMatchObject({name: 'BadEvent', message});
    const deep = `{"a":${'['.repeat(20_000)}${']'.repeat(20_000)}}`;
    await storage.put(variablesKey('film'), deep);
    await expect(send({variablesStored: true})).rejects.toThrow('nested more than 100 levels');
    await storage.put(variablesKey('film'), '[1]');
    await expect(send({variablesStored: true})).rejects.toMatchObject({name: 'BadEvent', message});
  });
});

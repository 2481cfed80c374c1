import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {text} from 'node:stream/consumers';
import {setTimeout as sleep} from 'node:timers/promises';
import {afterAll, beforeAll, describe, expect, it, test} from 'vitest';
import {RenderError} from '../../../src/base/errors.ts';
import {persist} from '../../../src/base/persist.ts';
import {renderJob} from '../../../src/job/render-job.ts';
import {ffmpegMedia} from '../../../src/media/media.ts';
import type {JobEvent} from '../../../src/model/job-events.ts';
import {listAll} from '../../../src/storage/list-all.ts';
import {putFile} from '../../../src/storage/put-file.ts';
import {retryingStorage} from '../../../src/storage/retrying-storage.ts';
import {s3Storage} from '../../../src/storage/s3/s3.ts';
import type {Storage} from '../../../src/storage/storage.ts';
import {type Gate, startGate} from '../../support/gate.ts';
import {scratch} from '../../support/processes.ts';
import {type S3TestServer, startS3Server} from '../../support/s3-server.ts';
import {FRAMES, filmEvent, inProcess, testPicture} from '../../support/test-picture.ts';

let server: S3TestServer;
let gate: Gate;
let s3: Storage;
beforeAll(async () => {
  server = await startS3Server();
  const endpoint = await server.client().config.endpoint?.();
  gate = await startGate(`http://${endpoint?.hostname}:${endpoint?.port}`);
  // Without the SDK's own tries, which are over within two seconds.
  const client = server.client({endpoint: gate.url, maxAttempts: 1});
  s3 = s3Storage({bucket: await server.createBucket(), client});
});
afterAll(async () => {
  await gate.shut();
  await server.close();
});

const never = new AbortController().signal;

describe('while S3 refuses connections', () => {
  it('every operation waits, and succeeds when it is back', async () => {
    const path = join(scratch(), 'file');
    writeFileSync(path, 'a file');
    await s3.put('old', 'old');
    await gate.shut();
    await expect(s3.head('old')).rejects.toMatchObject({name: 'StorageUnavailable'});
    const storage = retryingStorage(s3, {signal: never});
    const all = Promise.all([
      storage.put('new', 'new'),
      putFile(path, {storage, key: 'file'}),
      storage.get('old').then(text),
      storage.head('old'),
      listAll('o', {storage}),
      storage.delete(['none']),
    ]);
    await sleep(700);
    await gate.open();
    expect((await all).slice(2)).toEqual([
      'old',
      {key: 'old', bytes: 3},
      [expect.objectContaining({key: 'old'})],
      undefined,
    ]);
    expect(await text(await s3.get('new'))).toBe('new');
    expect(await text(await s3.get('file'))).toBe('a file');
  });

  it('a job goes on, with each chunk drawn once', async () => {
    const renderer = testPicture();
    const engine = inProcess({renderer, storage: s3});
    let chunks = 0;
    const onEvent = (event: JobEvent) => {
      if (event.state === 'done') chunks++;
      if (event.state === 'merging') gate.shut().then(() => setTimeout(() => gate.open(), 4_000));
    };
    const tools = {renderer, engine, media: ffmpegMedia, storage: retryingStorage(s3), onEvent};
    const result = await renderJob(filmEvent({jobId: 'outage'}), tools, {}, {signal: never});
    expect(result).toMatchObject({state: 'finished', frames: FRAMES, chunks: {rendered: 3, retried: 0}});
    expect(chunks).toBe(3);
  });

  it('the waiting ends with its time, once for all tries, or with the signal', async () => {
    await gate.shut();
    try {
      let tries = 0;
      const counted = {...s3, head: (key: string) => s3.head(key).finally(() => tries++)};
      const storage = retryingStorage(counted, {patience: 600, signal: never});
      const asked = persist(() => storage.head('old'), {signal: never});
      await expect(asked).rejects.toMatchObject({
        name: 'StorageUnavailable',
        message: expect.stringContaining('It was tried again for 0.6 s.'),
      });
      expect(tries).toBeGreaterThan(1);
      expect(tries).toBeLessThan(6);
      const caller = new AbortController();
      const reason = new RenderError('TimedOut', 'late');
      const late = retryingStorage(s3, {signal: caller.signal}).head('old');
      setTimeout(() => caller.abort(reason), 100);
      await expect(late).rejects.toBe(reason);
    } finally {
      await gate.open();
    }
  });
});

describe('is waited for', () => {
  const answers = (status: number) => ({$metadata: {httpStatusCode: status}});
  it.each([
    ['a connection that is reset', {code: 'ECONNRESET'}],
    ['a name that is not found for now', {code: 'EAI_AGAIN'}],
    ['a name that is not found', {code: 'ENOTFOUND'}],
    ['500', answers(500)],
    ['503', answers(503)],
  ])('%s', async (_, error) => {
    let tries = 0;
    const client = server.client({maxAttempts: 1});
    client.middlewareStack.add(
      (next) => async (request) => {
        if (++tries === 1) throw Object.assign(new Error('no luck'), error);
        return next(request);
      },
      {step: 'finalizeRequest', priority: 'low'},
    );
    const storage = retryingStorage(s3Storage({bucket: s3.bucket, client}), {signal: never});
    expect(await listAll('nothing', {storage})).toEqual([]);
    expect(tries).toBe(2);
  });

  it('what is an answer is not: a free key, a refusal, a key that is taken', async () => {
    for (const name of ['StorageNotFound', 'StorageRefused', 'StorageConflict', 'BucketNotFound'] as const) {
      let tries = 0;
      const put = async () => {
        tries++;
        throw new RenderError(name, 'no');
      };
      await expect(retryingStorage({...s3, put}, {signal: never}).put('a', 'b')).rejects.toMatchObject({
        name,
      });
      expect(tries).toBe(1);
    }
  });
});

test('a listing that is cut off goes on behind its last key, and gives each once', async () => {
  const keys = ['a', 'b', 'c', 'd'];
  const asked: (string | undefined)[] = [];
  const cut: Storage = {
    ...s3,
    async *list(_, {after = ''} = {}) {
      asked.push(after);
      for (const key of keys.filter((one) => one > after)) {
        if (key === 'c' && asked.length === 1) throw new RenderError('StorageUnavailable', 'cut off');
        yield {key, bytes: 1};
      }
    },
  };
  const listed = await listAll('', {storage: retryingStorage(cut, {signal: never})});
  expect(listed.map(({key}) => key)).toEqual(keys);
  expect(asked).toEqual(['', 'b']);
});

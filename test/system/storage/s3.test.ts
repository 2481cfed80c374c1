import {randomBytes} from 'node:crypto';
import {Readable} from 'node:stream';
import {buffer} from 'node:stream/consumers';
import {setTimeout as sleep} from 'node:timers/promises';
import {inspect} from 'node:util';
import {HeadObjectCommand} from '@aws-sdk/client-s3';
import {afterAll, afterEach, describe, expect, it, vi} from 'vitest';
import {RenderError} from '../../../src/base/errors.ts';
import {s3Client, s3Storage} from '../../../src/storage/s3/s3.ts';
import {s3Buckets} from '../../../src/storage/s3/s3-buckets.ts';
import {storageConformance} from '../../conformance/storage.ts';
import {startS3Server} from '../../support/s3-server.ts';
import {everyMethod, stuckAfter} from '../../support/storage.ts';

const MiB = 1024 * 1024;
const server = await startS3Server();
const bucket = await server.createBucket();
const client = server.client();
const storage = s3Storage({bucket, client});

afterAll(async () => {
  client.destroy();
  await server.close();
});

storageConformance('s3Storage', () => storage, server);

describe('s3Storage on a server', () => {
  it.each(Object.keys(everyMethod(storage)))('%s names a bucket that does not exist', async (method) => {
    const missing = everyMethod(s3Storage({bucket: 'revideo-no-such-bucket', client}));
    const thrown = await missing[method]?.().catch((error: unknown) => error);
    expect(thrown).toBeInstanceOf(RenderError);
    expect(thrown).toMatchObject({name: 'BucketNotFound', retryable: false});
    expect(String(thrown)).toContain('"revideo-no-such-bucket"');
    expect(String(thrown)).toContain('REVIDEO_BUCKET_NAME');
  });

  const stranger = {accessKeyId: 'AKIAWRONGWRONGWRONG1', secretAccessKey: 'wrong-secret-wrong-secret'};
  const forger = async () => ({
    accessKeyId: (await client.config.credentials()).accessKeyId,
    secretAccessKey: stranger.secretAccessKey,
  });
  const signers = [
    ['an unknown access key', async () => stranger],
    ['a wrong secret key', forger],
  ] as const;

  if (server.signatures)
    describe.each(signers)('for %s', (_, credentials) => {
      it.each(Object.keys(everyMethod(storage)))('%s is refused, and tells no secret', async (method) => {
        const other = server.client({credentials});
        const thrown = await everyMethod(s3Storage({bucket, client: other}))
          [method]?.()
          .catch((e: unknown) => e);
        other.destroy();
        expect(thrown).toBeInstanceOf(RenderError);
        expect(thrown).toMatchObject({name: 'StorageRefused', retryable: false});
        expect(String(thrown)).toContain(bucket);
        const everything = inspect(thrown, {depth: null, showHidden: true});
        expect(everything).not.toContain(stranger.secretAccessKey);
        expect(everything).not.toContain((await credentials()).accessKeyId);
        expect(everything).not.toMatch(/Signature=|AWS4-HMAC/);
      });
    });
  else
    it.each(signers)('lets in %s, which is why no refusal can be shown here', async (_, credentials) => {
      const other = server.client({credentials});
      await s3Storage({bucket, client: other}).put('stranger.mp4', 'x');
      other.destroy();
    });

  it('leaves no multipart upload of a stream that is stuck when the caller goes', async () => {
    const own = await server.createBucket();
    const caller = new AbortController();
    let before: Promise<number> | undefined;
    const body = stuckAfter(20 * MiB, () => {
      // By now a part of the two is under way, or its upload is being made.
      setTimeout(() => {
        before = server.unfinishedUploads(own, 'film.mp4');
        void before.then(() => caller.abort());
      }, 200);
    });
    const put = s3Storage({bucket: own, client}).put('film.mp4', Readable.from(body), {
      signal: caller.signal,
    });
    await expect(put).rejects.toMatchObject({name: 'Aborted'});
    expect(await before).toBe(1);
    expect(await server.unfinishedUploads(own, 'film.mp4')).toBe(0);
  });

  it('leaves no multipart upload of a stream that fails', async () => {
    const own = await server.createBucket();
    const failing = async function* () {
      yield randomBytes(20 * MiB);
      await sleep(200);
      throw new Error('no more');
    };
    const put = s3Storage({bucket: own, client}).put('film.mp4', Readable.from(failing()));
    await expect(put).rejects.toThrow('no more');
    expect(await server.unfinishedUploads(own, 'film.mp4')).toBe(0);
  });

  it('leaves no multipart upload however early the caller goes', async () => {
    const own = await server.createBucket();
    for (const delay of [0, 1, 2, 4, 8, 16, 32]) {
      const signal = AbortSignal.timeout(delay);
      const body = stuckAfter(17 * MiB, () => {});
      const put = s3Storage({bucket: own, client}).put('film.mp4', Readable.from(body), {signal});
      await expect(put).rejects.toMatchObject({name: 'Aborted'});
    }
    expect(await server.unfinishedUploads(own, 'film.mp4')).toBe(0);
  });

  it('keeps how an object is shown, and asks for the class it is kept in', async () => {
    const watched = server.client();
    const headers: Record<string, string>[] = [];
    watched.middlewareStack.add(
      (next) => (args) => {
        headers.push((args.request as {headers: Record<string, string>}).headers);
        return next(args);
      },
      {step: 'finalizeRequest'},
    );
    const how = {
      contentType: 'video/mp4',
      contentDisposition: 'inline; filename="a.mp4"',
      storageClass: 'STANDARD',
    } as const;
    const other = s3Storage({bucket, client: watched});
    for (const body of ['film', Readable.from(['film']), Readable.from([randomBytes(9 * MiB)])]) {
      await other.put('shown.mp4', body, how);
      const {ContentType, ContentDisposition} = await client.send(
        new HeadObjectCommand({Bucket: bucket, Key: 'shown.mp4'}),
      );
      expect([ContentType, ContentDisposition]).toEqual([how.contentType, how.contentDisposition]);
    }
    // The headers of a multipart upload's creation. Other servers have this class alone.
    expect(headers.filter((sent) => sent['x-amz-storage-class'] === 'STANDARD')).toHaveLength(3);
    watched.destroy();
  });

  it('counts what is sent to all buckets of a client, each request once', async () => {
    const counted = server.client();
    const open = s3Buckets(() => counted);
    const [one, other] = [open(bucket), open(await server.createBucket())];
    expect(open(bucket)).toBe(one);
    const before = one.operations?.();
    await other.put('elsewhere.mp4', Readable.from(['film']));
    await other.head('elsewhere.mp4');
    await one.put('here.json', '{}');
    expect(before).toEqual({writes: 0, reads: 0});
    for (const storage of [one, other]) expect(storage.operations?.()).toEqual({writes: 2, reads: 1});
    counted.destroy();
  });

  if (server.conditionalWrites)
    it('knows its own record when the answer to it was lost', async () => {
      const unlucky = server.client();
      let lost = 0;
      unlucky.middlewareStack.add(
        (next, {commandName}) =>
          async (request) => {
            const answer = await next(request);
            if (commandName !== 'PutObjectCommand') return answer;
            lost++;
            throw Object.assign(new Error('lost'), {code: 'ECONNRESET'});
          },
        {step: 'finalizeRequest', priority: 'low'},
      );
      const {records} = s3Storage({bucket, client: unlucky});
      const first = await records?.replace('lost.json', '1', {version: undefined});
      const second = await records?.replace('lost.json', '2', {version: first});
      expect(lost).toBe(2);
      expect(await records?.read('lost.json')).toEqual({text: '2', version: second});
      unlucky.destroy();
    });

  it('frees the connection of an object nobody reads to its end', async () => {
    const agent = {maxSockets: 2, keepAlive: true};
    const narrow = server.client({requestHandler: {httpAgent: agent, httpsAgent: agent}});
    const few = s3Storage({bucket, client: narrow});
    await few.put('abandoned.mp4', randomBytes(9 * MiB));
    for (let n = 0; n < 6; n++) (await few.get('abandoned.mp4')).destroy();
    expect((await buffer(await few.get('abandoned.mp4'))).length).toBe(9 * MiB);
    narrow.destroy();
  });

  it('gives addresses for 1 to 604,800 seconds, an hour by default', async () => {
    const seconds = async (expiresIn?: number) =>
      new URL(await storage.url('a.mp4', {expiresIn})).searchParams.get('X-Amz-Expires');
    expect(await seconds()).toBe('3600');
    expect(await seconds(1)).toBe('1');
    expect(await seconds(604_800)).toBe('604800');
    for (const wrong of [0, -1, 604_801, 1.5, Number.NaN])
      await expect(storage.url('a.mp4', {expiresIn: wrong})).rejects.toMatchObject({name: 'BadSetting'});
  });
});

describe('s3Client', () => {
  afterEach(() => {
    vi.unstubAllEnvs();
  });

  it('puts the bucket into the path for every server but S3 itself', async () => {
    vi.stubEnv('AWS_ENDPOINT_URL', undefined);
    vi.stubEnv('AWS_ENDPOINT_URL_S3', undefined);
    const pathStyle = () => s3Client({region: 'us-east-1'}).config.forcePathStyle;
    expect(pathStyle()).toBe(false);
    vi.stubEnv('AWS_ENDPOINT_URL', 'http://127.0.0.1:1');
    expect(pathStyle()).toBe(true);
    vi.stubEnv('AWS_ENDPOINT_URL', undefined);
    vi.stubEnv('AWS_ENDPOINT_URL_S3', 'http://127.0.0.1:1');
    expect(pathStyle()).toBe(true);
  });

  it('tries five times', async () => {
    expect(await s3Client({region: 'us-east-1'}).config.maxAttempts()).toBe(5);
  });
});

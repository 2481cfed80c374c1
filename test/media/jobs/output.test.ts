import {writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {GetObjectCommand, HeadObjectCommand} from '@aws-sdk/client-s3';
import {afterAll, describe, expect, it} from 'vitest';
import {cancelJob} from '../../../src/job/cancel-job.ts';
import {jobStatus} from '../../../src/job/job-status.ts';
import {renderJob} from '../../../src/job/render-job.ts';
import {ffmpegMedia} from '../../../src/media/media.ts';
import type {FullRender} from '../../../src/model/event.ts';
import type {FullResult} from '../../../src/model/result.ts';
import type {Renderer} from '../../../src/renderers/renderer.ts';
import {directoryStorage} from '../../../src/storage/directory/directory.ts';
import {listAll} from '../../../src/storage/list-all.ts';
import {s3Storage} from '../../../src/storage/s3/s3.ts';
import {storage as directory, filmKeys, send} from '../../support/jobs.ts';
import {ffmpeg} from '../../support/media.ts';
import {scratch} from '../../support/processes.ts';
import {startS3Server} from '../../support/s3-server.ts';
import {filmEvent, inProcess, testPicture} from '../../support/test-picture.ts';

const server = await startS3Server();
const client = server.client();
const [own, other] = [await server.createBucket(), await server.createBucket()];
const storage = s3Storage({bucket: own, client});
const storageFor = (bucket: string) => s3Storage({bucket, client});
const {signal} = new AbortController();
/** Storage classes, as they were sent to S3. */
const classes: unknown[] = [];
client.middlewareStack.add(
  (next) => (args) => {
    classes.push((args.request as {headers: Record<string, string>}).headers['x-amz-storage-class']);
    return next(args);
  },
  {step: 'finalizeRequest'},
);
afterAll(async () => {
  client.destroy();
  await server.close();
});

const render = async (request: Partial<FullRender>) => {
  const renderer = testPicture();
  const engine = inProcess({renderer, storage});
  const tools = {renderer, storage, storageFor, engine, media: ffmpegMedia};
  return (await renderJob(filmEvent(request), tools, {}, {signal})) as FullResult;
};
const head = (Bucket: string, Key: string) => client.send(new HeadObjectCommand({Bucket, Key}));

describe('a film that is put elsewhere', () => {
  it('has its bucket, key, class, name, and an address that is good for as long as was asked', async () => {
    const output = {bucket: other, key: 'customers/a film', storageClass: 'STANDARD_IA'} as const;
    const result = await render({jobId: 'elsewhere', output, expiresIn: 60});
    expect(result).toMatchObject({bucket: other, key: 'customers/a film.mp4'});
    expect(await head(other, result.key)).toMatchObject({
      ContentType: 'video/mp4',
      ContentDisposition: 'inline; filename="elsewhere.mp4"',
      ContentLength: result.bytes,
    });
    // Asked for; this test's S3 has one class alone.
    expect(classes).toContain('STANDARD_IA');
    const url = new URL(result.resultUrl);
    expect(url.searchParams.get('X-Amz-Expires')).toBe('60');
    const body = Buffer.from(await (await fetch(url)).arrayBuffer());
    expect(body).toHaveLength(result.bytes);
    expect((await listAll('renders', {storage})).map(({key}) => key)).toEqual([]);
    // Found there again, by the same request and by a status question.
    const again = await render({jobId: 'elsewhere', output, expiresIn: 61});
    expect(again.seconds).toEqual(result.seconds);
    expect(new URL(again.resultUrl).searchParams.get('X-Amz-Expires')).toBe('61');
    const status = () => jobStatus({jobType: 'status', jobId: 'elsewhere'}, {storage, storageFor}, signal);
    const {state, result: found} = await status();
    expect({state, bucket: found?.bucket}).toEqual({state: 'finished', bucket: other});
    // By a status question, for as long as it asks.
    expect(new URL(found?.resultUrl ?? '').searchParams.get('X-Amz-Expires')).toBe('60');
    await expect(render({jobId: 'elsewhere'})).rejects.toThrow(
      `differs in output.bucket (${other} then, none now), output.key`,
    );
    // If that bucket cannot be opened, the object of the same key in another bucket is neither reported nor
    // changed.
    const closed = jobStatus({jobType: 'status', jobId: 'elsewhere'}, {storage}, signal);
    await expect(closed).rejects.toMatchObject({name: 'BadSetting', message: expect.stringContaining(other)});
    await storageFor(other).put(result.key, "another job's film");
    expect(await status()).toMatchObject({state: 'unknown'});
    await storageFor(other).delete([result.key]);
    expect(await status()).toMatchObject({state: 'unknown'});
  });

  it('says of itself what it is', async () => {
    const {bucket, key} = await render({jobId: 'labelled'});
    const {Body} = await client.send(new GetObjectCommand({Bucket: bucket, Key: key}));
    const film = Buffer.from((await Body?.transformToByteArray()) ?? []);
    const path = join(scratch(), 'film.mp4');
    await writeFile(path, film);
    const said = (await ffmpeg('-i', path, '-f', 'ffmetadata', '-')).toString();
    expect(said).toMatch(/^comment=revideo-lambda \d+\.\d+\.\d+, Revideo \d+\.\d+\.\d+$/m);
    expect(said).not.toMatch(/creation|date|labelled/);
    // Another job gives the same bytes.
    const other = await render({jobId: 'other'});
    const again = await client.send(new GetObjectCommand({Bucket: bucket, Key: other.key}));
    expect(Buffer.from((await again.Body?.transformToByteArray()) ?? []).equals(film)).toBe(true);
  });

  it.each([1, 3, 7, 30] as const)(
    'and is to be deleted after %s days is in a folder of that age',
    async (days) => {
      expect(await render({jobId: `for-${days}`, expireAfter: days})).toMatchObject({
        bucket: own,
        key: `renders-${days}d/for-${days}.mp4`,
      });
    },
  );

  it('is deleted there when its job is cancelled while it is stored, and an older one before is not', async () => {
    // In directories, since this test's S3 does not refuse to write what is there already.
    const films = directoryStorage({root: scratch()});
    const tools = {storage: directory, storageFor: () => films};
    await films.put('one.mp4', 'an older film');
    for (const name of ['one.poster.jpg', 'one.thumbnails.jpg']) await films.put(name, 'theirs');
    const stuck: Renderer = {
      ...testPicture(),
      async *render(_, {signal: stop}) {
        await new Promise((_resolve, reject) => stop.addEventListener('abort', () => reject(stop.reason)));
      },
    };
    const cancelledAt = async (jobId: string, state: string, renderer: Renderer) => {
      let cancelling: Promise<unknown> | undefined;
      const onEvent = (event: {state: string}) => {
        if (event.state === state) cancelling ??= cancelJob({jobType: 'cancel', jobId}, tools, signal);
      };
      const output = {bucket: other, key: 'one.mp4'};
      await expect(send({jobId, output, poster: 0}, {...tools, renderer, onEvent})).rejects.toMatchObject({
        name: 'Cancelled',
      });
      await cancelling;
      return films.head('one.mp4');
    };
    expect(await cancelledAt('early', 'started', stuck)).toMatchObject({bytes: 13});
    expect(await films.head('one.poster.jpg')).toMatchObject({bytes: 6});
    expect(await cancelledAt('late', 'publishing', testPicture())).toBeUndefined();
    expect(await films.head('one.poster.jpg')).toBeUndefined();
    // No job has asked for thumbnails: that picture is not ours.
    expect(await films.head('one.thumbnails.jpg')).toMatchObject({bytes: 6});
  });
});

describe('a place that no film can be put in', () => {
  it.each([
    [{output: {key: 'chunks/a.mp4'}}, 'output.key is "chunks/a.mp4"'],
    [{output: {key: 'jobs/film/claim'}}, 'output.key is "jobs/film/claim"'],
    [{output: {key: '.tmp/a'}}, 'output.key is ".tmp/a"'],
    [{output: {key: 'renders-7d/a'}}, 'output.key is "renders-7d/a"'],
    [{output: {key: 'renders/another-job'}}, 'right in renders/ are the films of jobs'],
    [{output: {bucket: 'another'}}, 'output.bucket is "another"'],
    [{output: {key: 'a'}, expireAfter: 7 as const}, 'expireAfter is 7'],
    [{output: {key: 'a/film.MOV'}}, 'must end in .mp4, not in .MOV'],
    [{output: {key: 'a/film.webm'}}, 'must end in .mp4, not in .webm'],
  ])('is refused before anything is begun: %j', async (request, complaint) => {
    const refusal = {name: 'BadEvent', message: expect.stringContaining(complaint)};
    await expect(send(request)).rejects.toMatchObject(refusal);
    expect(await listAll('', {storage: directory})).toEqual([]);
  });

  it('is none where a directory stands in for the bucket: any other key is', async () => {
    expect(await send({output: {key: 'films/of/mine.MP4'}})).toMatchObject({key: 'films/of/mine.MP4'});
    expect(await send({jobId: 'version', output: {key: 'films/v1.2'}})).toMatchObject({
      key: 'films/v1.2.mp4',
    });
    expect(await filmKeys()).toEqual([]);
    expect(await directory.head('films/of/mine.MP4')).toBeDefined();
    expect(await send({jobId: 'below', output: {key: 'renders/mine/a'}})).toMatchObject({
      key: 'renders/mine/a.mp4',
    });
  });
});

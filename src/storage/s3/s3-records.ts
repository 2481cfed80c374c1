import {randomUUID} from 'node:crypto';
import type {Readable} from 'node:stream';
import {text as textOf} from 'node:stream/consumers';
import {GetObjectCommand, HeadObjectCommand, PutObjectCommand, type S3Client} from '@aws-sdk/client-s3';
import {RenderError} from '../../base/errors.ts';
import {probeKey} from '../../model/keys.ts';
import {outdated} from '../outdated.ts';
import type {RecordStore, VersionedText} from '../storage.ts';
import {type S3Request, statusOf} from './s3-errors.ts';

/** The bucket that records live in, and how it is asked. */
interface S3Records {
  bucket: string;
  client: S3Client;
  /** Runs requests and words what they throw. */
  ask: <T>(request: Omit<S3Request, 'bucket'>, run: () => Promise<T>) => Promise<T>;
  /** Whether an answer means that the key is free. */
  isMissing: (key: string, thrown: unknown, signal?: AbortSignal) => Promise<boolean>;
}

/** A key that is never written: any answer about it tells the time. */
const CLOCK = probeKey('jobs', 'clock');

/**
 * Records in a bucket: the version is the ETag, and a write names the one it replaces (If-Match), or that there is none
 * (If-None-Match). https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
 *
 * A write whose answer is lost finds its own object when it is repeated. It knows that by its name, which is kept with
 * the object, unless another has replaced it since.
 */
export function s3Records({bucket, client, ask, isMissing}: S3Records): RecordStore {
  const place = (key: string) => ({Bucket: bucket, Key: key});

  async function read(key: string, signal?: AbortSignal): Promise<VersionedText | undefined> {
    try {
      const {Body, ETag = ''} = await client.send(new GetObjectCommand(place(key)), {abortSignal: signal});
      return {text: await textOf(Body as Readable), version: ETag};
    } catch (thrown) {
      if (await isMissing(key, thrown, signal)) return undefined;
      throw thrown;
    }
  }

  /** The ETag of an object that this write has made; undefined if another write has made it. */
  async function ownVersion(key: string, write: string, signal?: AbortSignal): Promise<string | undefined> {
    try {
      const found = await client.send(new HeadObjectCommand(place(key)), {abortSignal: signal});
      return found.Metadata?.write === write ? found.ETag : undefined;
    } catch (thrown) {
      if (await isMissing(key, thrown, signal)) return undefined;
      throw thrown;
    }
  }

  return {
    read: (key, {signal} = {}) => ask({operation: 'GetObject', key, signal}, () => read(key, signal)),

    replace: (key, text, {version, write = randomUUID(), signal}) =>
      ask({operation: 'PutObject', key, signal}, async () => {
        const command = new PutObjectCommand({
          ...place(key),
          Body: text,
          ContentType: 'application/json',
          Metadata: {write},
          ...(version === undefined ? {IfNoneMatch: '*'} : {IfMatch: version}),
        });
        try {
          return (await client.send(command, {abortSignal: signal})).ETag ?? '';
        } catch (thrown) {
          if (!isOutdated(thrown)) throw thrown;
          const own = await ownVersion(key, write, signal);
          if (own !== undefined) return own;
          throw outdated(key, `bucket "${bucket}"`, thrown);
        }
      }),

    now: ({signal} = {}) =>
      ask({operation: 'GetObject', key: CLOCK, signal}, async () => {
        let date: string | undefined;
        const command = new GetObjectCommand(place(CLOCK));
        command.middlewareStack.add(
          (next) => async (request) => {
            const answer = await next(request);
            date = (answer.response as {headers?: Record<string, string>}).headers?.date;
            return answer;
          },
          // Behind what turns an answer into an error.
          {step: 'deserialize', priority: 'low', name: 'readDate'},
        );
        try {
          const {Body} = await client.send(command, {abortSignal: signal});
          (Body as Readable).destroy();
        } catch (thrown) {
          if (!(await isMissing(CLOCK, thrown, signal))) throw thrown;
        }
        const now = Date.parse(date ?? '');
        if (Number.isNaN(now))
          throw new RenderError(
            'StorageGarbled',
            `${bucket} does not tell the time: it sends no Date header.`,
          );
        return now;
      }),
  };
}

/** 404 to a write: the version that it names is deleted. 409: another write of this key was under way. */
const isOutdated = (thrown: unknown): boolean => {
  const status = statusOf(thrown);
  return status === 412 || status === 409 || (thrown as Error).name === 'NoSuchKey';
};

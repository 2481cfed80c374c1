import {PassThrough, pipeline, Readable} from 'node:stream';
import {
  AbortMultipartUploadCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  type PutObjectCommandInput,
  paginateListObjectsV2,
  S3Client,
  type S3ClientConfig,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import {Upload} from '@aws-sdk/lib-storage';
import {getSignedUrl} from '@aws-sdk/s3-request-presigner';
import {RenderError} from '../../base/errors.ts';
import {checkRange, httpRange} from '../range.ts';
import type {ListedObject, ListOptions, Storage} from '../storage.ts';
import {reading, type S3Request, s3Error, statusOf} from './s3-errors.ts';
import {countOperations} from './s3-operations.ts';
import {s3Records} from './s3-records.ts';

/** Keys of one DeleteObjects: https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html */
const DELETE_BATCH = 1000;
/** Seconds a presigned URL may live: https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-presigned-url.html */
const MAX_EXPIRY = 604_800;
/** Two parts of 8 MiB in memory; at most 10,000 of them, so streams of up to 78 GiB. */
const PARTS = {partSize: 8 * 1024 * 1024, queueSize: 2, leavePartsOnError: false};

/** Where S3 storage lives. */
export interface S3StorageOptions {
  bucket: string;
  /** AWS region; default: what the SDK finds, `AWS_REGION` first. Not used with `client`. */
  region?: string;
  /** Default: `s3Client({region})`. */
  client?: S3Client;
}

/**
 * A client for S3, or for a server that speaks S3 (`AWS_ENDPOINT_URL_S3`, `AWS_ENDPOINT_URL`), with
 * everything left to chance by default decided. `config` goes over it.
 *
 * Checksums stay at the SDK's default, CRC32 on every upload, checked on download. They are not set here so
 * that AWS_REQUEST_CHECKSUM_CALCULATION and AWS_RESPONSE_CHECKSUM_VALIDATION remain the way out on a server
 * that trips over them. Few do. Every body from here is a buffer, so the checksum is a plain header. Other
 * servers only lack the trailer of a chunked body.
 */
export function s3Client(config: S3ClientConfig = {}): S3Client {
  const {AWS_ENDPOINT_URL_S3, AWS_ENDPOINT_URL} = process.env;
  // A film's chunks are read in parallel; 128 stays far below Lambda's 1,024 file descriptors.
  const agent = {keepAlive: true, maxSockets: 128};
  return new S3Client({
    maxAttempts: 5,
    // Other servers seldom have a host name per bucket.
    forcePathStyle: Boolean(config.endpoint ?? (AWS_ENDPOINT_URL_S3 || AWS_ENDPOINT_URL)),
    // Milliseconds. Silence is limited, not the whole request: a large upload may take its time.
    requestHandler: {connectionTimeout: 5_000, socketTimeout: 60_000, httpAgent: agent, httpsAgent: agent},
    ...config,
  });
}

/**
 * Storage in one S3 bucket. `BucketNotFound` and `StorageRefused` say what to set or to allow. A stream from
 * `get` also fails with our errors, and with `StorageUnavailable` if it is not read for a minute. The SDK may
 * repeat a write with `ifAbsent` whose answer was lost, and find its own object. `StorageConflict` says that
 * the key is taken, not by whom.
 */
export function s3Storage({bucket, region, client = s3Client({region})}: S3StorageOptions): Storage {
  const used = countOperations(client);

  /** Runs requests and words what they throw. */
  const ask = async <T>(request: Omit<S3Request, 'bucket'>, run: () => Promise<T>): Promise<T> => {
    try {
      request.signal?.throwIfAborted();
      return await run();
    } catch (thrown) {
      throw s3Error(thrown, {...request, bucket});
    }
  };

  async function* list(prefix: string, {after, signal}: ListOptions = {}): AsyncGenerator<ListedObject> {
    const asked = {Bucket: bucket, Prefix: prefix, StartAfter: after};
    try {
      signal?.throwIfAborted();
      for await (const page of paginateListObjectsV2({client}, asked, {abortSignal: signal}))
        for (const {Key, Size = 0, LastModified} of page.Contents ?? []) {
          signal?.throwIfAborted();
          if (Key) yield {key: Key, bytes: Size, ...(LastModified && {modified: LastModified})};
        }
    } catch (thrown) {
      throw s3Error(thrown, {operation: 'ListObjectsV2', bucket, signal});
    }
  }

  async function isListed(key: string, signal?: AbortSignal): Promise<boolean> {
    for await (const object of list(key, {signal})) if (object.key === key) return true;
    return false;
  }

  let bucketSeen = false;
  /**
   * Whether a key is missing. Two answers leave that open. A 404 to HEAD has no body, so it does not
   * distinguish a missing bucket from a missing key. Then the bucket is checked once, and counts as present
   * from then on. S3 also answers 403 for a missing key to a caller that may not list it. A caller that may
   * list it checks with a listing.
   */
  async function isMissing(key: string, thrown: unknown, signal?: AbortSignal): Promise<boolean> {
    const status = statusOf(thrown);
    if (status === 404) {
      if (!bucketSeen) await isListed(key, signal);
      bucketSeen = true;
      return true;
    }
    if (status !== 403) return false;
    return await isListed(key, signal).then(
      (there) => !there,
      () => false,
    );
  }

  return {
    bucket,
    used,
    remote: true,
    records: s3Records({bucket, client, ask, isMissing}),

    async put(key, body, options = {}) {
      const {contentType, contentDisposition, storageClass, ifAbsent = false, signal} = options;
      const IfNoneMatch = ifAbsent ? '*' : undefined;
      const params = {
        Bucket: bucket,
        Key: key,
        ContentType: contentType,
        IfNoneMatch,
        ContentDisposition: contentDisposition,
        StorageClass: storageClass,
      };
      const request = {operation: 'PutObject', bucket, key, signal};
      if (body instanceof Readable) return await upload(body, {client, params, request});
      const command = new PutObjectCommand({...params, Body: body});
      await ask(request, () => client.send(command, {abortSignal: signal}));
    },

    async get(key, {range, signal} = {}) {
      if (range) checkRange(range);
      const request = {operation: 'GetObject', bucket, key, signal};
      const command = new GetObjectCommand({Bucket: bucket, Key: key, Range: range && httpRange(range)});
      const {Body} = await ask(request, async () => {
        try {
          return await client.send(command, {abortSignal: signal});
        } catch (thrown) {
          // The object ends before the range begins.
          if (range && statusOf(thrown) === 416) return {Body: Readable.from([], {objectMode: false})};
          if (statusOf(thrown) !== 403 || !(await isMissing(key, thrown, signal))) throw thrown;
          throw Object.assign(new Error('It is in no listing.'), {name: 'NoSuchKey'});
        }
      });
      return reading(Body as Readable, request);
    },

    async head(key, {signal} = {}) {
      const request = {operation: 'HeadObject', key, signal};
      return await ask(request, async () => {
        try {
          const command = new HeadObjectCommand({Bucket: bucket, Key: key});
          const {ContentLength = 0} = await client.send(command, {abortSignal: signal});
          return {key, bytes: ContentLength};
        } catch (thrown) {
          if (!(await isMissing(key, thrown, signal))) throw thrown;
          return undefined;
        }
      });
    },

    list,

    async delete(keys, {signal} = {}) {
      const request = {operation: 'DeleteObjects', signal};
      for (let start = 0; start < keys.length; start += DELETE_BATCH) {
        const Objects = keys.slice(start, start + DELETE_BATCH).map((Key) => ({Key}));
        const command = new DeleteObjectsCommand({Bucket: bucket, Delete: {Objects, Quiet: true}});
        const {Errors = []} = await ask(request, () => client.send(command, {abortSignal: signal}));
        // The request as a whole succeeds even if some of its keys fail.
        for (const {Key: key, Code = 'UnknownError', Message = Code} of Errors)
          if (Code !== 'NoSuchKey')
            throw s3Error(Object.assign(new Error(Message), {name: Code}), {...request, bucket, key});
      }
    },

    /** The address ends sooner if the credentials that signed it do, as a Lambda function's do. */
    async url(key, {expiresIn = 3600, signal} = {}) {
      if (!Number.isInteger(expiresIn) || expiresIn < 1 || expiresIn > MAX_EXPIRY)
        throw new RenderError(
          'BadSetting',
          `expiresIn is ${expiresIn}, not 1 to ${MAX_EXPIRY} whole seconds`,
        );
      const command = new GetObjectCommand({Bucket: bucket, Key: key});
      return await ask({operation: 'GetObject', key, signal}, () =>
        getSignedUrl(client, command, {expiresIn}),
      );
    },
  };
}

interface StreamWrite {
  client: S3Client;
  params: Omit<PutObjectCommandInput, 'Body'>;
  request: S3Request;
}

/**
 * Writes a stream of unknown length: one PutObject if it fits into a part, a multipart upload otherwise.
 * Upload's own `abort()` is not used. It rejects at once and removes the parts later, when a Lambda function
 * may already be frozen. It also waits forever for a stalled stream. Here the stream is ended instead, which
 * Upload answers by aborting the multipart upload before it rejects.
 */
async function upload(source: Readable, {client, params, request}: StreamWrite): Promise<void> {
  const {signal} = request;
  // Unlike `source`, this ends at once when it is destroyed, whatever the source is stuck in.
  const body = pipeline(source, new PassThrough(), () => undefined);
  let failed: unknown;
  const stop = () => void body.destroy();
  const send = async (command: Parameters<S3Client['send']>[0]): Promise<unknown> => {
    // Only requests that leave nothing behind are aborted. A CreateMultipartUpload without an answer leaves
    // an upload with an unknown id, and a CompleteMultipartUpload without one leaves an unknown object.
    const harmless = command instanceof UploadPartCommand || command instanceof PutObjectCommand;
    try {
      if (!(command instanceof AbortMultipartUploadCommand)) signal?.throwIfAborted();
      return await client.send(command, {abortSignal: harmless ? signal : undefined});
    } catch (thrown) {
      failed ??= thrown;
      stop();
      throw thrown;
    }
  };
  signal?.addEventListener('abort', stop, {once: true});
  if (signal?.aborted) stop();
  try {
    const sender: S3Client = Object.assign(Object.create(client), {send});
    await new Upload({...PARTS, client: sender, params: {...params, Body: body}}).done();
  } catch (thrown) {
    stop();
    if (signal?.aborted) throw s3Error(thrown, request);
    // An error that did not come from S3 came from the stream, and its owner words it.
    throw body.errored ?? (failed === undefined ? thrown : s3Error(failed, request));
  } finally {
    signal?.removeEventListener('abort', stop);
  }
}
